"""Reports that come late or twice set nothing back; totals count what we did (contract.md §3)."""

from datetime import UTC, datetime

import pytest

from cancellations.models import ChangeOrder
from cancellations.selection import RequestReused
from tests.support.builders import cancel, imported, item, minor, payment, select
from tests.support.reports import line, money, paid, report, returned, shipped

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.slow]

NOON, LATER = "2026-02-01T12:00:00Z", "2026-02-01T12:00:01Z"


def figures(order):
    """What is allocated of the first line, and captured of the first payment."""
    captured = order.payments.get(key="P1").captured_minor
    return order.lines.get(key="1").quantity_allocated, captured


def test_a_report_with_an_event_is_taken_once(order, record, stored_rows):
    once = report(returned(1), payments=[paid(refunded="10.25")], event="shipment-1")
    record(once)
    record(report(line(allocated=4)))
    before = stored_rows()

    finished = record(once, once)

    assert finished.status == 0
    assert finished.output == "0 recorded, 2 repeated, 0 refused\n"
    assert stored_rows() == before
    assert order.events.filter(request_id="shipment-1").count() == 1


@pytest.mark.parametrize(
    "same",
    [
        report(
            line(allocated=1) | {"refund_delivery": False}, payments=[paid(captured="9")], event="E"
        ),
        report(line(allocated=1), payments=[paid(captured="9.0", refunded=None)], event="E"),
        report(line(allocated=1), payments=[paid(captured="9.00")], event="E", at=None),
    ],
)
def test_the_same_content_in_other_words_is_a_repeat(order, record, same):
    record(report(line(allocated=1), payments=[paid(captured="9.00")], event="E"))

    assert record(same).output == "0 recorded, 1 repeated, 0 refused\n"


@pytest.mark.parametrize(
    "other",
    [
        report(line(allocated=2), event="E"),
        report(line(allocated=1, canceled=0), event="E"),
        report(line(allocated=1, flag=True), event="E"),
        report(line(allocated=1), event="E", at=NOON),
        report(line(allocated=1), payments=[paid(captured="46.00")], event="E"),
        report(event="E"),
    ],
)
def test_other_content_under_the_same_event_is_refused(order, record, refused, other):
    record(report(line(allocated=1), event="E"))

    assert refused(other) == [f"line 1, order X-1, event: {RequestReused.message}"]


def test_events_are_unique_per_order_only_and_reports_without_one_are_all_taken(order, record):
    imported(order_number="X-2")

    finished = record(
        report(line(), event="E"), report(line(), number="X-2", event="E"), report(), report()
    )

    assert finished.output == "4 recorded, 0 refused\n"


def test_a_refused_report_uses_up_no_event(order, record):
    record(report(line(fulfilled=1), event="E"))

    assert record(report(line(allocated=1), event="E")).output == "1 recorded, 0 refused\n"


def test_what_came_late_is_left_alone_and_counted_and_the_rest_is_taken(order, record):
    record(report(line(allocated=3), at=LATER))

    finished = record(report(line(allocated=1), payments=[paid(captured="40.00")], at=NOON))

    assert finished.status == 0
    assert finished.output == "1 recorded, 1 stale, 0 refused\n"
    assert figures(order) == (3, minor("40.00"))


def test_a_late_payment_is_left_alone_while_its_line_is_taken(order, record):
    record(report(payments=[paid(captured="45.00")], at=LATER))

    finished = record(report(line(allocated=1), payments=[paid(captured="40.00")], at=NOON))

    assert finished.output == "1 recorded, 1 stale, 0 refused\n"
    assert figures(order) == (1, minor("45.00"))


def test_a_report_of_the_same_time_is_taken(order, record):
    record(report(line(allocated=3), payments=[paid(captured="45.00")], at=NOON))

    same_moment = "2026-02-01T13:00:00+01:00"
    finished = record(report(line(allocated=1), payments=[paid(captured="40.00")], at=same_moment))

    assert finished.output == "1 recorded, 0 refused\n"
    assert figures(order) == (1, minor("40.00"))


def test_a_report_without_a_time_is_taken_and_changes_no_time(order, record):
    record(report(line(allocated=3), payments=[paid(captured="45.00")], at=LATER))
    record(report(line(allocated=2), payments=[paid(captured="44.00")]))

    finished = record(report(line(allocated=1), payments=[paid(captured="40.00")], at=NOON))

    assert finished.output == "1 recorded, 2 stale, 0 refused\n"
    assert figures(order) == (2, minor("44.00"))
    assert order.lines.get(key="1").reported_at == datetime(2026, 2, 1, 12, 0, 1, tzinfo=UTC)


def test_every_line_and_payment_has_a_time_of_its_own(record):
    order = imported(order_number="X-1", items=[item("1"), item("2")])
    record(report(line("1", allocated=1), at=LATER))

    record(report(line("1", allocated=2), line("2", allocated=2), at=NOON))

    assert [each.quantity_allocated for each in order.lines.all()] == [1, 2]


def test_what_came_late_is_not_held_against_what_is_known_now(order, record):
    record(report(shipped(3), at=LATER))

    finished = record(report(line(allocated=1), at=NOON))

    assert (finished.errors, finished.output) == ("", "1 recorded, 1 stale, 0 refused\n")


def test_a_late_report_is_taken_as_an_event_and_repeats(order, record, stored_rows, verified):
    record(report(returned(1), at=LATER))
    late = report(line(canceled=1), at=NOON, event="E")
    record(late)
    before = stored_rows()

    assert record(late).output == "0 recorded, 1 repeated, 0 refused\n"
    assert stored_rows() == before
    assert ChangeOrder.objects.get().kind == "return"
    verified()


def test_an_order_document_says_of_what_time_it_is(record):
    order = imported(order_number="X-1", updated_at=LATER)

    record(report(line(allocated=1), payments=[paid(captured="1.00")], at=NOON))

    assert figures(order) == (0, minor("20.00"))


@pytest.mark.parametrize(
    ("known", "total", "elsewhere"),
    [(0, 0, 0), (0, 1, 0), (0, 2, 1), (1, 1, 1), (1, 2, 1), (1, 3, 2)],
)
def test_units_canceled_elsewhere_are_the_total_less_ours(
    order, record, agent, verified, known, total, elsewhere
):
    cancel(order, select(), by=agent)
    record(report(line(canceled=known)))

    finished = record(report(line(canceled_total=total)))

    shirts = order.lines.get(key="1")
    assert finished.output == "1 recorded, 0 refused\n"
    assert shirts.quantity_canceled_elsewhere == elsewhere
    assert shirts.quantity_canceled == 1 + elsewhere
    verified()


@pytest.mark.parametrize(
    ("known", "total", "elsewhere"),
    [
        ("0.00", "0.00", "0.00"),
        ("0.00", "10.25", "0.00"),
        ("0.00", "12.25", "2.00"),
        ("2.00", "11.00", "2.00"),
        ("2.00", "13.25", "3.00"),
    ],
)
@pytest.mark.parametrize("status", ["pending", "succeeded"])
@pytest.mark.usefixtures("without_triggers")
def test_money_refunded_elsewhere_is_the_total_less_ours(
    order, record, agent, status, known, total, elsewhere
):
    cancel(order, select(), by=agent)
    if status == "succeeded":
        order.payments.update(reserved_minor=0, refunded_here_minor=minor("10.25"))
    record(money(refunded=known))

    record(money(refunded_total=total))

    assert order.payments.get().refunded_elsewhere_minor == minor(elsewhere)


def test_a_total_that_counts_our_pending_refund_is_no_goodwill(order, record, agent):
    cancel(order, select(), by=agent)

    record(money(refunded_total="10.25"))

    order.refresh_from_db()
    assert (order.given_elsewhere_minor, order.process_exceptions.count()) == (0, 0)


def test_the_event_keeps_the_facts_and_nobodys_name(order, record, run_command):
    record(report(returned(1, flag=True), payments=[paid(refunded="10.25")], event="E"))

    imported_event, event = order.events.all()
    assert (imported_event.sequence, event.sequence) == (1, 2)
    assert (event.type, event.by.username, event.request_id) == (
        "fulfillment_reported",
        "batch",
        "E",
    )
    assert event.facts == {
        "lines": {
            "1": {
                "reported": {
                    "canceled": 0,
                    "allocated": 1,
                    "fulfilled": 1,
                    "return_initiated": 1,
                    "returned": 1,
                },
                "refund_delivery": True,
            }
        },
        "payments": {
            "P1": {
                "authorized": minor("46.00"),
                "captured": minor("46.00"),
                "refunded_elsewhere": minor("10.25"),
                "charged_back": 0,
            }
        },
    }


def test_repeated_stale_and_recorded_ones_are_counted_together(record):
    order = imported(order_number="X-1", payments=[payment("20.00")])
    record(report(line(allocated=2), event="E", at=LATER))

    finished = record(
        report(line(allocated=2), event="E", at=LATER),
        report(line(allocated=1), at=NOON),
        report(line(fulfilled=9)),
    )

    assert (finished.status, order.events.count()) == (1, 3)
    assert finished.output == "1 recorded, 1 repeated, 1 stale, 1 refused\n"
