"""What is logged of a request: who, from where, about what; nobody's data, no secrets."""

import json
import logging
import re

import pytest
import structlog

from cancellations.models import ChangeOrder
from config.observed import formatter
from tests.support.builders import product
from tests.support.wizard_run import WizardRun

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

ID = re.compile(r"[0-9a-f]{32}")


@pytest.fixture
def lines():
    """Every line that is logged, as production writes it."""
    written = []

    class Kept(logging.Handler):
        def emit(self, record):
            written.append(json.loads(self.format(record)))

    handler = Kept()
    handler.setFormatter(formatter(as_json=True))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db(transaction=True)
def test_an_act_is_one_line_with_who_from_where_and_about_what(new_order, agent_client, lines):
    new_order([product("1")])
    run = WizardRun(agent_client, "W-1")
    run.select("1")
    run.explain({"1": 1})
    run.submit()

    [line] = [line for line in lines if line["logger"].endswith("change_orders")]

    made = ChangeOrder.objects.get()
    assert line["event"].startswith(f"{made.number} ")
    assert line["order"] == "W-1"
    assert line["run"] == str(run.run)
    assert line["user"] == made.created_by_id
    assert line["address"] == "127.0.0.1"
    assert ID.fullmatch(line["request_id"])


@pytest.mark.parametrize("path", ["/sign-in/", "/nowhere/", "/healthz", "/order-summaries/"])
def test_every_answer_has_an_id(client, path):
    answer = client.get(path)

    assert ID.fullmatch(answer.headers["X-Request-ID"])


def test_an_id_that_is_well_formed_is_taken_and_any_other_made_anew(client):
    told = {"well-formed_1.2": True, "short": False, "a b c d e f g": False, "x" * 65: False}
    told |= {'"><script>': False, "line\nfeed-in-it": False}

    taken = {
        name: client.get("/healthz", headers={"X-Request-ID": name}).headers["X-Request-ID"] == name
        for name in told
    }

    assert taken == told


def test_error_pages_show_the_id(client):
    answer = client.get("/nowhere/")

    assert answer.headers["X-Request-ID"] in answer.text


def test_nobody_writes_a_line_of_their_own(client, lines):
    client.get("/nowhere/%0a2026-01-01%20ERROR%20forged%e2%80%ae/")

    assert lines
    for line in lines:
        shown = formatter(as_json=False).format(
            logging.LogRecord("x", logging.INFO, "", 0, line["event"], (), None)
        )
        assert "\n" not in shown
        assert "\u202e" not in shown


def test_what_was_searched_for_is_not_logged(agent_client, lines):
    agent_client.get("/order-summaries/?q=Lauren+Boyle")
    agent_client.get("/nowhere/?q=Lauren+Boyle")

    assert lines
    assert "Lauren" not in json.dumps(lines)


def test_secrets_and_rows_are_left_out(lines):
    logger = structlog.get_logger("test")
    row = "duplicate key\nDETAIL:  Key (email)=(lauren@example.com) already exists.\nmore"
    logger.warning(row, password="hunter2", key="sk_live_123456789", url="redis://u:pass@host/1")
    try:
        raise ValueError("lauren@example.com, Bearer abc.def")
    except ValueError:
        logging.getLogger("test").exception("whsec_123456789")

    text = json.dumps(lines)

    for secret in ("hunter2", "sk_live", "u:pass", "lauren", "abc.def", "whsec_1"):
        assert secret not in text
    assert "duplicate key" in text
