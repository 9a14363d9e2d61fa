"""Process exceptions: resolved by people, once, and not opened again by the same facts."""

from functools import partial

import pytest

from cancellations.acts.exceptions import (
    FactsChanged,
    NoteRefused,
    ResolvedBefore,
    UnknownException,
    facts_name,
    resolve_exception,
)
from cancellations.acts.record_fulfillment import record_fulfillment
from cancellations.documents.fulfillment import read_fulfillment
from cancellations.history import orders_with_history
from cancellations.models import LONGEST_NOTE, ProcessException
from cancellations.selection import NotAllowed
from cancellations.verification import differences
from orders.models import OrderEvent, OrderSummary
from tests.support.builders import USD, cancel, imported, item, select
from tests.support.threads import at_once

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def order(agent):
    """Three things, of which one was canceled here."""
    order = imported(order_number="X-1", items=[item(quantity=3), item("2")])
    cancel(order, select(), by=agent)
    return order


@pytest.fixture
def report(order, agent):
    """Reports that so many of a line were shipped, and figures of its payment."""

    def report(shipped=0, key="1", **figures):
        counters = ("quantity_allocated", "quantity_fulfilled")
        document = {
            "order_number": "X-1",
            "items": [{"key": key, **dict.fromkeys(counters, shipped)}] if shipped else [],
            "payments": [{"key": "P1", **figures}] if figures else [],
        }
        record_fulfillment(report=read_fulfillment(document, currency=USD), by=agent)

    return report


@pytest.fixture
def exception(report):
    report(3)
    return ProcessException.objects.get()


def states():
    return [exception.is_open for exception in ProcessException.objects.order_by("pk")]


def resolve(exception, by, note="Asked for it back.", **changes):
    return resolve_exception(exception_id=exception.pk, note=note, by=by, **changes)


def test_a_person_resolves_an_exception_with_a_note(exception, order, manager):
    resolved = resolve(exception, manager, " They sent\r\nit back. ")

    stored = ProcessException.objects.get()
    assert resolved == stored
    assert (stored.is_open, stored.resolved_by) == (False, manager)
    assert stored.note == "They sent\nit back."


def test_resolving_is_an_event_of_the_order_and_changes_nothing_else(exception, order, manager):
    order.refresh_from_db()
    written = order.events_written

    resolve(exception, manager)

    event = OrderEvent.objects.order_by("sequence").last()
    assert (event.type, event.by) == ("exception_resolved", manager)
    assert (event.sequence, event.facts) == (written + 1, {"exception": exception.pk})
    [after] = orders_with_history(["X-1"])
    assert after.events_written == event.sequence
    assert list(differences(after)) == []


@pytest.mark.parametrize("note", ["", " \r\n ", "x" * (LONGEST_NOTE + 1)])
def test_a_note_that_says_nothing_or_too_much_is_refused(exception, stored_rows, manager, note):
    before = stored_rows()

    with pytest.raises(NoteRefused, match="note"):
        resolve(exception, manager, note)

    assert stored_rows() == before


def test_a_line_break_of_a_note_counts_one(exception, manager):
    note = "\r\n".join(["x" * 499, "y" * 500])

    assert len(resolve(exception, manager, note).note) == LONGEST_NOTE


def test_resolving_twice_says_so_and_changes_nothing(exception, stored_rows, manager):
    resolve(exception, manager)
    before = stored_rows()

    with pytest.raises(ResolvedBefore) as refused:
        resolve(exception, manager, "Another note.")

    assert refused.value.exception.note == "Asked for it back."
    assert stored_rows() == before


def test_only_those_who_may_resolve_do(exception, stored_rows, agent):
    before = stored_rows()

    with pytest.raises(NotAllowed, match="right of its own"):
        resolve(exception, agent)

    assert stored_rows() == before


def test_an_exception_that_is_not_there(exception, manager):
    with pytest.raises(UnknownException):
        resolve_exception(exception_id=exception.pk + 1, note="Gone.", by=manager)


def test_newer_facts_than_were_read_are_not_resolved(exception, report, stored_rows, manager):
    seen = facts_name(exception)
    report(4)
    before = stored_rows()

    with pytest.raises(FactsChanged):
        resolve(exception, manager, seen=seen)

    assert stored_rows() == before


def test_the_same_facts_do_not_open_again_what_a_person_resolved(exception, report, manager):
    resolve(exception, manager)

    report(3)
    report(3)

    assert states() == [False]


def test_other_facts_of_the_same_line_do(exception, report, manager):
    resolve(exception, manager)

    report(4)

    assert states() == [False, True]


def test_the_same_facts_of_another_line_do(exception, report, manager):
    resolve(exception, manager)

    report(3, key="2")

    assert states() == [False, True]


def test_the_last_that_a_person_resolved_counts(exception, report, manager):
    resolve(exception, manager)
    report(4)
    resolve(ProcessException.objects.latest("pk"), manager)

    report(3)

    assert states() == [False, False, True]


def test_what_a_report_resolved_is_opened_again_by_the_same_facts(exception, report):
    report(2)
    assert states() == [False]

    report(3)

    assert states() == [False, True]


def test_figures_of_a_payment_that_a_person_resolved_stay_resolved(report, manager):
    report(charged_back="60.00")
    resolve(ProcessException.objects.get(), manager)

    report(charged_back="60.00")
    assert states() == [False]
    report(charged_back="61.00")
    assert states() == [False, True]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_who_resolve_at_once_one_does(exception, manager):
    acts = [partial(resolve, exception, manager, note) for note in ("First.", "Second.")]

    _, outcomes = at_once(*acts)

    kinds = sorted(type(outcome).__name__ for outcome in outcomes)
    assert kinds == ["ProcessException", "ResolvedBefore"]
    assert OrderEvent.objects.filter(type="exception_resolved").count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_report_and_a_person_at_once_leave_one_story(exception, report, manager):
    as_read = partial(resolve, exception, manager, seen=facts_name(exception))

    _, outcomes = at_once(as_read, partial(report, 4))

    assert not isinstance(outcomes[1], Exception)
    [after] = orders_with_history(["X-1"])
    assert list(differences(after)) == []
    assert ProcessException.objects.open().count() == 1


def test_the_same_misfit_that_happens_again_is_opened_again(exception, report, manager):
    """Three shipped was dealt with; then two were said to have been, and now three once more."""
    resolve(exception, manager)
    report(2)
    report(3)

    assert states() == [False, True]


def test_a_refund_that_may_be_ours_says_how_much_was_not_expected(order, report):
    report(refunded="3.00")

    refund = ProcessException.objects.get(category="refund")
    assert refund.facts["beyond_expected"] == 300


def test_the_event_of_a_report_keeps_what_changed(order, report):
    report(1, captured="51.00", authorized="51.00")
    report(1, captured="51.00")
    report(1, key="2")

    facts = [event.facts for event in OrderEvent.objects.filter(type="fulfillment_reported")]
    assert [(list(each["lines"]), list(each["payments"])) for each in facts] == [
        (["1"], ["P1"]),
        ([], []),
        (["2"], []),
    ]


def test_an_order_keeps_whether_one_of_it_is_open_and_urgent(report, manager):
    def kept():
        return OrderSummary.objects.values_list("has_exceptions", "needs_attention").get()

    assert kept() == (False, False)
    report(3)
    exception = ProcessException.objects.get()
    assert kept() == (True, exception.is_urgent)

    report(3, captured="0.01")
    assert kept() == (True, True)

    for each in ProcessException.objects.open():
        resolve_exception(exception_id=each.pk, note="Seen to.", by=manager)
    assert kept() == (False, False)
