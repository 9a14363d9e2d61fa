"""What has to hold of an order after a round of a race, whoever came first."""

from collections import Counter

from django.db.models import Sum

from cancellations.acts.requests import Submission
from cancellations.acts.take_order import ImportOutcome
from cancellations.history import orders_with_history
from cancellations.models import ChangeOrder, ChangeOrderItem
from cancellations.verification import differences
from orders.arithmetic.facts import Reported
from orders.documents.order import read_order
from tests.proofs.races.kinds import KINDS, ending, settlements_cancellations_and_reports
from tests.proofs.races.rounds import OVERPAID, Import
from tests.support.builders import minor

EVENTS_OF = {
    "imported": "order_imported",
    "amended": "order_amended",
    "canceled": "items_canceled",
    "settled": "order_settled",
    "recorded": "fulfillment_reported",
}
"""Which event an act writes that ended so; the others write none."""


def problems(race, outcomes):
    """What does not hold after a round."""
    [order] = orders_with_history([race.order.order_number])
    return [
        *(f"verify: {difference}" for difference in differences(order)),
        *_wrong_units(order),
        *_wrong_money(order),
        *_wrong_exceptions(order),
        *_wrong_events(race, order, outcomes),
        *_wrong_endings(race, outcomes),
        *_wrong_submissions(order, outcomes),
        *_wrong_settlements(race, order, outcomes),
        *_wrong_imports(race, order, outcomes),
    ]


def _wrong_units(order):
    for line in order.lines.all():
        if line.quantity_canceled + line.quantity_allocated > line.quantity_ordered:
            yield f"line {line.key}: {line.quantity_canceled} canceled of {line.quantity_ordered}"
        canceled = ChangeOrderItem.objects.filter(line=line, type=ChangeOrderItem.Type.CANCEL)
        if _sum(canceled, "quantity") != line.quantity_canceled:
            yield f"lost on line {line.key}"


def _wrong_money(order):
    """What goes back is set aside, was captured and was due; nothing below what is to keep."""
    for payment in order.payments.all():
        back = _sum(payment.refunds.all(), "amount_minor")
        if back != payment.reserved_minor or back > payment.captured_minor:
            yield f"payment {payment.key}: {back} goes back"
    for change_order in order.change_orders.all():
        back = sum(refund.amount_minor for refund in change_order.refunds.all())
        if back > change_order.refund_due_minor:
            yield f"{change_order} refunds {back} of {change_order.refund_due_minor}"
        after = change_order.event
        to_keep = max(0, after.grand_total_minor - after.given_elsewhere_minor)
        if back and after.held_minor < to_keep + after.expected_elsewhere_minor:
            yield f"{change_order} leaves {after.held_minor} of {to_keep}"


def _wrong_exceptions(order):
    """One is open for what does not fit, and none for what does."""
    is_open = {
        (exception.category, exception.about)
        for exception in order.process_exceptions.all()
        if exception.is_open and exception.category != "refund"
    }
    misfits = {("payment", each.key) for each in order.payments.all() if each.figures.misfit} | {
        ("fulfillment", line.key)
        for line in order.lines.all()
        if Reported.of(line.quantities) != line.reported
    }
    if is_open != misfits:
        yield f"{is_open} are open, {misfits} do not fit"


def _wrong_events(race, order, outcomes):
    """One event for each act that wrote, in a sequence without a gap."""
    events = list(order.events.all())
    if [event.sequence for event in events] != list(range(1, order.events_written + 1)):
        yield f"{events} of {order.events_written}"
    expected = Counter(map(ending, outcomes))
    expected["imported"] += race.is_known
    expected = Counter({EVENTS_OF[end]: n for end, n in expected.items() if n and end in EVENTS_OF})
    if Counter(event.type for event in events) != expected:
        yield f"{events} of {expected}"


def _wrong_endings(race, outcomes):
    """Somebody gets what he wants, and nothing ends as it should not."""
    rules = KINDS[race.kind]
    endings = rules.endings | rules.allowed | {"OrderBusy"}
    yield from (f"{each!r}" for each in outcomes if ending(each) not in endings)
    if not EVENTS_OF.keys() & set(map(ending, outcomes)):
        yield "nobody succeeded"


def _wrong_submissions(order, outcomes):
    """A change order for each success and none beside; repeats give one of these."""
    made = [outcome for outcome in outcomes if isinstance(outcome, Submission)]
    successes = [each.change_order for each in made if not each.is_repeat]
    ours = (ChangeOrder.Kind.CANCELLATION, ChangeOrder.Kind.SETTLEMENT)
    stored = [each for each in order.change_orders.all() if each.kind in ours]
    if sorted(each.pk for each in successes) != sorted(each.pk for each in stored):
        yield f"{stored} are the change orders of {made}"
    yield from (f"{each} of none" for each in made if each.change_order not in stored)


def _wrong_settlements(race, order, outcomes):
    """Where all settle and nothing else happens, one of them refunds what is owed, all of it."""
    if race.kind is not settlements_cancellations_and_reports or race.number % 4 > 1:
        return
    refunded = [
        each.amount_minor for made in order.change_orders.all() for each in made.refunds.all()
    ]
    settled = [each for each in outcomes if ending(each) == "settled"]
    if (len(settled), sum(refunded)) != (1, minor(OVERPAID)):
        yield f"{len(settled)} settlements refund {refunded}"


def _wrong_imports(race, order, outcomes):
    """One document became the order, and the last one taken is what it says now."""
    tried = [outcome for outcome in outcomes if isinstance(outcome, Import)]
    new = [each for each in tried if each.result.outcome is ImportOutcome.IMPORTED]
    if len(new) + race.is_known != 1:
        yield f"imported {len(new)} times"
    first = [read_order(race.document)] if race.is_known else [each.document for each in new]
    known = [*first, *(each.document for each in tried)]
    refused = [each for each in tried if each.result.outcome is ImportOutcome.REFUSED]
    yield from (f"{each.result}" for each in refused if not _lacks_a_line(each, order))
    if _told(order) not in [_said(document) for document in known]:
        yield f"{_told(order)} was never said"


def _lacks_a_line(tried, order):
    """Whether it is refused because it comes without what the order was amended by."""
    paths = {problem.path for problem in tried.result.problems}
    more = len(order.lines.all()) > len(tried.document.items)
    return more and paths == {"delivery_groups", "items", "payments"}


def _told(order):
    """What documents say, as stored."""
    lines = [(line.key, line.name, line.quantity_ordered) for line in order.lines.all()]
    return order.channel, order.customer_name, lines


def _said(document):
    """The same, as a document has it."""
    lines = [(line.key, line.name, line.quantity) for line in document.items]
    return document.channel, document.account.name, lines


def _sum(rows, field):
    return rows.aggregate(total=Sum(field))["total"] or 0
