from datetime import UTC, datetime, timedelta

import pytest

from cancellations.queues import queues
from cancellations.refunds import gateways
from cancellations.refunds.gateways.sandbox.gateway import Sandbox
from cancellations.refunds.gateways.sandbox.ledger import MemoryLedger
from cancellations.work import drain
from tests.support.builders import cancel, imported, item, payment, select


class Clock:
    """A clock that tests set."""

    def __init__(self):
        self.now = datetime.now(UTC)

    def __call__(self):
        return self.now

    def pass_by(self, **time):
        self.now += timedelta(**time)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sandbox(monkeypatch, clock):
    """The sandbox with a ledger in memory, by the test's clock."""
    made = Sandbox(MemoryLedger(), clock=clock, sleep=lambda seconds: None)
    monkeypatch.setitem(gateways._FACTORIES, "sandbox", lambda: made)
    return made


@pytest.fixture
def refund_over(agent, sandbox):
    """A refund of 10.00 over a payment with this reference, or of this gateway."""

    def refund_over(reference="ch_1", **changes):
        paid = payment("20.00", **{"gateway_reference": reference, **changes})
        order = imported(items=[item()], payments=[paid])
        return cancel(order, select(), by=agent).refunds.get()

    return refund_over


@pytest.fixture
def work(clock):
    """Works on all that is due; a while after the hold unless told otherwise."""

    def work(**time):
        clock.pass_by(**(time or {"minutes": 10}))
        return drain(queues(), clock=clock)

    return work


@pytest.fixture
def paid(sandbox):
    """What the sandbox really paid, by what it was paid for."""

    def paid():
        return {
            entry.about: entry.amount for entry in sandbox.ledger.entries.values() if entry.paid
        }

    return paid


@pytest.fixture
def now_of():
    def now_of(row):
        return type(row).objects.get(pk=row.pk)

    return now_of
