"""Any acts on any order in any sequence: each comes out, and leaves the order, as the law says.

The law is read by the oracle, which shares no code with the product; what was paid, by the ledger
of the sandbox.
"""

from datetime import timedelta
from decimal import Decimal
from itertools import count

import hypothesis
import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cancellations.acts.record_fulfillment import record_fulfillment
from cancellations.acts.take_order import import_orders
from cancellations.documents.export import dump_change_order, dump_exceptions
from cancellations.documents.fulfillment import read_fulfillment
from cancellations.documents.results import apply_cancellation
from cancellations.history import orders_with_history
from cancellations.refunds import gateways
from cancellations.verification import differences
from orders.arithmetic.money import show
from orders.documents.export import dump_order
from orders.documents.fields import DocumentRefused
from orders.documents.order import read_order
from orders.standing import as_it_stands
from tests.proofs.acceptance import oracle
from tests.proofs.sizes import ACTS_EXAMPLES
from tests.support.acts import (
    amendments,
    amounts,
    bundle_selections,
    moments,
    order_documents,
    reports,
    selections,
    settlements,
    usually,
    whole,
    wrong_reports,
    wrong_selections,
)
from tests.support.builders import imported
from tests.support.expected_order import ExpectedOrder
from tests.support.refund_desk import BEHAVIORS, RefundDesk, instructions

_numbers = count(1)
HOLD = timedelta(seconds=300)


class AnyOrderOfActs(RuleBasedStateMachine):
    """One order, what the oracle says of it, and acts that happen to both."""

    def __init__(self, manager, desk):
        super().__init__()
        self.manager = manager
        self.desk = desk
        self.sent = []
        self.made = {}

    @initialize(document=order_documents(), data=st.data())
    def import_it(self, document, data):
        self.number = f"S-{next(_numbers)}"
        is_captured = data.draw(st.booleans())
        for payment in document["payments"]:
            payment["captured"] = payment["authorized" if is_captured else "captured"]
            payment["gateway_reference"] += f"/{data.draw(st.sampled_from(BEHAVIORS))}"
        self.held_until = self.desk.now
        self.expected = ExpectedOrder(document | {"order_number": self.number})
        imported(self.expected.d)
        self.read()

    @precondition(lambda self: self.expected.eligible)
    @rule(data=st.data(), refund_delivery=usually)
    def cancel_one(self, data, refund_delivery):
        key = data.draw(st.sampled_from([line.key for line in self.expected.eligible]))
        self.cancel([{"key": key, "quantity": 1, "refund_delivery": refund_delivery}])

    @precondition(lambda self: self.expected.eligible)
    @rule(data=st.data())
    def cancel_some(self, data):
        self.cancel(data.draw(selections(self.expected.eligible)))

    @precondition(lambda self: any(map(self.expected.eligible_children, self.expected.eligible)))
    @rule(data=st.data())
    def cancel_a_bundle(self, data):
        self.cancel(data.draw(bundle_selections(self.expected)))

    @precondition(lambda self: self.expected.eligible)
    @rule(refund_delivery=usually, refund_fees=usually)
    def cancel_all(self, refund_delivery, refund_fees):
        self.cancel("all", refund_delivery=refund_delivery, refund_fees=refund_fees)

    @rule(data=st.data())
    def settle(self, data):
        """Refund what is owed, if anything is."""
        settle = data.draw(settlements(self.expected))
        self.send({"settle": settle})

    @precondition(lambda self: self.expected.changes)
    @rule(data=st.data())
    def undo(self, data):
        """Undo the last change order, or an earlier one, which is refused."""
        made = [change["number"] for change in self.exported["change_orders"]]
        number = data.draw(st.sampled_from([made[-1], made[-1], made[0]]))
        if self.desk.now >= self.held_until:
            self.expected.undoable = None
        self.send({"undo": number})

    @precondition(lambda self: self.rows)
    @rule(seconds=st.sampled_from([1, 60, 3600, 90_000]))
    def time_passes(self, seconds):
        self.work(seconds)

    @precondition(lambda self: any(row.status == "pending" for row in self.rows))
    @rule()
    def the_hold_is_over(self):
        self.work(HOLD.total_seconds())

    def work(self, seconds):
        """Have a worker do what is due after so many seconds."""
        self.desk.work(seconds)
        self.follow()
        self.read()

    @precondition(lambda self: any(map(self.desk.decisions, self.rows)))
    @rule(data=st.data())
    def decide(self, data):
        """A manager does about a refund or release what its state allows."""
        row = data.draw(st.sampled_from([r for r in self.rows if self.desk.decisions(r)]))
        decision = data.draw(st.sampled_from(self.desk.decisions(row)))
        self.desk.decide(row, decision)
        if decision == "was_this_refund":
            self.expected.was_ours(self.as_exported(row))
        self.follow()
        self.read()

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def send_again(self, data):
        """An earlier document, its items the other way round, or other content under its key."""
        first, other = data.draw(st.tuples(*[st.sampled_from(self.sent)] * 2))
        changes = [
            {"items": first["items"][::-1]} if isinstance(first.get("items"), list) else {},
            {"note": "another"},
            {"idempotency_key": other["idempotency_key"]},
        ]
        self.submit(first | data.draw(st.sampled_from(changes)))

    @rule(data=st.data(), at=moments)
    def report(self, data, at):
        """Counters and figures as another system has them, fitting or not, late or not."""
        self.record(**data.draw(reports(self.expected) | whole(self.expected)), at=at)

    @rule(data=st.data())
    def amend(self, data):
        """The order's document again, with what its shop knows by then."""
        document = data.draw(amendments(self.expected))
        note(f"  {document}")
        [result] = import_orders([read_order(document)], by=self.manager)
        note(f"  {result}")
        assert str(result.outcome) == self.expected.amend(document)
        self.read(changed=result.outcome == "amended")

    @precondition(lambda self: self.expected.pay)
    @rule(data=st.data())
    def pay(self, data):
        """Authorize, capture, refund elsewhere or charge back."""
        self.record(payments=[data.draw(amounts(self.expected))])

    @rule(data=st.data(), cancels=st.booleans())
    def ask_for_what_cannot_be(self, data, cancels):
        if cancels:
            self.cancel(data.draw(wrong_selections(self.expected)))
        else:
            self.record(**data.draw(wrong_reports(self.expected)))

    @invariant()
    def it_stands_as_the_oracle_says(self):
        exported = self.exported | {"process_exceptions": _of_which_the_oracle_knows(self.order)}
        assert list(oracle.subset(self.expected.export(), exported)) == []

    @invariant()
    def nothing_is_negative_and_nothing_allocated_is_canceled(self):
        for line in self.order.lines.all():
            assert min(_counters(line)) >= 0
            assert line.quantity_canceled + line.quantity_allocated <= line.quantity_ordered
        left = [self.exported["totals"]["grand_total"], self.exported["totals"]["tax"]]
        for item in self.exported["items"]:
            left += [item["amount"], item["tax"]]
        assert min(map(Decimal, left)) >= 0

    @invariant()
    def nothing_is_refunded_beyond_what_was_due(self):
        for change_order in self.exported["change_orders"]:
            refunded = sum(Decimal(refund["amount"]) for refund in change_order["refunds"])
            assert refunded <= Decimal(change_order["refund_due"])

    @invariant()
    def verification_finds_nothing(self):
        assert list(differences(self.order)) == []

    @invariant()
    def what_has_succeeded_was_paid_once_and_nothing_else_was(self):
        assert list(self.desk.wrongs(self.rows)) == []

    def cancel(self, items, **choices):
        """Send a cancellation under a key of its own."""
        self.send({"reason": "Changed Mind", "items": items, **choices})

    def send(self, asked):
        """Send a document that asks for something under a key of its own."""
        key = f"key {len(self.sent)}"
        document = {"idempotency_key": key, "order_number": self.number, **asked}
        self.sent.append(document)
        self.submit(document)

    def submit(self, document):
        """Send a document; a repeated one gives the change order of the first time."""
        note(f"  {document}")
        outcome, made = _submitted(document, self.manager)
        note(f"  {outcome}")
        assert outcome == self.expected.cancel(document)
        if outcome != "refused" and (outcome != "repeated" or "undo" not in document):
            assert self.made.setdefault(document["idempotency_key"], made) == made
        if outcome in ("canceled", "settled"):
            self.held_until = self.desk.now + HOLD
        self.read(changed=outcome in ("canceled", "settled", "undone"))

    def record(self, items=(), payments=(), at=None):
        """Send a report of what happened elsewhere."""
        report = {
            "order_number": self.number,
            "items": [*items],
            "payments": [*payments],
            "at": at,
        }
        note(f"  {report}")
        outcome = _recorded(report, self.order.currency, self.manager)
        note(f"  {outcome}")
        assert outcome == self.expected.record(report)
        self.read(changed=outcome != "refused")

    def follow(self):
        """Tell the oracle's order what became of refunds and releases."""
        for row in instructions(self.number):
            [was] = [known.status for known in self.rows if known == row]
            if row.status == was:
                continue
            note(f"  {row}: {was} is {row.status}")
            if not row.is_release:
                self.expected.becomes(self.as_exported(row), was, row.status)
            elif row.status == "withdrawn":
                self.expected.gives_up_release(self.as_exported(row))
            self.expected.no_longer_undoable(row.change_order.number)

    def as_exported(self, row):
        amount = show(row.amount_minor, self.order.currency)
        return {"payment": row.payment.key, "amount": amount}

    def teardown(self):
        self.desk.close()

    def read(self, *, changed=True):
        """Look at the order as it stands; an act that changed nothing left all as it was."""
        connection.check_constraints()
        [self.order] = orders_with_history([self.number])
        before, self.exported = getattr(self, "exported", None), _exported(self.order)
        self.rows = instructions(self.number)
        self.expected.numbers = [change["number"] for change in self.exported["change_orders"]]
        assert changed or self.exported == before


@pytest.fixture
def new_desk(manager, monkeypatch):
    """Opens a refund desk, by whose clock everybody acts from then on."""

    def new_desk():
        desk = RefundDesk(manager)
        monkeypatch.setitem(gateways._FACTORIES, "sandbox", lambda: desk.sandbox)
        monkeypatch.setattr(timezone, "now", desk.clock)
        return desk

    return new_desk


@pytest.mark.both_databases
def test_any_acts_in_any_order_leave_what_the_oracle_says(manager, new_desk):
    examples = ACTS_EXAMPLES if connection.vendor == "postgresql" else ACTS_EXAMPLES // 2
    settings = hypothesis.settings(max_examples=examples, stateful_step_count=20)

    run_state_machine_as_test(lambda: AnyOrderOfActs(manager, new_desk()), settings=settings)


def _submitted(document, by):
    """What became of a document, and the change order that it got."""
    result = apply_cancellation(document, by=by)
    note(f"  {result.errors}")
    return str(result.outcome), result.change_order


def _recorded(report, currency, by):
    """What became of a report."""
    try:
        record_fulfillment(report=read_fulfillment(report, currency=currency), by=by)
    except DocumentRefused:
        return "refused"
    return "recorded"


def _exported(order):
    """The order as export_orders writes it."""
    changes = [dump_change_order(change, order.currency) for change in order.change_orders.all()]
    return dump_order(order, as_it_stands(order)) | {
        "change_orders": changes,
        "process_exceptions": dump_exceptions(order),
    }


def _of_which_the_oracle_knows(order):
    """The open exceptions, without those of refunds and releases that wait for a person."""
    return sorted(
        (
            {"category": each.category, "about": each.about}
            for each in order.process_exceptions.all()
            if each.is_open and not each.instruction and each.about
        ),
        key=lambda each: (each["category"], each["about"]),
    )


def _counters(line):
    return (
        line.quantity_current,
        line.quantity_canceled,
        line.quantity_allocated,
        line.quantity_fulfilled,
        line.quantity_return_initiated,
        line.quantity_returned,
    )
