"""The acts about refunds that are killed: by workers, by people, and by gateways' notices."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from django.db import connections
from django.utils import timezone

from cancellations.acts.write_note import write_note
from cancellations.models import (
    Attempt,
    ChangeOrder,
    CustomerNotice,
    Refund,
    Release,
    SandboxEntry,
)
from cancellations.queues import queues
from cancellations.refunds.carrying_out import queue_of
from cancellations.refunds.gateways import Kind
from cancellations.refunds.gateways.notices import DisputeTold, Notice, RefundTold
from cancellations.refunds.notices import take_notice
from cancellations.refunds.people import MovedMeanwhile, mark_as_paid, retry, state_of, withdraw
from cancellations.work import claim, drain
from tests.proofs.crashes import samples
from tests.proofs.crashes.acts import Act, CancelOrders, Document
from tests.support.builders import UserFactory, cancel, imported, select_all, system_user
from tests.support.expected_order import ExpectedOrder

Given = TypeVar("Given")

AFTER_EVERY_LEASE = timedelta(minutes=10)


class Undo(CancelOrders):
    """A document that undoes a cancellation, given to ``cancel_orders``."""

    name = "undo"
    fewest_statements = 25
    makes = ["cancellation", "reversal"]
    after_statements = False

    def __init__(self, tag: str, folder: Path) -> None:
        super(CancelOrders, self).__init__(tag, folder)
        self.order = samples.refunded_order(tag)
        self.change_order = _canceled(self.order)
        self.documents = [samples.undo(tag, self.change_order.number)]
        self.results = folder / f"{tag}.results.jsonl"
        self.results.touch()

    def expected(self, done: int) -> list[Document]:
        expected = _expected(self.order)
        expected.numbers = [self.change_order.number]
        for document in self.documents[:done]:
            assert expected.cancel(document) == "undone"
        return [expected.export()]


class Drain(Act):
    """A worker with one hand, over a refund, a release and the customer's notices.

    It must stand before acts that leave anything due: it works on whatever is.
    """

    name = "drain"
    fewest_statements = 60
    makes = ["cancellation"]
    is_resumed = True
    after_statements = False

    def __init__(self, tag: str, folder: Path) -> None:
        super().__init__(tag, folder)
        self.order = samples.refunded_order(tag)
        self.change_order = _canceled(self.order)
        _make_due(self.change_order)

    def perform(self) -> None:
        drain(queues())

    def steps(self) -> Iterator[None]:
        in_a_thread(self.perform)
        yield

    def repeat(self, done: int | None) -> Iterator[str]:
        """The next worker finds what the dead one had in hand, when its lease is over."""
        later = timezone.now() + AFTER_EVERY_LEASE
        in_a_thread(partial(drain, queues(), clock=lambda: later))
        rows = [*self.change_order.refunds.all(), *self.change_order.releases.all()]
        if (statuses := Counter(row.status for row in rows)) != {"succeeded": 2}:
            yield f"its refund and its release are {statuses}"
        entries = SandboxEntry.objects.filter(reference__startswith=self.tag, paid=True)
        paid = [(entry.kind, entry.amount_minor) for entry in entries.order_by("kind")]
        if paid != [("refund", 1000), ("release", 1000)]:
            yield f"the sandbox paid {paid}"
        keys = Attempt.objects.filter(refund__in=self.change_order.refunds.all())
        if keys.values("idempotency_key").distinct().count() != 1:
            yield "the refund was sent under several keys"

    def expected(self, done: int) -> list[Document]:
        expected = _expected(self.order)
        for refund in expected.changes[-1]["refunds"] if done else ():
            expected.becomes(refund, "pending", "succeeded")
        return [expected.export()]


class TakeNotices(Act):
    """A gateway tells that a refund which is being sent has succeeded, and of a dispute."""

    name = "take_notice"
    fewest_statements = 25
    makes = ["cancellation"]
    after_statements = False

    def __init__(self, tag: str, folder: Path) -> None:
        super().__init__(tag, folder)
        self.order = samples.refunded_order(tag)
        change_order = _canceled(self.order)
        _make_due(change_order)
        claim(queue_of(Refund), now=timezone.now(), most=1)
        claim(queue_of(Release), now=timezone.now(), most=1)
        key = change_order.refunds.get().idempotency_key
        money = {"payments": (f"{tag}/P1",), "currency": "USD"}
        succeeded = Attempt.Outcome.SUCCEEDED
        told = (
            RefundTold(id="re_1", outcome=succeeded, minor=lambda _: 1000, key=key, **money),
            DisputeTold(id="dp_1", is_won=False, minor=lambda _: 300, **money),
        )
        self.notices = [Notice(f"{tag} {n}", "told", each) for n, each in enumerate(told, start=1)]

    def perform(self) -> None:
        for notice in self.notices:
            take_notice(gateway="sandbox", notice=notice)

    def steps(self) -> Iterator[None]:
        for notice in self.notices:
            take_notice(gateway="sandbox", notice=notice)
            yield

    def repeat(self, done: int) -> Iterator[str]:
        taken = [take_notice(gateway="sandbox", notice=notice) for notice in self.notices]
        if taken != ["settled", "charged_back"]:
            yield f"told again it says {taken}"

    def expected(self, done: int) -> list[Document]:
        expected = _expected(self.order)
        if done > 0:
            expected.becomes(expected.changes[-1]["refunds"][0], "processing", "succeeded")
        if done > 1:
            expected.report({"items": [], "payments": [{"key": "P1", "charged_back": "3.00"}]})
        return [expected.export()]


class WriteNote(Act):
    """An agent writes an internal note."""

    name = "write_note"
    fewest_statements = 8
    after_statements = False

    def __init__(self, tag: str, folder: Path) -> None:
        super().__init__(tag, folder)
        self.order = samples.plain_order(tag)
        imported(self.order)

    def perform(self) -> None:
        self._write()

    def steps(self) -> Iterator[None]:
        self._write()
        yield

    def repeat(self, done: int) -> Iterator[str]:
        if self._write().is_repeat != bool(done):
            yield f"with {done} written, it is written again"

    def expected(self, done: int) -> list[Document]:
        return [ExpectedOrder(self.order).export()]

    def _write(self) -> Any:
        return write_note(
            order_number=self.order["order_number"],
            text="Called back.",
            request_id=self.tag,
            by=system_user(),
        )


class Decide(Act):
    """A manager retries one refund, withdraws another, and records the payout of a third."""

    name = "decide"
    fewest_statements = 40
    makes = ["cancellation"]
    after_statements = False
    DECISIONS: ClassVar[Sequence[tuple[str, str, Callable[..., Any]]]] = (
        ("P1", "pending", retry),
        ("P2", "withdrawn", partial(withdraw, note="The card is closed.")),
        ("P3", "succeeded", partial(mark_as_paid, reference="BACS 1")),
    )

    def __init__(self, tag: str, folder: Path) -> None:
        super().__init__(tag, folder)
        self.order = samples.declined_order(tag)
        self.change_order = _canceled(self.order)
        _make_due(self.change_order)
        in_a_thread(partial(drain, queues()))
        self.manager = UserFactory(manager=True, username=f"{tag}-manager")
        self.seen = {
            refund.payment.key: (refund.pk, state_of(refund))
            for refund in self.change_order.refunds.select_related("payment")
        }

    def perform(self) -> None:
        for key, _, act in self.DECISIONS:
            self._decide(key, act)

    def steps(self) -> Iterator[None]:
        for key, _, act in self.DECISIONS:
            self._decide(key, act)
            yield

    def repeat(self, done: int) -> Iterator[str]:
        """What had been decided is not as it was seen any more."""
        moved = 0
        for key, _, act in self.DECISIONS:
            try:
                self._decide(key, act)
            except MovedMeanwhile:
                moved += 1
        if moved != done:
            yield f"{done} were decided on, {moved} had moved"

    def expected(self, done: int) -> list[Document]:
        expected = _expected(self.order)
        refunds = {refund["payment"]: refund for refund in expected.changes[-1]["refunds"]}
        for key, now, _ in self.DECISIONS[:done]:
            expected.becomes(refunds[key], "failed", now)
        return [
            {name: told for name, told in expected.export().items() if name != "process_exceptions"}
        ]

    def _decide(self, key: str, act: Callable[..., Any]) -> None:
        pk, seen = self.seen[key]
        act(kind=Kind.REFUND, pk=pk, seen=seen, by=self.manager)


REFUND_ACTS: tuple[type[Act], ...] = (Undo, Drain, TakeNotices, WriteNote, Decide)


def _canceled(order: Document) -> ChangeOrder:
    """The change order that cancels all of an order, imported for it."""
    return cancel(imported(order), select_all(), by=system_user())


def _expected(order: Document) -> ExpectedOrder:
    """The same by the oracle."""
    expected = ExpectedOrder(order)
    document = {"idempotency_key": "all", "reason": samples.REASON, "items": "all"}
    assert expected.cancel({**document, "order_number": order["order_number"]}) == "canceled"
    return expected


def _make_due(change_order: ChangeOrder) -> None:
    """Let its hold be over."""
    over: datetime = timezone.now() - timedelta(seconds=1)
    for model in (Refund, Release, CustomerNotice):
        model._default_manager.filter(change_order=change_order).update(due_at=over)


def in_a_thread(act: Callable[[], Given]) -> Given:
    """Do it in a thread: with that ends the connection which the sandbox's ledger has of its own,
    and which no child of this process may share."""

    def acted() -> Given:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(acted).result()
