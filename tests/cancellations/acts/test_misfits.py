"""Facts that do not fit are taken with a process exception, until a report fits (domain.md §2)."""

import pytest
from django.contrib.auth.models import User

from cancellations.misfits import message_of
from cancellations.models import ProcessException
from tests.support.builders import cancel, imported, item, minor, select
from tests.support.reports import line, paid, report, returned, shipped

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

COUNTERS = ("allocated", "fulfilled", "return_initiated", "returned", "canceled")


def in_effect(order, key="1"):
    """Allocated, fulfilled, return initiated, returned and canceled elsewhere."""
    line = order.lines.get(key=key).quantities
    return (
        line.allocated,
        line.fulfilled,
        line.return_initiated,
        line.returned,
        line.canceled_elsewhere,
    )


def as_reported(order, key="1"):
    line = order.lines.get(key=key)
    return tuple(getattr(line, f"reported_{counter}") for counter in COUNTERS)


def test_canceled_units_cannot_be_allocated_but_the_rest_is_taken(
    order, record, agent, exceptions, verified
):
    cancel(order, select(quantity=3), by=agent)

    finished = record(report(line(allocated=2), payments=[paid(captured="47.00")]))

    assert finished.output == "1 recorded, 0 refused\n"
    assert in_effect(order) == (1, 0, 0, 0, 0)
    assert as_reported(order) == (2, 0, 0, 0, 0)
    assert order.payments.get().captured_minor == minor("47.00")
    assert exceptions() == [("fulfillment", "1", "low", "Reported as allocated: 2; in effect: 1.")]
    verified()


def test_what_shipped_though_it_was_canceled_is_said_in_the_laws_words(
    order, record, agent, exceptions, verified
):
    cancel(order, select(quantity=3), by=agent)

    record(report(shipped(2)))

    [(category, about, severity, words)] = exceptions()
    assert (category, about, severity) == ("fulfillment", "1", "high")
    assert words == "2 shipped, 1 of them had been canceled."
    verified()


def test_what_was_allocated_beyond_what_shipped_is_said_too(order, record, agent, exceptions):
    cancel(order, select(quantity=3), by=agent)

    record(report(line(allocated=3, fulfilled=2)))

    [(*_, words)] = exceptions()
    assert words == (
        "2 shipped, 1 of them had been canceled. Reported as allocated: 3; in effect: 1."
    )


@pytest.mark.parametrize(
    ("canceled_here", "document", "counters"),
    [
        (1, returned(4), (3, 3, 3, 3, 0)),
        (0, line(canceled=5), (0, 0, 0, 0, 4)),
        (1, line(canceled=4), (0, 0, 0, 0, 3)),
        (0, line(allocated=3, canceled=2), (3, 0, 0, 0, 1)),
        (2, line(allocated=3, canceled=2), (2, 0, 0, 0, 0)),
    ],
)
def test_counters_in_effect_stay_within_what_is_left(
    order, record, agent, exceptions, verified, canceled_here, document, counters
):
    if canceled_here:
        cancel(order, select(quantity=canceled_here), by=agent)

    record(report(document))

    told = {name.removeprefix("quantity_"): count for name, count in document.items()}
    assert in_effect(order) == counters
    assert as_reported(order) == tuple(told.get(counter, 0) for counter in COUNTERS)
    assert len(exceptions()) == 1
    verified()


def test_what_is_final_does_not_fall(order, record, exceptions, verified):
    record(report(returned(2, canceled=1)))

    record(report(shipped(2, return_initiated=1, returned=1, canceled=0)))

    order.refresh_from_db()
    assert in_effect(order) == (2, 2, 2, 2, 1)
    assert as_reported(order) == (2, 2, 1, 1, 0)
    assert order.grand_total_minor == minor("15.25")
    assert len(exceptions()) == 1
    verified()


def test_what_must_be_as_high_as_a_return_follows_it(order, record, exceptions):
    record(report(returned(2)))

    record(report(line(allocated=0, fulfilled=0, return_initiated=0, returned=0)))

    assert in_effect(order) == (2, 2, 2, 2, 0)
    assert as_reported(order) == (0, 0, 0, 0, 0)
    assert len(exceptions()) == 1


def test_absent_counters_stay_as_last_reported_not_as_in_effect(order, record, agent, exceptions):
    cancel(order, select(quantity=3), by=agent)
    record(report(shipped(3)))

    record(report(line()))

    assert as_reported(order) == (3, 3, 0, 0, 0)
    assert in_effect(order) == (1, 1, 0, 0, 0)
    assert len(exceptions()) == 1


def test_newer_facts_that_do_not_fit_take_the_place_of_older_ones(order, record, agent, exceptions):
    cancel(order, select(quantity=3), by=agent)
    record(report(line(allocated=2)))
    [first] = ProcessException.objects.all()

    record(report(shipped(3)))

    [still] = ProcessException.objects.all()
    assert (still.pk, still.opened_at) == (first.pk, first.opened_at)
    assert (first.severity, still.severity) == ("low", "high")
    assert message_of(still) == "3 shipped, 2 of them had been canceled."


def test_a_report_that_fits_resolves_it_without_a_note(order, record, agent, exceptions):
    cancel(order, select(quantity=3), by=agent)
    record(report(line(allocated=2)))

    record(report(line(allocated=1)))

    [resolved] = ProcessException.objects.all()
    assert exceptions() == []
    assert (resolved.is_open, resolved.note) == (False, "")
    assert resolved.resolved_by == User.objects.get(username="batch")


def test_after_it_was_resolved_another_may_be_opened(order, record, agent, exceptions):
    cancel(order, select(quantity=3), by=agent)

    record(*(report(line(allocated=count)) for count in (2, 1, 2)))

    assert ProcessException.objects.count() == 2
    assert len(exceptions()) == 1


def test_a_report_on_something_else_resolves_nothing(record, agent, exceptions):
    order = imported(order_number="X-1", items=[item("1"), item("2")])
    cancel(order, select(quantity=2), by=agent)
    record(report(line(allocated=1)))

    record(report(line("2", allocated=1), payments=[paid(captured="41.00")]))

    assert len(exceptions()) == 1


def test_open_exceptions_are_exported_by_category_and_key(order, record, agent, run_command):
    cancel(order, select(quantity=3), by=agent)
    record(report(line(allocated=2), payments=[paid(refunded="46.00")]))

    [exported] = run_command("export_orders").lines

    written = exported["process_exceptions"]
    assert [(each["category"], each["about"]) for each in written] == [
        ("fulfillment", "1"),
        ("payment", "P1"),
        ("refund", "P1"),
    ]
    assert list(written[0]) == ["category", "about", "message", "opened_at"]
    assert written[0]["message"] == "Reported as allocated: 2; in effect: 1."


@pytest.mark.parametrize(
    ("ordered", "canceled", "reported", "words"),
    [
        (2, 0, 3, "3 shipped, 1 more than was ordered."),
        (2, 0, 4, "4 shipped, 2 more than were ordered."),
        (3, 1, 3, "3 shipped, 1 of them had been canceled."),
        (3, 1, 5, "5 shipped, 1 of them had been canceled, 2 more than were ordered."),
        (1, 1, 1, "1 shipped, it had been canceled."),
    ],
)
def test_shipped_beyond_what_was_ordered_is_not_called_canceled(
    record, agent, exceptions, ordered, canceled, reported, words
):
    order = imported(order_number="X-1", items=[item("1", quantity=ordered)])
    if canceled:
        cancel(order, select(quantity=canceled), by=agent)

    record(report(shipped(reported)))

    assert [said for *_, said in exceptions()] == [words]
