import pytest
from django.db.models import F

from cancellations.models import ChangeOrder, ChangeOrderItem, Refund
from orders.models import (
    Adjustment,
    DeliveryGroup,
    OrderItemSummary,
    OrderSummary,
    PaymentSummary,
    TaxLine,
)
from tests.support.builders import (
    adjustment,
    cancel,
    carried_out,
    delivery_charge,
    imported,
    item,
    order_document,
    payment,
    select,
    select_all,
    tax,
)
from tests.support.undone import undone

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.usefixtures("without_triggers"),
]

GROUND = {"line__key": "1001"}
SINCE_IT_CAME = ("event 1 total", "event 2 held", "event 2 total")
CO_AMOUNTS = ("CO totals", "CO refund due", "CO refunds")
ALL_AMOUNTS = ("CO totals", "CO refund due", "CO owed before", "CO refunds")


@pytest.fixture
def order(agent):
    """A bundle, a shirt and their delivery; some of it canceled twice, some returned."""
    order = imported(
        order_document(
            order_number="X-1",
            items=[
                item("1", quantity=4, adjustments=[adjustment("-4.00", "order")]),
                item("2", bundle="1", unit_price="3.00", taxes=[tax("0.60")]),
                item("3"),
                delivery_charge(taxes=[tax("0.40")]),
            ],
        )
    )
    cancel(order, select("1", refund_delivery=True), by=agent)
    cancel(order, select("3"), by=agent)
    return order


def imported_only():
    imported(order_document(order_number="X-1", items=[item(adjustments=[adjustment("-1.00")])]))


def found(finished):
    """The differences printed, without what was stored and recomputed."""
    assert finished.status == (1 if len(finished.output.splitlines()) > 1 else 0)
    *differences, summary = finished.output.splitlines()
    assert summary == f"1 orders verified, {len(differences)} differences"
    return [difference.removeprefix("order X-1, ").split(": ")[0] for difference in differences]


def test_nothing_differs_without_orders(run_command):
    finished = run_command("verify_orders")

    assert (finished.status, finished.output) == (0, "0 orders verified, 0 differences\n")


def test_nothing_differs_after_cancellations_returns_and_refunds(order, jsonl, run_command, agent):
    shipped = {"key": "3", "quantity_allocated": 1, "quantity_fulfilled": 1}
    returned = {**shipped, "quantity_return_initiated": 1, "quantity_returned": 1}
    run_command("record_fulfillment", jsonl({"order_number": "X-1", "items": [returned]}))
    cancel(order, select_all(refund_delivery=True), by=agent)
    for refund in Refund.objects.all()[:2]:
        carried_out(refund)

    finished = run_command("verify_orders")

    assert (finished.status, finished.output) == (0, "1 orders verified, 0 differences\n")
    assert ChangeOrder.objects.count() == 4


def test_units_returned_before_the_import_are_no_difference(run_command, agent):
    returned = dict.fromkeys(
        (f"quantity_{name}" for name in ("allocated", "fulfilled", "return_initiated", "returned")),
        1,
    )
    cancel(imported(items=[item(quantity=3, **returned)]), select(), by=agent)

    assert run_command("verify_orders").output == "1 orders verified, 0 differences\n"


def test_a_withdrawn_refund_is_no_longer_set_aside(order, run_command):
    refund = Refund.objects.first()
    Refund.objects.filter(pk=refund.pk).update(status="withdrawn")

    assert found(run_command("verify_orders")) == [
        "payment P1 reserved",
        f"{refund.change_order} refund over P1",
    ]


TAMPERED = [
    (
        OrderSummary,
        {},
        {
            "product_minor": F("product_minor") + 1,
            "grand_total_minor": F("grand_total_minor") + 1,
        },
        ["totals"],
    ),
    (
        OrderSummary,
        {},
        {"delivery_minor": F("delivery_minor") + 1, "product_minor": F("product_minor") - 1},
        ["totals"],
    ),
    (OrderSummary, {}, {"status": "canceled"}, ["status"]),
    (OrderSummary, {}, {"is_cancelable": False}, ["cancelable"]),
    (OrderSummary, {}, {"has_exceptions": True}, ["has exceptions"]),
    (OrderSummary, {}, {"needs_attention": True}, ["needs attention"]),
    (OrderItemSummary, {"key": "3"}, {"status": "allocated"}, ["line 3 status"]),
    (
        OrderItemSummary,
        {"key": "3"},
        {"quantity_canceled": 2},
        ["line 3 canceled", "line 3 status"],
    ),
    (
        OrderItemSummary,
        {"key": "2"},
        {
            "quantity_allocated": 1,
            "quantity_fulfilled": 1,
            "quantity_return_initiated": 1,
            "quantity_returned": 1,
        },
        [
            *("line 2 allocated", "line 2 fulfilled", "line 2 return initiated"),
            *("line 2 returned", "line 2 status", "status"),
        ],
    ),
    (
        OrderItemSummary,
        {"key": "3"},
        {"quantity_allocated": 1},
        ["line 3 allocated", "line 3 status", "status"],
    ),
    (
        OrderItemSummary,
        {"key": "3"},
        {"line_amount_minor": 999},
        [
            *SINCE_IT_CAME,
            *("CO line 1001", *ALL_AMOUNTS, "event 3 held", "event 3 total", "CO line 3"),
            *CO_AMOUNTS,
            "totals",
        ],
    ),
    (
        OrderItemSummary,
        {"key": "3"},
        {"quantity_ordered": 3},
        ["event 3 held", "event 3 total", "CO line 3", *CO_AMOUNTS, "totals"],
    ),
    (OrderItemSummary, {"key": "3"}, {"reported_fulfilled": 1}, ["line 3 reported fulfilled"]),
    (
        OrderItemSummary,
        {"key": "3"},
        {"quantity_canceled_elsewhere": 1},
        ["line 3 canceled elsewhere"],
    ),
    (
        DeliveryGroup,
        {},
        {"flagged_minor": F("flagged_minor") + 1},
        ["delivery group G1 flagged"],
    ),
    (DeliveryGroup, {}, {"released": True}, ["delivery group G1 released"]),
    (PaymentSummary, {}, {"reserved_minor": F("reserved_minor") + 1}, ["payment P1 reserved"]),
    (PaymentSummary, {}, {"refunded_here_minor": 1}, ["payment P1 refunded"]),
    (
        Refund,
        {},
        {"status": "succeeded"},
        ["payment P1 reserved", "payment P1 refunded", *["CO refund over P1"] * 2],
    ),
    (
        Refund,
        {},
        {"amount_minor": F("amount_minor") + 1},
        ["CO refunds", "CO refunds", "payment P1 reserved"],
    ),
    (ChangeOrder, {}, {"delivery_minor": F("delivery_minor") - 1}, ["CO totals", "CO totals"]),
    (
        ChangeOrderItem,
        {"line__key": "3"},
        {"line_amount_minor": F("line_amount_minor") - 1},
        ["CO line 3"],
    ),
    (ChangeOrderItem, {"line__key": "2"}, {"tax_minor": -1}, ["CO line 2"]),
    (
        ChangeOrderItem,
        {"line__key": "1"},
        {"refund_delivery": False},
        [
            *("event 2 held", "event 2 total", "CO line 1001", *CO_AMOUNTS, "event 3 held"),
            *("event 3 total", "delivery group G1 flagged", "totals"),
        ],
    ),
    (
        ChangeOrderItem,
        {"line__key": "3"},
        {"quantity": 2},
        [
            *("event 3 held", "event 3 total", "event 3 lines", "CO line 3", *CO_AMOUNTS),
            "line 3 canceled",
            "totals",
        ],
    ),
    (
        Adjustment,
        {},
        {"amount_minor": -404},
        [
            *(*SINCE_IT_CAME, "CO line 1", *ALL_AMOUNTS, "event 3 held", "event 3 total"),
            *("delivery group G1 flagged", "totals"),
        ],
    ),
    (Adjustment, {}, {"scope": "line"}, ["CO line 1", "CO totals", "totals"]),
    (
        TaxLine,
        GROUND,
        {"amount_minor": 80},
        [
            *(*SINCE_IT_CAME, "CO line 1001", *CO_AMOUNTS, "event 3 held", "event 3 total"),
            "totals",
        ],
    ),
    (ChangeOrder, {}, {"refund_due_minor": F("refund_due_minor") + 1}, ["CO refund due"] * 2),
    (ChangeOrder, {}, {"owed_before_minor": 1}, ["CO owed before"] * 2),
]


def test_what_was_tampered_with_is_found(order, run_command, subtests):
    for number, (model, where, values, differences) in enumerate(TAMPERED):
        with subtests.test(number=number, model=model.__name__, values=values), undone():
            assert model.objects.filter(**where).update(**values)

            finished = run_command("verify_orders")

            assert _without_numbers(found(finished)) == differences


@pytest.mark.parametrize(
    ("model", "where", "differences"),
    [
        (Refund, {}, ["CO refunds", "CO refunds", "payment P1 reserved"]),
        (ChangeOrderItem, {"line__key": "2"}, ["event 2 lines", "CO lines", "line 2 canceled"]),
        (ChangeOrderItem, GROUND, ["CO lines"]),
        (
            ChangeOrderItem,
            {"line__key": "3"},
            [
                *("event 3 held", "event 3 total", "event 3 lines", *CO_AMOUNTS),
                *("line 3 canceled", "totals"),
            ],
        ),
        (
            TaxLine,
            {"line__key": "2"},
            [
                *(*SINCE_IT_CAME, "CO line 2", *ALL_AMOUNTS, "event 3 held", "event 3 total"),
                "totals",
            ],
        ),
    ],
)
def test_what_was_deleted_is_missed(order, run_command, model, where, differences):
    assert model.objects.filter(**where).delete()[0]

    assert _without_numbers(found(run_command("verify_orders"))) == differences


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (OrderItemSummary, {"line_amount_minor": 999}),
        (Adjustment, {"amount_minor": -101}),
    ],
)
def test_the_originals_of_an_order_without_changes_are_held_too(run_command, model, values):
    imported_only()
    model.objects.update(**values)

    assert found(run_command("verify_orders")) == ["event 1 total", "totals"]


def test_where_an_adjustment_counts_is_held_too(run_command):
    imported_only()
    Adjustment.objects.update(scope="order")

    assert found(run_command("verify_orders")) == ["totals"]


def test_a_difference_is_printed_with_what_is_stored_and_what_was_recomputed(order, run_command):
    OrderItemSummary.objects.filter(key="3").update(quantity_canceled=0)
    PaymentSummary.objects.update(reserved_minor=0)

    assert run_command("verify_orders").output.splitlines() == [
        "order X-1, line 3 canceled: stored 0, recomputed 1",
        "order X-1, payment P1 reserved: stored 0, recomputed 2207",
        "1 orders verified, 2 differences",
    ]


def test_every_order_is_verified_whichever_differs(order, run_command):
    imported(order_document(order_number="X-0", payments=[payment("20.00")]))
    imported(order_document(order_number="X-2", payments=[payment("20.00")]))
    OrderSummary.objects.exclude(pk=order.pk).update(status="allocated")

    assert run_command("verify_orders").output.splitlines() == [
        "order X-0, status: stored Allocated, recomputed Created",
        "order X-2, status: stored Allocated, recomputed Created",
        "3 orders verified, 2 differences",
    ]


def _without_numbers(differences):
    """Differences with change orders as plain CO, for their numbers vary."""
    for change_order in ChangeOrder.objects.all():
        differences = [text.replace(change_order.number, "CO") for text in differences]
    return differences
