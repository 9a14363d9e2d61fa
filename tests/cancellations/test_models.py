import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError

from cancellations.models import (
    BundlePolicy,
    CancellationReason,
    ChangeOrder,
    ChangeOrderItem,
    Refund,
)
from orders.arithmetic.money import show
from orders.models import OrderItemSummary, OrderSummary, PaymentSummary
from tests.support.builders import USD, cancel, imported, payment, select, shirts

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SHIRT = {"line__key": "1"}

# Constraint, model, the row of the change order, and what must not be written there.
FORBIDDEN = [
    ("change_order_kind_known", ChangeOrder, {}, {"kind": "exchange", "refund_due_minor": 0}),
    ("change_order_never_raises_the_total", ChangeOrder, {}, {"grand_total_minor": 1}),
    ("change_order_never_raises_the_total", ChangeOrder, {}, {"tax_minor": 1}),
    ("change_order_owed_before_within_refund_due", ChangeOrder, {}, {"owed_before_minor": -1}),
    (
        "change_order_owed_before_within_refund_due",
        ChangeOrder,
        {},
        {"owed_before_minor": F("refund_due_minor") + 1},
    ),
    ("change_order_of_a_return_refunds_nothing", ChangeOrder, {}, {"kind": "return"}),
    ("change_order_item_type_known", ChangeOrderItem, SHIRT, {"type": "exchange"}),
    ("change_order_item_never_raises_tax", ChangeOrderItem, SHIRT, {"tax_minor": 1}),
    ("change_order_item_never_raises_net", ChangeOrderItem, SHIRT, {"line_amount_minor": 1}),
    (
        "change_order_item_never_raises_net",
        ChangeOrderItem,
        SHIRT,
        {"order_adjustments_minor": -F("line_amount_minor") + 1},
    ),
    ("change_order_item_canceled_for_a_reason", ChangeOrderItem, SHIRT, {"reason_name": ""}),
    ("bundle_policy_only_one", BundlePolicy, {}, {"id": 2}),
    ("bundle_policy_rule_known", BundlePolicy, {}, {"rule": "most"}),
    ("refund_positive", Refund, {}, {"amount_minor": 0}),
    ("refund_status_known", Refund, {}, {"status": "sent"}),
]
ONCE = [
    ("change_order_once_per_request", ChangeOrder),
    ("change_order_item_once_per_line", ChangeOrderItem),
    ("refund_once_per_payment_and_change_order", Refund),
]


@pytest.fixture
def change_order(agent):
    """One shirt and its share of delivery, canceled."""
    return cancel(imported(shirts()), select(refund_delivery=True), by=agent)


@pytest.mark.usefixtures("without_triggers")
@pytest.mark.parametrize(("constraint", "model", "where", "values"), FORBIDDEN)
def test_the_database_refuses_what_must_not_be(change_order, constraint, model, where, values):
    if "kind" in values:
        Refund.objects.all().delete()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.filter(**where).update(**values)


@pytest.mark.parametrize(("constraint", "model"), ONCE)
def test_the_database_refuses_a_second(change_order, constraint, model):
    second = model.objects.first()
    second.pk = None

    with pytest.raises(IntegrityError, match=f"{constraint}|UNIQUE"), transaction.atomic():
        second.save(force_insert=True)


def test_every_constraint_is_tried():
    declared = {
        constraint.name
        for model in apps.get_app_config("cancellations").get_models()
        for constraint in model._meta.constraints
    }

    assert declared == {row[0] for row in (*FORBIDDEN, *ONCE)}


@pytest.mark.parametrize(
    "model", [OrderSummary, OrderItemSummary, PaymentSummary, ChangeOrder, CancellationReason]
)
def test_what_history_stands_on_cannot_be_deleted(change_order, model):
    with pytest.raises(ProtectedError):
        model.objects.all().delete()


def test_who_canceled_cannot_be_deleted(change_order):
    with pytest.raises(ProtectedError):
        change_order.created_by.delete()


def test_retired_reasons_are_not_offered():
    CancellationReason.objects.exclude(name="Other").update(retired=True)

    assert [f"{reason}" for reason in CancellationReason.objects.active()] == ["Other"]


def test_canceled_amounts_are_read_positive(change_order):
    assert show(change_order.canceled_minor, USD) == "108.15"
    assert show(change_order.totals.grand_total, USD) == "-108.15"


def test_unassigned_is_what_is_due_without_the_refunds(agent):
    order = imported(shirts(payments=[payment("216.29", full_refund_only=True)]))

    change_order = cancel(order, select(), by=agent)

    assert show(change_order.unassigned_minor, USD) == "103.95"


def test_rows_introduce_themselves(change_order):
    number = f"CO-{change_order.pk:08d}"

    assert f"{change_order}" == number
    assert f"{change_order.items.first()}" == "1 × Dress Shirt (line 1)"
    assert f"{change_order.refunds.get()}" == f"{number} over Visa ending 1111"
    assert change_order.get_absolute_url() == f"/change-orders/{number}/"
