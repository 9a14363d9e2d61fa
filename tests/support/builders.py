"""Rows and documents with boring defaults; orders come in through the real import.

Totals and statuses follow from the import, so what a test cancels is made by
``imported(order_document(...))``; the model factories are for what stands beside it.
Money is written as text, here and in tests.
"""

from datetime import UTC, datetime
from itertools import count
from uuid import uuid4

import factory
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.utils import timezone

from cancellations.acts.cancel import submit_cancellation
from cancellations.acts.record_fulfillment import record_fulfillment
from cancellations.acts.settle import submit_settlement
from cancellations.acts.take_order import ImportOutcome, import_orders
from cancellations.arithmetic.quotes import Asked
from cancellations.documents.fulfillment import read_fulfillment
from cancellations.models import Attempt
from cancellations.models.refund_states import RefundStatus
from cancellations.refunds.answers import take_answer
from cancellations.refunds.attention import about
from cancellations.refunds.gateways import Answer
from cancellations.seeds import SYSTEM_USER
from cancellations.selection import (
    CancellationRequest,
    EverythingEligible,
    SelectedItems,
    SelectedLine,
    SettlementRequest,
)
from cancellations.snapshots import NotReviewed
from console.people.rights import AGENT, APPROVER, AUDITOR, MANAGER, VIEWER
from orders.arithmetic.currencies import currency_on
from orders.arithmetic.money import parse, show
from orders.arithmetic.statuses import LineStatus, OrderStatus
from orders.documents.order import as_it_came, read_order
from orders.locking import locked_order
from orders.models import (
    Account,
    DeliveryGroup,
    OrderEvent,
    OrderItemSummary,
    OrderSummary,
    PaymentSummary,
    Product,
)

_numbers = count(1)


def currency(code):
    """A currency with its places, as ISO 4217 has it."""
    return currency_on(code, None)


USD, JPY, KWD = map(currency, ["USD", "JPY", "KWD"])


def minor(text, code="USD"):
    """An amount as tests write it, in minor units."""
    return parse(text, currency(code))


def _joins(name):
    return factory.PostGeneration(
        lambda user, create, extracted, **kwargs: user.groups.add(Group.objects.get(name=name))
    )


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        viewer = factory.Trait(joined=_joins(VIEWER))
        agent = factory.Trait(joined=_joins(AGENT))
        manager = factory.Trait(joined=_joins(MANAGER))
        auditor = factory.Trait(joined=_joins(AUDITOR))
        approver = factory.Trait(joined=_joins(APPROVER))

    username = factory.Sequence(lambda n: f"user{n}")
    password = factory.LazyFunction(lambda: make_password(None))


class AccountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Account
        skip_postgeneration_save = True

    number = factory.Sequence(lambda n: f"A-{n:04}")
    name = "Lauren Boyle"
    email = "lauren.boyle@example.com"
    named_at = datetime(2026, 1, 5, 12, tzinfo=UTC)


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Product
        skip_postgeneration_save = True

    sku = factory.Sequence(lambda n: f"SKU-{n:04}")
    name = "Dress Shirt"


class OrderSummaryFactory(factory.django.DjangoModelFactory):
    """An order without lines, as rows alone: its own, and the event that it comes with."""

    class Meta:
        model = OrderSummary
        skip_postgeneration_save = True

    order_number = factory.Sequence(lambda n: f"F{n:07}")
    account = factory.SubFactory(AccountFactory)
    ordered_at = datetime(2026, 1, 5, 12, tzinfo=UTC)
    currency_code = "USD"
    currency_places = 2
    fingerprint = factory.LazyAttribute(lambda order: f"{order.order_number:x<64}")
    status = OrderStatus.CREATED
    product_minor = 0
    order_adjustments_minor = 0
    delivery_minor = 0
    tax_minor = 0
    fees_minor = 0
    grand_total_minor = 0
    events_written = 1

    @factory.post_generation
    def event(order, create, extracted, **kwargs):
        if create:
            order.events.create(
                sequence=1,
                type=OrderEvent.Type.IMPORTED,
                by=system_user(),
                grand_total_minor=0,
                held_minor=0,
                expected_elsewhere_minor=0,
                given_elsewhere_minor=0,
                unpaid_elsewhere_minor=0,
            )


class DeliveryGroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DeliveryGroup
        skip_postgeneration_save = True

    order = factory.SubFactory(OrderSummaryFactory)
    key = factory.Sequence(lambda n: f"G{n}")
    position = factory.Sequence(lambda n: n)
    method = "Standard Ground"
    deliver_to = "Lauren Boyle"
    address = "1 Market St, Springfield"


class OrderItemSummaryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrderItemSummary
        skip_postgeneration_save = True

    order = factory.SubFactory(OrderSummaryFactory)
    key = factory.Sequence(lambda n: f"{n}")
    position = factory.Sequence(lambda n: n)
    product = factory.SubFactory(ProductFactory)
    name = "Dress Shirt"
    unit_price_micros = 10_000_000
    line_amount_minor = minor("20.00")
    quantity_ordered = 2
    status = LineStatus.ORDERED


class PaymentSummaryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PaymentSummary
        skip_postgeneration_save = True

    order = factory.SubFactory(OrderSummaryFactory)
    key = factory.Sequence(lambda n: f"P{n}")
    position = factory.Sequence(lambda n: n)
    method = "Visa ending 1111"
    gateway = "sandbox"
    authorized_minor = minor("20.00")
    captured_minor = minor("20.00")


def order_document(**changes):
    """An order document; unless payments are given, one payment has captured all of it."""
    document = {
        "order_number": f"T{next(_numbers):07}",
        "ordered_at": "2026-01-05T12:00:00Z",
        "currency": "USD",
        "account": {"number": "A-1001", "name": "Lauren Boyle"},
        "delivery_groups": [delivery_group()],
        "items": [item()],
        **changes,
    }
    if "payments" not in changes:
        document["payments"] = [payment(_worth(document))]
    return document


def delivery_group(key="G1", **changes):
    return {
        "key": key,
        "method": "Standard Ground",
        "deliver_to": "Lauren Boyle",
        "address": "1 Market St, Springfield",
        **changes,
    }


def item(key="1", **changes):
    """A product line: 2 at 10.00, delivered with the first group."""
    return {
        "key": key,
        "type": "product",
        "sku": f"SKU-{key}",
        "name": f"Thing {key}",
        "quantity": 2,
        "unit_price": "10.00",
        "delivery_group": "G1",
        **changes,
    }


def product(key, quantity=1, price="10.00", **changes):
    """The same with what matters most in few words: 1 at 10.00 unless told otherwise."""
    return item(key, quantity=quantity, unit_price=price, **changes)


def delivery_charge(key="1001", **changes):
    return {
        "key": key,
        "type": "delivery_charge",
        "name": "Standard Ground",
        "quantity": 1,
        "unit_price": "7.99",
        "delivery_group": "G1",
        **changes,
    }


def fee(key="2001", **changes):
    return {
        "key": key,
        "type": "fee",
        "name": "Gift wrap",
        "quantity": 1,
        "unit_price": "3.00",
        **changes,
    }


def adjustment(amount, scope="line"):
    return {"name": "SUMMER", "scope": scope, "amount": amount}


def tax(amount, rate=None):
    return {"name": "Sales tax", "rate": rate, "amount": amount}


def payment(amount="20.00", key="P1", **changes):
    """A payment that was authorized and captured."""
    return {
        "key": key,
        "method": "Visa ending 1111",
        "gateway": "sandbox",
        "gateway_reference": f"ch_{key}",
        "authorized": amount,
        "captured": amount,
        **changes,
    }


def shirts(**changes):
    """The worked example of domain.md §9: two shirts and their delivery, 216.29 in all."""
    shirt = item(name="Dress Shirt", unit_price="99.00", taxes=[tax("9.90", "0.05")])
    ground = delivery_charge(taxes=[tax("0.40", "0.05")])
    return order_document(items=[shirt, ground], **changes)


def imported(document=None, **changes):
    """The order summary that the import makes of a document (or of the usual one), changed."""
    document = order_document(**changes) if document is None else {**document, **changes}
    [result] = import_orders([read_order(document)], by=system_user())
    assert result.outcome is ImportOutcome.IMPORTED, result.problems
    return OrderSummary.objects.get(order_number=document["order_number"])


def system_user():
    """Who acts when a command does."""
    return User.objects.get(username=SYSTEM_USER)


def select(key="1", quantity=1, **changes):
    """What an agent answers for one line; of a bundle named alone the default children go along."""
    asked = Asked(
        key, quantity, changes.pop("refund_delivery", False), changes.pop("takes_children", True)
    )
    return SelectedLine(asked, **{"reason": "Changed Mind", **changes})


def select_all(**changes):
    return EverythingEligible(**{"reason": "Changed Mind", **changes})


def request(order, *lines, request_id=None, refund_fees=False):
    """A request to cancel lines, or all that is eligible, of an order."""
    everything = lines and isinstance(lines[0], EverythingEligible)
    selection = lines[0] if everything else SelectedItems(lines, refund_fees)
    return CancellationRequest(
        order.order_number, request_id or f"request-{next(_numbers)}", selection
    )


def cancel(order, *lines, by, **changes):
    """Cancel without a review; gives the change order."""
    asked = request(order, *lines, **changes)
    return submit_cancellation(request=asked, agreed=NotReviewed(), by=by).change_order


def report(order, *items, payments=()):
    """Take over what others report of lines and payments, as documents say it."""
    told = {"order_number": order.order_number, "items": [*items], "payments": [*payments]}
    document = read_fulfillment(told, currency=order.currency)
    return record_fulfillment(report=document, by=system_user())


def settle(order, *, by, **asked):
    """Refund what is owed without a review; gives the change order."""
    wanted = SettlementRequest(order.order_number, f"settlement-{next(_numbers)}", **asked)
    return submit_settlement(request=wanted, agreed=NotReviewed(), by=by).change_order


def carried_out(refund, outcome="succeeded"):
    """A refund or release of which its gateway has said what became of it."""
    row = type(refund).objects.for_carrying_out().get(pk=refund.pk)
    now = timezone.now()
    with locked_order(row.change_order.order.order_number) as order:
        row.status, row.lease = RefundStatus.PROCESSING, uuid4()
        row.save(update_fields=["status", "lease"])
        Attempt.objects.create(
            **about(row),
            call=Attempt.Call.SEND,
            lease=row.lease,
            idempotency_key=row.idempotency_key,
            began_at=now,
            outcome=outcome,
        )
        take_answer(
            order,
            row,
            Answer(Attempt.Outcome(outcome)),
            by=system_user(),
            now=now,
            call=Attempt.Call.SEND,
        )
    return row


def _worth(document):
    order = as_it_came(read_order({**document, "payments": []}))
    return show(order.totals.grand_total, order.currency)
