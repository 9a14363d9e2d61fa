"""One round of a race about refunds: workers, people and gateways at the same rows."""

from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Event, Semaphore

from django.utils import timezone

from cancellations.acts.undo import undo_change_order
from cancellations.models import Refund
from cancellations.models.attempts import Attempt
from cancellations.queues import queues
from cancellations.refunds import gateways
from cancellations.refunds.attention import kind_of
from cancellations.refunds.gateways import Kind
from cancellations.refunds.gateways.notices import Notice, RefundTold
from cancellations.refunds.gateways.sandbox.gateway import Sandbox
from cancellations.refunds.gateways.sandbox.ledger import MemoryLedger
from cancellations.refunds.notices import take_notice
from cancellations.refunds.people import retry, state_of, withdraw
from cancellations.work import drain
from tests.proofs.races.rounds import LONGEST_PATIENCE_SECONDS, Done, Race
from tests.support.builders import cancel, payment
from tests.support.threads import outcome

AFTER_EVERY_HOLD = timedelta(minutes=10)
APPROVES, DECLINES = 1.0, 0.0
"""What chance makes of a payment that is left to it."""
LEFT_TO_CHANCE = [
    payment("50.00", gateway_reference="one/chaos"),
    payment("39.35", key="P2", gateway_reference="two/chaos"),
]
SLOW = [payment("89.35", gateway_reference="one/slow")]


class RefundRace(Race):
    """One round on an order that was canceled from, over a sandbox with a ledger of its own.

    Attributes:
        now: What workers go by: after every hold, and always the same until the race is over.
        luck: What the sandbox does with payments that are left to chance.
        canceled: The change orders that were made before the race.
        taken, told, has_worked: Set when the sandbox has taken a call, when a notice was taken,
            and when a worker has recorded something.
        takes_its_time: Whether the sandbox does not answer before a notice of it was taken.
    """

    def __init__(self, kind, count, number, by, *, payments):
        super().__init__(kind, count, number, by, payments=payments)
        self.now = timezone.now() + AFTER_EVERY_HOLD
        self.luck = APPROVES
        self.canceled = []
        self.taken, self.told, self.has_worked = Event(), Event(), Event()
        self.takes_its_time = False
        self.ledger = _TellingLedger(self)
        self.sandbox = Sandbox(
            self.ledger, sleep=_Meeting(), clock=self.clock, chance=lambda: self.luck
        )

    def run(self):
        with _in_place_of_the_sandbox(self.sandbox):
            return super().run()

    def clock(self):
        return self.now

    def cancels(self, *lines):
        """Cancel before the race; gives the refunds."""
        self.canceled.append(cancel(self.order, *lines, by=self.by))
        return list(self.canceled[-1].refunds.order_by("pk"))

    def fails(self):
        """All that waits is declined; from then on the sandbox approves."""
        self.luck = DECLINES
        drain(queues(), clock=self.clock)
        self.luck = APPROVES
        self.has_worked.clear()

    def works_on_the_rest(self):
        """What a lease still holds, or somebody put in the queue last, is worked on."""
        self.now += timedelta(hours=1)
        self.takes_its_time = False
        self.sandbox.sleep = lambda seconds: None
        with _in_place_of_the_sandbox(self.sandbox):
            drain(queues(), clock=self.clock)

    def undoes(self):
        [change_order] = self.canceled
        return lambda: undo_change_order(change_order_id=change_order.pk, by=self.by)

    def works(self):
        """A worker drains the queues, once."""

        def work():
            done = drain(queues(), clock=self.clock)
            if done:
                self.has_worked.set()
            return Done("worked" if done else "idle")

        return work

    def works_beside(self, acts):
        """The acts, and a worker that drains until all of them are over, and once more."""
        over = [Event() for _ in acts]

        def telling(act, event):
            def tell():
                try:
                    return act()
                finally:
                    event.set()

            return tell

        def work():
            words = set()
            while not all(event.is_set() for event in over):
                words.add(self.works()().word)
            words.add(self.works()().word)
            return Done("worked" if "worked" in words else "idle")

        return [telling(act, event) for act, event in zip(acts, over, strict=True)], work

    def retries(self, refund):
        return self._decides(refund, "retried", retry)

    def withdraws(self, refund):
        return self._decides(refund, "withdrawn", withdraw, note="The card is closed.")

    def notices(self, refund, name, *, after):
        """The gateway tells under a name that a refund has succeeded, after an event."""
        key, amount = refund.idempotency_key, refund.amount_minor
        told = RefundTold(
            id=f"sbx_{key}",
            outcome=Attempt.Outcome.SUCCEEDED,
            payments=(),
            minor=lambda currency: amount,
            currency="USD",
            key=key,
        )

        def tell():
            assert after.wait(LONGEST_PATIENCE_SECONDS)
            try:
                return Done(
                    take_notice(gateway="sandbox", notice=Notice(name, "refund.updated", told))
                )
            finally:
                self.told.set()

        return tell

    def _decides(self, refund, word, act, **answers):
        """A person decides on a refund as it was before the race."""
        seen = state_of(Refund.objects.get(pk=refund.pk))

        def decide():
            act(kind=Kind.REFUND, pk=refund.pk, seen=seen, by=self.by, **answers)
            return Done(word, about(refund))

        return decide


def twice(act):
    """A double click."""
    return lambda: [outcome(act), outcome(act)]


def about(row):
    """A refund or release as the sandbox names it."""
    return f"{kind_of(row)} {row.change_order.number} {row.payment.gateway_reference}"


class _TellingLedger(MemoryLedger):
    """A ledger that tells its race of what it takes."""

    def __init__(self, race):
        super().__init__()
        self.race = race

    def take(self, entry):
        taken = super().take(entry)
        self.race.taken.set()
        if self.race.takes_its_time:
            assert self.race.told.wait(LONGEST_PATIENCE_SECONDS)
        return taken


class _Meeting:
    """Where the first two slow calls wait for each other: two workers are at it then."""

    def __init__(self):
        self.first = Semaphore(2)
        self.meets = Barrier(2)

    def __call__(self, seconds):
        if self.first.acquire(blocking=False):
            self.meets.wait(LONGEST_PATIENCE_SECONDS)


@contextmanager
def _in_place_of_the_sandbox(sandbox):
    usual = gateways._FACTORIES["sandbox"]
    gateways._FACTORIES["sandbox"] = lambda: sandbox
    try:
        yield
    finally:
        gateways._FACTORIES["sandbox"] = usual
