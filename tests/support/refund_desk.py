"""Who carries refunds out in a test of any acts: a worker, a sandbox, and a careful manager."""

from datetime import UTC, datetime, timedelta

from cancellations.models import ProcessException, Refund, Release, Unassigned
from cancellations.queues import queues
from cancellations.refunds.attention import kind_of
from cancellations.refunds.gateways import Kind
from cancellations.refunds.gateways.sandbox.gateway import Behavior, Sandbox
from cancellations.refunds.gateways.sandbox.ledger import MemoryLedger
from cancellations.refunds.people import (
    look_up,
    mark_as_paid,
    possible,
    retry,
    state_of,
    was_this_refund,
    withdraw,
)
from cancellations.work import drain

NOTE = "Seen to."
BEHAVIORS = [Behavior.APPROVES] * 4 + [each for each in Behavior if each is not Behavior.CHAOS]
"""What a payment's gateway does, as its reference says; nothing is left to chance."""


class RefundDesk:
    """Refunds and releases by a clock that the test sets, over a ledger in memory.

    Attributes:
        now: The time, by which people act, too.
    """

    def __init__(self, manager):
        self.manager = manager
        self.now = datetime.now(UTC)
        self.ledger = MemoryLedger()
        self.sandbox = Sandbox(self.ledger, clock=self.clock, sleep=lambda seconds: None)

    def clock(self):
        return self.now

    def work(self, seconds):
        """Let time pass, and a worker do what is due then."""
        self.now += timedelta(seconds=seconds)
        drain(queues(), clock=self.clock)

    def close(self):
        """Leave nothing to the next one's worker."""
        for model in (Refund, Release, Unassigned):
            model.objects.filter(due_at__isnull=False).update(due_at=None, lease=None)

    def decisions(self, row):
        """What a careful manager may decide on a refund or release: nothing that pays it twice."""
        may, was_paid = possible(row), bool(self.paid(row))
        return [
            name
            for name, is_possible in (
                ("retry", may.retry),
                ("look_up", may.look_up),
                ("withdraw", may.withdraw and not was_paid),
                ("mark_as_paid", may.mark_as_paid and not was_paid),
                ("was_this_refund", _may_be_the_same(row) and not was_paid),
            )
            if is_possible
        ]

    def decide(self, row, decision):
        seen = {"pk": row.pk, "seen": state_of(row), "by": self.manager}
        kind = {"kind": Kind(kind_of(row))}
        if decision == "retry":
            retry(**seen, **kind)
        elif decision == "look_up":
            look_up(**seen, **kind)
        elif decision == "withdraw":
            withdraw(**seen, **kind, note=NOTE)
        elif decision == "mark_as_paid":
            mark_as_paid(**seen, **kind, reference="BACS 1")
        else:
            was_this_refund(**seen, note=NOTE)

    def paid(self, row):
        """What the sandbox has really paid for one, each time that it did."""
        about = f"{kind_of(row)} {row.change_order.number} {row.payment.gateway_reference}"
        entries = self.ledger.entries.values()
        return [entry.amount for entry in entries if entry.paid and entry.about == about]

    def wrongs(self, rows):
        """Each that was paid twice, or other than its state says."""
        for row in rows:
            paid, once = self.paid(row), [row.amount_minor]
            if row.status == "succeeded":
                is_right = paid == ([] if row.paid_by else once)
            elif row.status in ("unknown", "settling"):
                is_right = paid in ([], once)
            else:
                is_right = paid == []
            if not is_right or row.status == "processing" or row.lease:
                yield f"{row} is {row.status} {row.paid_by}, and paid {paid}"


def instructions(number):
    """The refunds and releases of an order."""
    return [
        row
        for model in (Refund, Release)
        for row in model.objects.for_carrying_out().filter(change_order__order__order_number=number)
    ]


def _may_be_the_same(row):
    """Whether a refund elsewhere, of which nobody knows whose it was, may be this one."""
    if row.is_release or row.has_ended or row.status == "processing":
        return False
    doubts = ProcessException.objects.open().filter(
        payment=row.payment, category="refund", refund__isnull=True, release__isnull=True
    )
    return row.payment.refunded_elsewhere_minor >= row.amount_minor and doubts.exists()
