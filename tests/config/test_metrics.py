"""Figures for whoever has the token: what waits, for how long, and what verify found."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.utils import timezone

from cancellations.acts.cancel import preview_cancellation
from cancellations.acts.submit import ask_second_person
from cancellations.models import Refund
from cancellations.snapshots import Snapshot
from config.metrics import OWN_PORT
from tests.support.builders import cancel, imported, request, select

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TOKEN = "a-token-of-the-tests-alone"


@pytest.fixture
def figures(client, settings):
    settings.METRICS_TOKEN = TOKEN

    def ask():
        page = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert page.status_code == 200
        return dict(re.findall(r"^(countermand_\S+) (\S+)$", page.text, re.MULTILINE)), page.text

    return ask


@pytest.mark.parametrize(
    ("token", "told"),
    [("", ""), ("", "Bearer "), (TOKEN, ""), (TOKEN, "Bearer x"), (TOKEN, TOKEN), (TOKEN, "é")],
)
def test_without_the_token_there_are_no_figures(client, settings, token, told):
    settings.METRICS_TOKEN = token

    assert client.get("/metrics", headers={"Authorization": told}).status_code == 404


def test_by_a_port_of_its_own_there_are_figures_without_a_token(client, settings):
    settings.METRICS_TOKEN = ""

    own = client.get("/metrics", **{OWN_PORT: True})

    assert "countermand_workers 0.0" in own.text
    assert "countermand_database_up 1.0" in own.text


def test_a_header_is_no_port(client, settings):
    settings.METRICS_TOKEN, settings.METRICS_PORT = "", 9100

    told = {"Host": "localhost:9100", "Countermand.Metrics": "1", "X-Forwarded-Port": "9100"}
    assert client.get("/metrics", SERVER_PORT="9100", headers=told).status_code == 404


def test_what_waits_is_counted(figures, agent):
    order = imported()
    cancel(order, select(), by=agent)
    long_ago = timezone.now() - timedelta(hours=1)
    Refund.objects.update(due_at=long_ago)

    found, text = figures()

    assert found['countermand_due{kind="refund"}'] == "1.0"
    assert found['countermand_late{kind="refund"}'] == "1.0"
    assert found['countermand_oldest_attempt_seconds{kind="refund"}'] == "0.0"
    assert found["countermand_workers"] == "0.0"
    assert found["countermand_database_up"] == "1.0"
    assert "django_http_requests_total_by_method_total" in text


def failed_to_sign_in(name, address, times=1):
    AccessAttempt.objects.create(username=name, ip_address=address, failures_since_start=times)


def test_an_address_that_tries_many_names_once_each_is_counted_as_held(figures, settings):
    for number in range(settings.SIGN_IN_TRIES_OF_ADDRESS):
        failed_to_sign_in(f"guess{number}", "192.0.2.7")

    assert figures()[0]["countermand_sign_ins_throttled"] == "1.0"


def test_a_name_is_held_by_its_failures_together_and_while_it_waits(figures, settings):
    failed_to_sign_in("lauren", "192.0.2.1", settings.SIGN_IN_TRIES - 1)
    failed_to_sign_in("lauren", "192.0.2.2")
    assert figures()[0]["countermand_sign_ins_throttled"] == "1.0"

    AccessAttempt.objects.update(attempt_time=timezone.now() - settings.AXES_COOLOFF_TIME)

    assert figures()[0]["countermand_sign_ins_throttled"] == "0.0"


def test_what_waits_for_a_second_person_is_counted(figures, agent):
    order = imported()
    assert figures()[0]["countermand_approvals_waiting"] == "0.0"
    wanted = request(order, select())
    judged = preview_cancellation(request=wanted, by=agent)
    agreed = Snapshot.of(judged.quote, judged.lines)

    ask_second_person(request=wanted, agreed=agreed, by=agent)

    assert figures()[0]["countermand_approvals_waiting"] == "1.0"


def test_a_database_that_is_away_is_a_figure_too(figures, monkeypatch):
    from django.db import OperationalError
    from django.db.models import QuerySet

    def lost(self):
        raise OperationalError("gone")

    monkeypatch.setattr(QuerySet, "count", lost)

    assert figures()[0] == {"countermand_database_up": "0.0"}


def test_what_verify_found_is_shown_until_it_runs_again(
    figures, settings, tmp_path, run_command, without_triggers
):
    settings.VERIFY_RESULT_FILE = str(tmp_path / "verified.prom")
    result = f"--result={settings.VERIFY_RESULT_FILE}"
    order = imported()

    assert run_command("verify_orders", result).status == 0
    assert figures()[0]["countermand_verify_differences"] == "0"
    order.lines.filter(key="1").update(quantity_allocated=1)
    assert run_command("verify_orders", result).status == 1
    assert float(figures()[0]["countermand_verify_differences"]) > 0
    assert figures()[0]["countermand_verify_orders"] == "1"


def test_only_orders_to_which_something_happened_are_verified(run_command):
    imported()

    since = {text: run_command("verify_orders", f"--since={text}").output for text in ("1h", "0m")}

    assert since == {
        "1h": "1 orders verified, 0 differences\n",
        "0m": "0 orders verified, 0 differences\n",
    }


@pytest.mark.parametrize(
    "text", ["yesterday", "26", "2026-01-05T00:00", "99999999d", "2026-02-31T00:00Z"]
)
def test_a_time_that_is_none_is_refused(run_command, text):
    done = run_command("verify_orders", f"--since={text}")

    assert done.status != 0
    assert "26h" in done.errors
