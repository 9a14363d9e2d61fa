from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError

from cancellations.acts.cancel import preview_cancellation
from cancellations.acts.submit import ask_second_person
from cancellations.models import (
    Approval,
    Attempt,
    BundlePolicy,
    CancellationReason,
    ChangeOrder,
    ChangeOrderItem,
    CustomerNotice,
    GatewayNotice,
    ProcessException,
    Refund,
    Release,
)
from cancellations.refunds.attention import call_for_a_person, call_for_an_assignment
from cancellations.snapshots import Snapshot
from orders.arithmetic.money import show
from orders.models import OrderItemSummary, OrderSummary, PaymentSummary
from tests.support.builders import (
    USD,
    cancel,
    imported,
    payment,
    report,
    request,
    select,
    shirts,
)
from tests.support.undone import undone

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

SHIRT = {"line__key": "1"}
PAID = {"category": "payment"}
SOME_TIME = datetime(2026, 1, 5, 12, tzinfo=UTC)
DECIDED_ALONE = {"decided_at": SOME_TIME, "decided_by": F("requested_by")}

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
    ("change_order_from_elsewhere_refunds_nothing", ChangeOrder, {}, {"kind": "return"}),
    ("change_order_item_type_known", ChangeOrderItem, SHIRT, {"type": "exchange", "quantity": 0}),
    ("change_order_reversal_undoes_another", ChangeOrder, {}, {"undoes_id": F("id")}),
    (
        "change_order_reversal_gives_back",
        ChangeOrder,
        {},
        {"kind": "reversal", "undoes_id": F("id"), "refund_due_minor": 0},
    ),
    ("change_order_item_takes_off_or_gives_back", ChangeOrderItem, SHIRT, {"tax_minor": 1}),
    ("change_order_item_takes_off_or_gives_back", ChangeOrderItem, SHIRT, {"line_amount_minor": 1}),
    (
        "change_order_item_takes_off_or_gives_back",
        ChangeOrderItem,
        SHIRT,
        {"order_adjustments_minor": -F("line_amount_minor") + 1},
    ),
    (
        "change_order_item_moves_units_of_products_alone",
        ChangeOrderItem,
        SHIRT,
        {"type": "fee_adjustment"},
    ),
    ("bundle_policy_only_one", BundlePolicy, {}, {"id": 2}),
    ("bundle_policy_rule_known", BundlePolicy, {}, {"rule": "most"}),
    ("refund_positive", Refund, {}, {"amount_minor": 0}),
    ("refund_status_known", Refund, {}, {"status": "sent"}),
    ("release_positive", Release, {}, {"amount_minor": 0}),
    ("release_status_known", Release, {}, {"status": "sent"}),
    ("exception_about_a_line_or_a_payment", ProcessException, PAID, {"category": "fulfillment"}),
    ("exception_about_a_line_or_a_payment", ProcessException, PAID, {"payment": None}),
    (
        "exception_about_a_refund_or_a_release",
        ProcessException,
        {"refund__isnull": False},
        {"payment": None},
    ),
    ("attempt_of_a_refund_or_a_release", Attempt, {}, {"refund": None}),
    ("attempt_outcome_known", Attempt, {}, {"outcome": "sent"}),
    ("customer_notice_status_known", CustomerNotice, {}, {"status": "read"}),
    ("exception_resolved_by_someone", ProcessException, PAID, {"resolved_at": SOME_TIME}),
    ("exception_resolved_by_someone", ProcessException, PAID, {"note": "Paid twice"}),
    ("approval_kind_known", Approval, {}, {"kind": "return"}),
    ("approval_status_known", Approval, {}, {"status": "later", **DECIDED_ALONE}),
    ("approval_decided_by_someone", Approval, {}, {"decided_at": SOME_TIME}),
    ("approval_by_a_second_person", Approval, {}, {"status": "refused", **DECIDED_ALONE}),
    ("approval_makes_a_change_order", Approval, {}, {"change_order_id": 0}),
]
ONCE = [
    ("change_order_once_per_request", ChangeOrder, {}),
    ("change_order_item_once_per_line", ChangeOrderItem, {}),
    ("refund_once_per_payment_and_change_order", Refund, {}),
    ("release_once_per_payment_and_change_order", Release, {}),
    ("exception_open_once_per_line", ProcessException, SHIRT),
    ("exception_open_once_per_payment", ProcessException, PAID),
    ("exception_open_once_per_refund", ProcessException, {"refund__isnull": False}),
    ("exception_open_once_per_release", ProcessException, {"release__isnull": False}),
    (
        "exception_open_once_for_what_is_unassigned",
        ProcessException,
        {"payment": None, "line": None, "category": "refund"},
    ),
    ("exception_open_once_for_records", ProcessException, {"category": "records"}),
    ("approval_requested_once", Approval, {}),
    ("customer_notice_once_per_kind", CustomerNotice, {}),
    ("gateway_notice_taken_once", GatewayNotice, {}),
]


@pytest.fixture
def change_order(agent):
    """One shirt and its share of delivery, canceled; an authorization was given up by it."""
    paid = [payment("216.29"), payment("50.00", "P2", captured="0.00")]
    return cancel(imported(shirts(payments=paid)), select(refund_delivery=True), by=agent)


@pytest.fixture
def exceptions(change_order):
    """Both shirts have shipped, it is said, and the authorization was captured after all."""
    asked = request(change_order.order, select())
    judged = preview_cancellation(request=asked, by=change_order.created_by)
    agreed = Snapshot.of(judged.quote, judged.lines)
    ask_second_person(request=asked, agreed=agreed, by=change_order.created_by)
    report(
        change_order.order,
        {"key": "1", "quantity_allocated": 2, "quantity_fulfilled": 2},
        payments=[{"key": "P2", "captured": "50.00"}],
    )
    for row in (change_order.refunds.get(), change_order.releases.get()):
        call_for_a_person(row, why="failed", now=SOME_TIME)
    call_for_an_assignment(change_order.order, minor=1, now=SOME_TIME)
    ProcessException.objects.create(
        order=change_order.order, category="records", severity="high", facts={}
    )
    Attempt.objects.create(
        refund=change_order.refunds.get(), call="send", lease=uuid4(), began_at=SOME_TIME
    )
    CustomerNotice.objects.create(change_order=change_order, kind="changed")
    GatewayNotice.objects.create(gateway="stripe", notice_id="evt_1", type="refund.updated")


@pytest.mark.usefixtures("without_triggers", "exceptions")
def test_the_database_refuses_what_must_not_be(subtests):
    for constraint, model, where, values in FORBIDDEN:
        with subtests.test(constraint=constraint, values=values), undone():
            if "kind" in values:
                for rows in (ProcessException.objects, Attempt.objects, Refund.objects):
                    rows.all().delete()

            with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
                model.objects.filter(**where).update(**values)


@pytest.mark.usefixtures("exceptions")
def test_the_database_refuses_a_second(subtests):
    for constraint, model, where in ONCE:
        second = model.objects.filter(**where).first()
        second.pk = None
        if hasattr(second, "idempotency_key"):
            second.idempotency_key = "another"

        with (
            subtests.test(constraint=constraint),
            pytest.raises(IntegrityError, match=f"{constraint}|UNIQUE"),
            transaction.atomic(),
        ):
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
