"""Any acts on any order in any sequence: each comes out, and leaves the order, as the law says.

The law is read by the oracle, which shares no code with the product.
"""

from collections import defaultdict
from decimal import Decimal
from itertools import count

import hypothesis
import pytest
from django.db import connection
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

from cancellations.acts.cancel import submit_cancellation
from cancellations.acts.record_fulfillment import record_fulfillment
from cancellations.documents.export import dump_change_order
from cancellations.documents.fulfillment import read_fulfillment
from cancellations.documents.requests import read_cancellation
from cancellations.history import orders_with_history
from cancellations.selection import RequestReused, SelectionRefused
from cancellations.snapshots import NotReviewed
from cancellations.verification import differences
from orders.documents.export import dump_order
from orders.documents.fields import DocumentRefused
from orders.standing import as_it_stands
from tests.proofs.acceptance import oracle
from tests.proofs.sizes import ACTS_EXAMPLES
from tests.support.acts import (
    amounts,
    bundle_selections,
    order_documents,
    reports,
    selections,
    steps,
    usually,
    whole,
    wrong_reports,
    wrong_selections,
)
from tests.support.builders import imported
from tests.support.expected_order import ExpectedOrder

_numbers = count(1)


class AnyOrderOfActs(RuleBasedStateMachine):
    """One order, what the oracle says of it, and acts that happen to both."""

    def __init__(self, agent):
        super().__init__()
        self.agent = agent
        self.sent = []
        self.made = {}

    @initialize(document=order_documents())
    def import_it(self, document):
        self.number = f"S-{next(_numbers)}"
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

    @precondition(lambda self: any(map(self.expected.children, self.expected.eligible)))
    @rule(data=st.data())
    def cancel_a_bundle(self, data):
        self.cancel(data.draw(bundle_selections(self.expected)))

    @precondition(lambda self: self.expected.eligible)
    @rule(refund_delivery=usually)
    def cancel_all(self, refund_delivery):
        self.cancel("all", refund_delivery=refund_delivery)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def send_again(self, data):
        """An earlier document, its items the other way round, or other content under its key."""
        first, other = data.draw(st.tuples(*[st.sampled_from(self.sent)] * 2))
        backwards = first["items"] if first["items"] == "all" else first["items"][::-1]
        changes = [
            {"items": backwards},
            {"note": "another"},
            {"idempotency_key": other["idempotency_key"]},
        ]
        self.submit(first | data.draw(st.sampled_from(changes)))

    @rule(data=st.data())
    def step(self, data):
        """Allocate, fulfil, begin a return or take units back, of one line."""
        self.record(**data.draw(steps(self.expected)))

    @rule(data=st.data())
    def report(self, data):
        """The same of a few lines, or of all there is of every line."""
        self.record(**data.draw(reports(self.expected) | whole(self.expected)))

    @precondition(lambda self: self.expected.pay)
    @rule(data=st.data())
    def pay(self, data):
        """Authorize, capture or refund elsewhere."""
        self.record(payments=[data.draw(amounts(self.expected))])

    @rule(data=st.data(), cancels=st.booleans())
    def ask_for_what_cannot_be(self, data, cancels):
        if cancels:
            self.cancel(data.draw(wrong_selections(self.expected)))
        else:
            self.record(**data.draw(wrong_reports(self.expected)))

    @invariant()
    def it_stands_as_the_oracle_says(self):
        assert list(oracle.subset(self.expected.export(), self.exported)) == []

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
    def no_payment_refunds_more_than_it_captured(self):
        refunds = defaultdict(Decimal)
        for change_order in self.exported["change_orders"]:
            for refund in change_order["refunds"]:
                refunds[refund["payment"]] += Decimal(refund["amount"])
        for payment in self.exported["payments"]:
            gone = refunds[payment["key"]] + Decimal(payment["refunded"])
            assert gone <= Decimal(payment["captured"])

    @invariant()
    def verification_finds_nothing(self):
        assert list(differences(self.order)) == []

    def cancel(self, items, **choices):
        """Send a cancellation under a key of its own."""
        document = {
            "idempotency_key": f"key {len(self.sent)}",
            "order_number": self.number,
            "reason": "Changed Mind",
            "items": items,
            **choices,
        }
        self.sent.append(document)
        self.submit(document)

    def submit(self, document):
        """Send a cancellation; a repeated one gives the change order of the first time."""
        note(f"  {document}")
        outcome, made = _submitted(document, self.agent)
        note(f"  {outcome}")
        assert outcome == self.expected.cancel(document)
        if outcome != "refused":
            assert self.made.setdefault(document["idempotency_key"], made) == made
        self.read(changed=outcome == "canceled")

    def record(self, items=(), payments=()):
        """Send a report of what happened elsewhere."""
        report = {"order_number": self.number, "items": [*items], "payments": [*payments]}
        note(f"  {report}")
        outcome = _recorded(report, self.order.currency, self.agent)
        note(f"  {outcome}")
        assert outcome == self.expected.record(report)
        self.read(changed=outcome != "refused")

    def read(self, *, changed=True):
        """Look at the order as it stands; an act that changed nothing left all as it was."""
        connection.check_constraints()
        [self.order] = orders_with_history([self.number])
        before, self.exported = getattr(self, "exported", None), _exported(self.order)
        assert changed or self.exported == before


@pytest.mark.both_databases
def test_any_acts_in_any_order_leave_what_the_oracle_says(agent):
    examples = ACTS_EXAMPLES if connection.vendor == "postgresql" else ACTS_EXAMPLES // 2
    settings = hypothesis.settings(max_examples=examples, stateful_step_count=20)

    run_state_machine_as_test(lambda: AnyOrderOfActs(agent), settings=settings)


def _submitted(document, by):
    """What became of a cancellation, and the change order that it got."""
    try:
        request = read_cancellation(document).request
        done = submit_cancellation(request=request, agreed=NotReviewed(), by=by)
    except (DocumentRefused, SelectionRefused, RequestReused):
        return "refused", None
    return "repeated" if done.is_repeat else "canceled", done.change_order.number


def _recorded(report, currency, by):
    """What became of a report."""
    try:
        made = record_fulfillment(report=read_fulfillment(report, currency=currency), by=by)
    except DocumentRefused:
        return "refused"
    return "returned" if made else "recorded"


def _exported(order):
    """The order as export_orders writes it."""
    changes = [dump_change_order(change, order.currency) for change in order.change_orders.all()]
    return dump_order(order, as_it_stands(order)) | {"change_orders": changes}


def _counters(line):
    return (
        line.quantity_current,
        line.quantity_canceled,
        line.quantity_allocated,
        line.quantity_fulfilled,
        line.quantity_return_initiated,
        line.quantity_returned,
    )
