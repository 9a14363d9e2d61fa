"""Two instances that share nothing but the database, and an agent who meets both in turn."""

import os
from itertools import cycle
from threading import Event
from urllib.parse import urlsplit
from urllib.request import BaseHandler

import pytest

from tests.proofs.races.agents import Agent, Tally
from tests.proofs.races.stage import PASSWORD, manage, prepare, serving
from tests.support.databases import migrated_database
from tests.support.wizard_client import Browser

pytestmark = [pytest.mark.long, pytest.mark.slow, pytest.mark.postgresql]

AGENT, ORDER, RUNS = "agent", "TWO-1", 3


class InTurn(BaseHandler):
    """Sends every request to the other one, those after a redirect too."""

    handler_order = 100  # before the Host header is made

    def __init__(self, sites):
        self._hosts = cycle(urlsplit(site).netloc for site in sites)

    def http_request(self, request):
        request.host = next(self._hosts)
        return request


def test_a_run_goes_on_at_the_other_instance_with_every_request(tmp_path):
    logs = [tmp_path / "one.log", tmp_path / "other.log"]
    with migrated_database(os.environ["DATABASE_URL"], "two_instances", tmp_path) as url:
        prepare(url, tmp_path, [AGENT], [ORDER], units=6)
        with (
            serving(url, 1, logs[0], ACCESS_LOG="1") as one,
            serving(url, 1, logs[1], ACCESS_LOG="1") as other,
        ):
            browser, tally = Browser(one), Tally()
            browser._opener.add_handler(InTurn([one, other]))
            Agent(browser, AGENT, 1, {ORDER}, tally, Event()).work(PASSWORD, RUNS)
        manage(url, "verify_orders")

    assert tally.unexpected == []
    assert len(tally.finished) == RUNS
    of_steps = [log.read_text().count(f" /order-summaries/{ORDER}/cancel-") for log in logs]
    assert min(of_steps) >= RUNS, of_steps
