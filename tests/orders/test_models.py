import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import F, ProtectedError

from orders.arithmetic.availability import NO_WHOLE_BUNDLE, BundleRule
from orders.arithmetic.money import show
from orders.models import (
    Account,
    Adjustment,
    DeliveryGroup,
    OrderEvent,
    OrderItemSummary,
    OrderSummary,
    PaymentSummary,
    Product,
    TaxLine,
)
from orders.standing import with_everything
from tests.support.builders import (
    USD,
    AccountFactory,
    DeliveryGroupFactory,
    OrderItemSummaryFactory,
    OrderSummaryFactory,
    PaymentSummaryFactory,
    ProductFactory,
    delivery_charge,
    imported,
    item,
    minor,
)
from tests.support.specimens import COMPLETE
from tests.support.statements import counted_statements

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

UNTAXED = F("product_minor") + F("order_adjustments_minor") + F("delivery_minor") + F("fees_minor")
NOTHING = dict.fromkeys(("order_adjustments_minor", "delivery_minor", "fees_minor", "tax_minor"), 0)
PRODUCT, CHARGE, PAYMENT = {"key": "3"}, {"key": "1001"}, {"key": "P2"}

# Constraint, model, the row of the complete order, and what must not be written there.
FORBIDDEN = [
    ("order_life_cycle_known", OrderSummary, {}, {"life_cycle": "closed"}),
    ("order_status_known", OrderSummary, {}, {"status": "Open"}),
    ("order_currency_places_known", OrderSummary, {}, {"currency_places": 4}),
    (
        "order_tax_not_negative",
        OrderSummary,
        {},
        {"tax_minor": -1, "grand_total_minor": UNTAXED - 1},
    ),
    (
        "order_grand_total_is_sum_of_totals",
        OrderSummary,
        {},
        {"grand_total_minor": F("grand_total_minor") + 1},
    ),
    ("order_grand_total_is_sum_of_totals", OrderSummary, {}, {"tax_locale": "gross"}),
    (
        "order_grand_total_not_negative",
        OrderSummary,
        {},
        {"product_minor": -1, "grand_total_minor": -1, **NOTHING},
    ),
    ("order_expected_elsewhere_not_negative", OrderSummary, {}, {"expected_elsewhere_minor": -1}),
    ("order_expected_elsewhere_not_negative", OrderSummary, {}, {"unpaid_elsewhere_minor": -1}),
    ("delivery_group_flagged_not_negative", DeliveryGroup, {"key": "G1"}, {"flagged_minor": -1}),
    ("line_status_known", OrderItemSummary, PRODUCT, {"status": "Created"}),
    ("line_unit_price_not_negative", OrderItemSummary, PRODUCT, {"unit_price_micros": -1}),
    ("line_unit_price_not_negative", OrderItemSummary, PRODUCT, {"line_amount_minor": -1}),
    ("line_ordered_at_least_one", OrderItemSummary, PRODUCT, {"quantity_ordered": 0}),
    (
        "line_canceled_and_allocated_within_ordered",
        OrderItemSummary,
        PRODUCT,
        {"quantity_canceled": 2},
    ),
    (
        "line_canceled_and_allocated_within_ordered",
        OrderItemSummary,
        PRODUCT,
        {"quantity_canceled": 1, "quantity_allocated": 1},
    ),
    ("line_fulfilled_within_allocated", OrderItemSummary, PRODUCT, {"quantity_fulfilled": 1}),
    (
        "line_return_initiated_within_fulfilled",
        OrderItemSummary,
        PRODUCT,
        {"quantity_return_initiated": 1},
    ),
    (
        "line_returned_within_return_initiated",
        OrderItemSummary,
        PRODUCT,
        {"quantity_returned": 1},
    ),
    (
        "line_returned_never_less_than_at_import",
        OrderItemSummary,
        PRODUCT,
        {"quantity_returned_at_import": 1},
    ),
    (
        "line_canceled_elsewhere_within_canceled",
        OrderItemSummary,
        PRODUCT,
        {"quantity_canceled_elsewhere": 1},
    ),
    (
        "line_canceled_elsewhere_within_canceled",
        OrderItemSummary,
        PRODUCT,
        {"quantity_canceled_at_import": 1},
    ),
    ("line_is_product_or_plain_charge", OrderItemSummary, PRODUCT, {"type": "service"}),
    ("line_is_product_or_plain_charge", OrderItemSummary, PRODUCT, {"released": True}),
    ("line_is_product_or_plain_charge", OrderItemSummary, PRODUCT, {"type": "fee"}),
    ("line_is_product_or_plain_charge", OrderItemSummary, CHARGE, {"delivery_group": None}),
    ("line_is_product_or_plain_charge", OrderItemSummary, CHARGE, {"released": True}),
    ("line_is_product_or_plain_charge", OrderItemSummary, CHARGE, {"bundle": F("pk")}),
    ("line_is_product_or_plain_charge", OrderItemSummary, CHARGE, {"quantity_canceled": 1}),
    ("line_is_product_or_plain_charge", OrderItemSummary, CHARGE, {"quantity_allocated": 1}),
    ("adjustment_scope_known", Adjustment, {"scope": "order"}, {"scope": "item"}),
    ("tax_not_negative", TaxLine, {"line__key": "1001"}, {"amount_minor": -1}),
    ("payment_amounts_not_negative", PaymentSummary, PAYMENT, {"refunded_elsewhere_minor": -1}),
    ("payment_amounts_not_negative", PaymentSummary, PAYMENT, {"refunded_here_minor": -1}),
    ("payment_amounts_not_negative", PaymentSummary, PAYMENT, {"reserved_minor": -1}),
    ("payment_amounts_not_negative", PaymentSummary, PAYMENT, {"captured_minor": -1}),
    ("payment_amounts_not_negative", PaymentSummary, PAYMENT, {"authorized_minor": -1}),
    ("payment_amounts_not_negative", PaymentSummary, PAYMENT, {"charged_back_minor": -1}),
    ("payment_amounts_not_negative", PaymentSummary, PAYMENT, {"released_minor": -1}),
    ("payment_released_with_what_was_captured", PaymentSummary, PAYMENT, {"released_minor": 1}),
    (
        "payment_released_with_what_was_captured",
        PaymentSummary,
        PAYMENT,
        {"captured_at_release_minor": 0},
    ),
    ("event_type_known", OrderEvent, {}, {"type": "foo"}),
]
ONCE = [
    ("delivery_group_key_unique", DeliveryGroupFactory),
    ("line_key_unique", OrderItemSummaryFactory),
    ("payment_key_unique", PaymentSummaryFactory),
]
TOLD_ONCE = [
    ("event_sequence_unique", {"sequence": 1}),
    ("event_reported_once", {"sequence": 3, "request_id": "R-1"}),
]
# Whatever breaks this one breaks the sum of totals as well.
SHADOWED = {"order_tax_locale_known"}


@pytest.mark.usefixtures("without_triggers")
@pytest.mark.parametrize(("constraint", "model", "where", "values"), FORBIDDEN)
def test_the_database_refuses_what_must_not_be(constraint, model, where, values):
    imported(COMPLETE)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.filter(**where).update(**values)


def test_every_constraint_is_tried():
    declared = {
        constraint.name
        for model in apps.get_app_config("orders").get_models()
        for constraint in model._meta.constraints
    }

    tried = {row[0] for row in (*FORBIDDEN, *ONCE, *TOLD_ONCE)}

    assert declared == tried | SHADOWED


@pytest.mark.usefixtures("without_triggers")
@pytest.mark.parametrize(("constraint", "again"), TOLD_ONCE)
def test_an_event_is_told_once(constraint, again):
    event = imported().events.get()
    written_again(event, sequence=2, request_id="R-1")

    with pytest.raises(IntegrityError, match=f"{constraint}|UNIQUE"), transaction.atomic():
        written_again(event, **again)


def written_again(row, **changes):
    """Another row like this one, but for these changes."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row).objects.create(**{**values, "id": None, **changes})


@pytest.mark.usefixtures("without_triggers")
@pytest.mark.parametrize(("constraint", "factory"), ONCE)
def test_keys_are_unique_in_their_order_alone(constraint, factory):
    order = OrderSummaryFactory()
    factory(order=order, key="1")
    factory(key="1")

    with pytest.raises(IntegrityError, match=f"{constraint}|UNIQUE"), transaction.atomic():
        factory(order=order, key="1")


@pytest.mark.parametrize(
    ("factory", "field"),
    [(AccountFactory, "number"), (ProductFactory, "sku"), (OrderSummaryFactory, "order_number")],
)
def test_numbers_are_unique(factory, field):
    factory(**{field: "1"})

    with pytest.raises(IntegrityError), transaction.atomic():
        factory(**{field: "1"})


def test_what_orders_stand_on_cannot_be_deleted():
    imported(COMPLETE)

    for model in (Account, Product):
        with pytest.raises(ProtectedError):
            model.objects.all().delete()


@pytest.mark.parametrize(
    ("life_cycle", "allocated", "keys"),
    [
        ("managed", (0, 0), ["1", "2"]),
        ("managed", (2, 0), ["2"]),
        ("managed", (2, 2), []),
        ("unmanaged", (0, 0), []),
    ],
)
def test_cancelable_are_managed_orders_with_a_product_line_that_has_something_left(
    life_cycle, allocated, keys
):
    first, second = allocated
    lines = [
        item(quantity_allocated=first),
        item("2", bundle="1", quantity_allocated=second),
        delivery_charge(),
    ]

    order = imported(items=lines, life_cycle=life_cycle)

    available = order.available_to_cancel(BundleRule.ANY)
    judged = [line.key for line in order.lines.all() if order.is_managed and available.get(line.pk)]
    assert judged == keys
    assert order.is_cancelable is bool(keys)
    assert (order.obstacle(BundleRule.ANY, available) is None) is bool(keys)


def test_where_bundles_go_whole_cancel_all_wants_one_that_is():
    order = imported(
        items=[item(), item("2", bundle="1", quantity_allocated=2), item("3", bundle="1")]
    )

    whole = BundleRule.WHOLE_BUNDLES
    available = order.available_to_cancel(whole)
    assert order.obstacle(whole, available) is None
    assert order.obstacle(whole, available, to_all=True) is NO_WHOLE_BUNDLE
    every = order.available_to_cancel(BundleRule.ANY)
    assert order.obstacle(BundleRule.ANY, every, to_all=True) is None


def test_a_payment_tells_what_is_refunded_and_refundable():
    payment = PaymentSummaryFactory.build(
        refunded_elsewhere_minor=minor("3.00"),
        refunded_here_minor=minor("1.50"),
        reserved_minor=minor("0.25"),
    )

    assert show(payment.refunded_minor, USD) == "4.50"
    assert show(payment.refundable_minor, USD) == "15.25"


@pytest.mark.postgresql
def test_order_numbers_are_compared_by_bytes_whatever_the_servers_locale():
    column = OrderSummary._meta.db_table, "order_number"

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT collation_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s AND column_name = %s",
            column,
        )

        assert cursor.fetchall() == [("C",)]


def test_rows_introduce_themselves():
    order = imported(COMPLETE)

    line, group, payment = order.lines.first(), order.delivery_groups.first(), order.payments.last()

    assert f"{order}, {order.account}" == "00001401, Lauren Boyle"
    assert f"{line}, {line.product}" == "Home Theater Set (line 1), Home Theater Set"
    assert f"{group}, {payment}" == "Ground to Lauren Boyle, Gift card"
    assert f"{line.adjustments.get()}, {line.taxes.get()}" == "SUMMER, Sales tax"
    assert order.get_absolute_url() == "/order-summaries/00001401/"


@pytest.mark.budget
def test_an_order_is_read_in_as_many_statements_whatever_its_size():
    for number, lines in (("X-1", 1), ("X-2", 30)):
        imported(order_number=number, items=[item(f"{n}") for n in range(lines)])

    for number in ("X-1", "X-2"):
        with counted_statements(6):
            with_everything().get(order_number=number)
