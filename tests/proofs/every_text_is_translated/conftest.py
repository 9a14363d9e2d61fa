"""Reads pages in a language that brackets every translated text."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import Group, Permission, User

from cancellations.acts.record_fulfillment import record_fulfillment
from cancellations.acts.take_order import import_orders
from cancellations.documents.fulfillment import read_fulfillment
from cancellations.models import (
    BundlePolicy,
    CancellationReason,
    ChangeOrder,
    ProcessException,
    Refund,
    Release,
)
from cancellations.refunds.gateways import known_gateways
from orders.documents.order import read_order
from orders.models import OrderSummary, PaymentSummary
from tests.proofs.every_text_is_translated.driver import Driver
from tests.support.builders import (
    USD,
    adjustment,
    delivery_charge,
    delivery_group,
    imported,
    order_document,
    payment,
    product,
    select,
    select_all,
    system_user,
    tax,
)
from tests.support.builders import cancel as cancel_order
from tests.support.pseudo_locale import pseudo_locale, untranslated, words

DATA = {
    "Countermand",
    "Lauren Boyle",
    "Lauren",
    "lauren@example.com",
    "A-1001",
    "Ground",
    "1 Market St",
    "Visa ending 1111",
    "Web",
    "sandbox",
    *known_gateways(),
    "ch_1/declines",
    "ch_1",
    "The sandbox declined.",
    "SUMMER",
    "Gift wrap",
    "Sales tax",
    "City tax",
    "Seen to.",
    "channel",
    "It came twice",
    "USD",
    "nonsense",
    "x" * 1001,
}


@pytest.fixture
def reads(client, manager):
    """Asks for a page as a manager would who may see the admin too."""
    manager.is_staff = True
    manager.save()
    client.force_login(manager)
    client.raise_request_exception = False

    def read(url, shows, *, status=200, posted=None, **extra):
        """What is not translated on the page, at the end of all redirects.

        Args:
            shows: Words of the state that the page is asked for in; without them it fails.
            posted: The fields, if the page is asked for by a POST.
        """
        with pseudo_locale():
            ask = client.get if posted is None else client.post
            response = ask(url, posted, follow=True, **extra)
        page = response.text
        assert response.status_code == status
        assert shows in words(page)
        return untranslated(page, _data())

    return read


@pytest.fixture
def reads_all(reads):
    """Reads pages of one stage, each with its words; gives what is not translated, by page."""

    def read(pages, **options):
        return {page: found for page, shows in pages if (found := reads(page, shows, **options))}

    return read


def _data():
    """What the pages show of the database."""
    names = set(DATA)
    for model, column in (
        (CancellationReason, "name"),
        (User, "username"),
        (Group, "name"),
        (Permission, "name"),
        (ChangeOrder, "request_id"),
        (Refund, "idempotency_key"),
        (Refund, "gateway_id"),
        (Release, "idempotency_key"),
        (PaymentSummary, "gateway_reference"),
    ):
        names |= set(model.objects.values_list(column, flat=True))
    for order in OrderSummary.objects.prefetch_related("lines__product"):
        names |= {order.order_number, *(line.name for line in order.lines.all())}
        names |= {line.product.sku for line in order.lines.all() if line.product}
    for exception in ProcessException.objects.filter(category="records"):
        names |= set(exception.facts["differences"])
    policy = BundlePolicy.objects.first()
    names |= set(policy.text.splitlines()) if policy else set()
    return names


@pytest.fixture
def orders_of_every_kind(new_order):
    """W-1 has all to cancel; the others are canceled, shipped, unmanaged, owed money, or bare."""
    shipped = {"quantity_allocated": 1, "quantity_fulfilled": 1}
    new_order(_bundle())
    taxed = {"adjustments": [adjustment("-1.00")], "taxes": [tax("0.45", "0.05")]}
    new_order([product("1", **taxed)], "GONE", tax_locale="gross")
    new_order([product("1", **shipped)], "SHIPPED")
    new_order([product("1")], "UNMANAGED", life_cycle="unmanaged")
    owed = [payment("500.00", full_refund_only=True)]
    new_order([product("1", 2)], "OWED", payments=owed)
    new_order([], "BARE", payments=[], delivery_groups=[])


def _bundle():
    """The items of an order that shows what an order can: a bundle, a discount, a delivery."""
    return [
        product("1", 2, "99.00", name="Home Theater", sku="SET")
        | {"adjustments": [adjustment("-5.00", scope="order")], "taxes": [tax("9.65", "0.05")]},
        product("2", 4, "10.00", name="Speaker", sku="SPK") | {"bundle": "1"},
        product("3", 3, "7.00", name="Cable", sku="CBL"),
        product("4", 1, "3.00", name="Stand", sku="STD", quantity_allocated=1),
        delivery_charge(name="Ground"),
    ]


@pytest.fixture
def canceled(orders_of_every_kind, manager):
    """A change order of every kind, with refunds."""
    gone, owed, some_of_it = (
        OrderSummary.objects.get(order_number=number) for number in ("GONE", "OWED", "W-1")
    )
    cancel_order(gone, select_all(), by=manager)
    cancel_order(owed, select(quantity=1, note="It came twice"), by=manager)
    bundle = select("1", 1, refund_delivery=True)
    alone = replace(bundle, asked=replace(bundle.asked, takes_children=False))
    cancel_order(some_of_it, alone, by=manager)
    report = {
        "order_number": "SHIPPED",
        "items": [{"key": "1", "quantity_return_initiated": 1, "quantity_returned": 1}],
    }
    record_fulfillment(report=read_fulfillment(report, currency=USD), by=manager)


@pytest.fixture
def told_of_money(canceled, manager):
    """Orders with fees, a guest, taxes by name, a refund expected elsewhere, and exceptions."""
    shipped = {"quantity_allocated": 1, "quantity_fulfilled": 1}
    back = {**shipped, "quantity_return_initiated": 1, "quantity_returned": 1}
    taxes = [tax("0.40"), {"name": "City tax", "rate": None, "amount": "0.10"}]
    _new("COAT", [product("1", 2, taxes=taxes, **back)], [payment("21.00", refunded="0.50")])
    two = [payment("30.00"), payment("20.00", "P2", captured="9.00")]
    _new("GUEST", [product("1", 2), FEE, delivery_charge(name="Ground")], two, account=None)
    _new("ODD", [product("1", 1)], [payment("10.00", charged_back="12.00")])
    _new("LEFT", [product("1"), FEE, delivery_charge(name="Ground")], [payment("30.00")])
    cancel_order(OrderSummary.objects.get(order_number="LEFT"), select_all(), by=manager)
    for counters in ({"quantity_canceled": 1}, dict.fromkeys(shipped, 9)):
        report = {"order_number": "UNMANAGED", "items": [{"key": "1", **counters}]}
        record_fulfillment(report=read_fulfillment(report, currency=USD), by=manager)


FEE = {"key": "9", "type": "fee", "name": "Gift wrap", "quantity": 1, "unit_price": "4.00"}


def _new(number, items, payments, **changes):
    """Imports an order, and then a document of it with another channel."""
    ground = delivery_group(method="Ground", deliver_to="Lauren", address="1 Market St")
    document = order_document(
        order_number=number, items=items, payments=payments, delivery_groups=[ground], **changes
    )
    imported(document)
    import_orders([read_order(document | {"channel": "Web"})], by=system_user())


@pytest.fixture
def run(orders_of_every_kind, reads, client):
    return Driver(reads, client, "W-1")


@pytest.fixture
def cancel_all(orders_of_every_kind, reads, client):
    return Driver(reads, client, "W-1", "cancel_all")
