"""Events and history agree, or ``verify_orders`` says where they do not (domain.md §6)."""

import json

import pytest
from django.db.models import F

from cancellations.models import ChangeOrder, ChangeOrderItem, Refund, Release
from orders.models import OrderEvent, OrderItemSummary, OrderSummary, PaymentSummary
from tests.support.builders import (
    cancel,
    delivery_charge,
    fee,
    imported,
    item,
    order_document,
    payment,
    select_all,
)
from tests.support.reports import line, money, report, returned
from tests.support.settlements import settle
from tests.support.undone import undone

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.usefixtures("without_triggers"),
]

WHO = {"name": "Zoë Winterbottom", "email": "zoe@winterbottom.example"}


@pytest.fixture
def order(agent, manager, jsonl, run_command):
    """All that can happen to an order: six events and five change orders.

    1 imported; 2 one canceled elsewhere and one returned; 3 captured more; 4 the rest canceled, a
    release with it; 5 charged back and refunded elsewhere; 6 delivery and fees settled.
    """
    order = imported(
        order_document(
            order_number="X-1",
            account={"number": "A-1", **WHO},
            items=[
                item(quantity=4, quantity_allocated=1, quantity_fulfilled=1),
                delivery_charge(),
                fee(),
            ],
            payments=[payment("30.00", "P1", authorized="35.00"), payment("10.00", "P2")],
        )
    )

    def record(document):
        assert run_command("record_fulfillment", jsonl(document)).status == 0

    record(report(returned(1, canceled=1), event="E-1"))
    record(money(captured="32.00"))
    cancel(order, select_all(note="Not today"), by=agent)
    record(money(charged_back="1.00", refunded="2.00"))
    settle(order, "G1", by=manager, refund_fees=True, chosen={"P1": 100})
    return order


@pytest.fixture
def differences(run_command):
    """What is found to differ, without what was stored and recomputed; change orders by kind."""

    def differences():
        *found, _ = run_command("verify_orders").output.splitlines()
        found = [text.removeprefix("order X-1, ").split(": ")[0] for text in found]
        for change_order in ChangeOrder.objects.all():
            found = [text.replace(change_order.number, change_order.kind) for text in found]
        return found

    return differences


def test_nothing_differs_after_all_that_can_happen(order, differences):
    kinds = list(ChangeOrder.objects.order_by("pk").values_list("kind", flat=True))

    assert kinds == ["reported_cancellation", "return", "cancellation", "settlement"]
    assert Release.objects.exists()
    assert differences() == []


def test_events_are_counted_from_one_without_a_gap(order):
    order.refresh_from_db()

    events = list(order.events.values_list("sequence", "type"))
    assert order.events_written == 6
    assert events == [
        (1, "order_imported"),
        (2, "fulfillment_reported"),
        (3, "fulfillment_reported"),
        (4, "items_canceled"),
        (5, "fulfillment_reported"),
        (6, "order_settled"),
    ]


def test_every_change_order_hangs_on_its_own_event(order):
    hangs_on = ChangeOrder.objects.order_by("pk").values_list("event__sequence", flat=True)

    assert list(hangs_on) == [2, 2, 4, 6]


def test_no_event_holds_a_name_an_address_or_a_note(order):
    held = json.dumps(list(order.events.values()), default=str)

    for words in (*WHO.values(), "Market St", "Boyle", "Visa", "Thing", "Not today"):
        assert words not in held


def test_a_refused_act_or_report_leaves_no_gap(order, agent, run_command, jsonl):
    assert run_command("record_fulfillment", jsonl(report(line(fulfilled=9)))).status == 1

    run_command("record_fulfillment", jsonl(report()))

    assert list(order.events.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5, 6, 7]


TAMPERED = [
    (OrderSummary, {}, {"expected_elsewhere_minor": 99}, ["expected elsewhere"]),
    (OrderSummary, {}, {"given_elsewhere_minor": 99}, ["given elsewhere"]),
    (OrderSummary, {}, {"unpaid_elsewhere_minor": 99}, ["unpaid elsewhere"]),
    (OrderSummary, {}, {"events_written": 7}, ["events"]),
    (OrderEvent, {"sequence": 6}, {"sequence": 7}, ["events"]),
    (OrderEvent, {"sequence": 3}, {"held_minor": F("held_minor") + 1}, ["event 3 held"]),
    (OrderEvent, {"sequence": 4}, {"grand_total_minor": 1}, ["event 4 total"]),
    (
        OrderEvent,
        {"sequence": 2},
        {"expected_elsewhere_minor": 99},
        ["event 2 expected elsewhere"],
    ),
    (OrderEvent, {"sequence": 5}, {"given_elsewhere_minor": 99}, ["event 5 given elsewhere"]),
    (OrderEvent, {"sequence": 1}, {"unpaid_elsewhere_minor": 9}, ["event 1 unpaid elsewhere"]),
    (OrderItemSummary, {"key": "1"}, {"reported_canceled": 2}, ["line 1 reported canceled"]),
    (
        OrderItemSummary,
        {"key": "1"},
        {"quantity_canceled_elsewhere": 0},
        ["line 1 canceled elsewhere"],
    ),
    (OrderItemSummary, {"key": "2001"}, {"released": False}, ["line 2001 released"]),
    (
        PaymentSummary,
        {"key": "P2"},
        {"captured_minor": F("captured_minor") + 1},
        ["payment P2 captured"],
    ),
    (PaymentSummary, {"key": "P2"}, {"authorized_minor": 1}, ["payment P2 authorized"]),
    (PaymentSummary, {"key": "P1"}, {"charged_back_minor": 0}, ["payment P1 charged back"]),
    (
        PaymentSummary,
        {"key": "P2"},
        {"refunded_elsewhere_minor": 1},
        ["payment P2 refunded elsewhere"],
    ),
    (PaymentSummary, {"key": "P1"}, {"released_minor": 1}, ["payment P1 released"]),
    (
        PaymentSummary,
        {"key": "P1"},
        {"captured_at_release_minor": 1},
        ["payment P1 captured at release"],
    ),
    (Release, {}, {"amount_minor": 1}, ["cancellation releases"]),
    (
        ChangeOrder,
        {"kind": "settlement"},
        {"owed_before_minor": 1},
        ["settlement owed before"],
    ),
    (
        ChangeOrder,
        {"kind": "settlement"},
        {"refund_due_minor": F("refund_due_minor") + 1},
        ["settlement refund due"],
    ),
    (
        Refund,
        {"change_order__kind": "settlement"},
        {"amount_minor": 101},
        ["settlement refunds", "payment P1 reserved"],
    ),
    (
        ChangeOrderItem,
        {"line__key": "2001"},
        {"line_amount_minor": -1},
        ["settlement line 2001"],
    ),
]


def test_what_was_tampered_with_is_found(order, differences, subtests):
    for number, (model, where, values, found) in enumerate(TAMPERED):
        with subtests.test(number=number, model=model.__name__, values=values), undone():
            assert model.objects.filter(**where).update(**values)

            assert differences() == found


@pytest.mark.parametrize(
    ("sequence", "fact", "first_found"),
    [
        (2, {"lines": {}}, ["event 2 expected elsewhere", "event 2 unpaid elsewhere"]),
        (4, {"lines": {"1": 1}}, ["event 4 lines"]),
        (4, {"refund_fees": True}, ["event 4 held", "event 4 total", "cancellation lines"]),
        (6, {"chosen": {"P1": 101}}, ["event 6 held", "settlement refunds"]),
        (6, {"delivery_groups": []}, ["event 6 total", "settlement line 1001"]),
        (6, {"refund_fees": False}, ["event 6 total", "settlement line 2001"]),
    ],
)
def test_the_facts_of_an_event_are_held_against_what_it_made(
    order, differences, sequence, fact, first_found
):
    event = order.events.get(sequence=sequence)
    OrderEvent.objects.filter(pk=event.pk).update(facts=event.facts | fact)

    assert differences()[: len(first_found)] == first_found


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("reported_cancellation", ["event 2 has no reported cancellation"]),
        ("return", ["event 2 has no return"]),
    ],
)
def test_a_change_order_that_is_gone_is_missed(order, differences, kind, found):
    gone = ChangeOrder.objects.get(kind=kind)
    gone.items.all().delete()
    gone.delete()

    assert differences() == found


@pytest.mark.parametrize(
    ("kind", "other", "found"),
    [
        (
            "return",
            "reported_cancellation",
            ["reported_cancellation does not follow from event 2", "event 2 has no return"],
        ),
        (
            "cancellation",
            "settlement",
            ["settlement does not follow from event 4", "event 4 has no cancellation"],
        ),
        (
            "settlement",
            "cancellation",
            ["cancellation does not follow from event 6", "event 6 has no settlement"],
        ),
    ],
)
def test_a_change_order_of_another_kind_does_not_follow(order, differences, kind, other, found):
    ChangeOrder.objects.filter(kind=kind).update(kind=other)

    assert [text for text in differences() if "event" in text and " no" in text] == found


def test_a_change_order_on_another_event_does_not_follow(order, differences):
    reported = order.events.get(sequence=3)
    ChangeOrder.objects.filter(kind="return").update(event=reported)

    assert differences() == ["event 2 has no return", "return does not follow from event 3"]


def test_a_change_order_on_an_event_of_another_order_is_found(order, differences):
    elsewhere = imported(order_number="X-2").events.get()
    ChangeOrder.objects.filter(kind="return").update(event=elsewhere)

    assert differences() == [
        "return hangs on an event of another order",
        "event 2 has no return",
    ]


def test_an_order_without_its_first_event_is_found(differences):
    order = imported(order_number="X-1")
    order.events.all().delete()

    assert differences() == ["events", "nothing is known of how it came"]


def test_an_order_that_begins_with_something_else_is_found(order, differences):
    order.events.filter(sequence=1).update(type="fulfillment_reported")

    assert "event 1 is fulfillment_reported" in differences()
