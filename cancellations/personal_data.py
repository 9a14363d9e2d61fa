"""Which texts hold personal data, and how each is found from an order; whatever else is free of it.

A test holds that every text of every model stands here or in ``FREE``: a new field is judged
when it is made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from cancellations.models import (
    Approval,
    Attempt,
    BundlePolicy,
    CancellationReason,
    ChangeOrder,
    ChangeOrderItem,
    CustomerNotice,
    GatewayNotice,
    InternalNote,
    ProcessException,
    Refund,
    Release,
    SandboxEntry,
    Unassigned,
    Worker,
)
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


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of a model that hold personal data of an order's customer.

    Attributes:
        orders: The lookup from the model to the primary key of its order.
        but: Codes that a field may hold in place of a text.
    """

    model: type[Model]
    orders: str
    fields: tuple[str, ...]
    but: tuple[str, ...] = ()

    def of(self, order_ids: Sequence[int]) -> QuerySet:
        """The rows that belong to these orders."""
        return self.model._default_manager.filter(**{f"{self.orders}__in": order_ids})


OF_AN_ORDER = (
    Texts(OrderSummary, "pk", ("customer_name", "customer_email")),
    Texts(DeliveryGroup, "order", ("deliver_to", "address")),
    Texts(ChangeOrder, "order", ("note",)),
    Texts(ChangeOrderItem, "change_order__order", ("note",)),
    Texts(ProcessException, "order", ("note",)),
    Texts(Approval, "order", ("agreed", "note")),
    Texts(InternalNote, "order", ("text",)),
    Texts(Refund, "payment__order", ("remark", "reference")),
    Texts(Release, "payment__order", ("remark", "reference")),
    Texts(
        CustomerNotice,
        "change_order__order",
        ("remark",),
        but=(CustomerNotice.MAY_HAVE_BEEN_SENT,),
    ),
)
"""Names, addresses, and whatever people or gateways wrote in words of their own."""

BODIES: tuple[tuple[type[Model], str, tuple[str, ...]], ...] = (
    (Attempt, "refund__payment__order", ("request", "answer")),
    (Attempt, "release__payment__order", ("request", "answer")),
    (Approval, "order", ("content",)),
)
"""What was sent to gateways and came back, or was asked with notes: it is emptied as a whole."""

GATEWAYS_WORDS = (ProcessException, "facts", "remark")
"""What a gateway said last stands in the facts of an exception, under this key."""

OF_AN_ACCOUNT = ("name", "email")

FREE: Mapping[type[Model], tuple[str, ...]] = {
    Account: ("number",),
    Product: ("sku", "name"),
    OrderSummary: (
        "order_number",
        "currency_code",
        "channel",
        "life_cycle",
        "tax_locale",
        "fingerprint",
        "status",
    ),
    OrderEvent: ("type", "request_id", "fingerprint", "facts"),
    DeliveryGroup: ("key", "method"),
    OrderItemSummary: ("key", "type", "name", "status"),
    Adjustment: ("name", "scope"),
    TaxLine: ("name", "rate"),
    PaymentSummary: ("key", "method", "gateway", "gateway_reference"),
    CancellationReason: ("name",),
    BundlePolicy: ("text", "rule"),
    ChangeOrder: ("kind", "request_id", "fingerprint", "actor_name"),
    ChangeOrderItem: ("type", "reason_name"),
    Refund: ("currency_code", "status", "idempotency_key", "gateway_id", "by_hand", "paid_by"),
    Release: ("currency_code", "status", "idempotency_key", "gateway_id", "by_hand", "paid_by"),
    Attempt: ("call", "idempotency_key", "outcome"),
    GatewayNotice: ("gateway", "notice_id", "type", "taken_as"),
    SandboxEntry: ("key", "kind", "reference", "currency", "answer", "about"),
    ProcessException: ("category", "severity"),
    Approval: ("kind", "request_id", "fingerprint", "status"),
    CustomerNotice: ("kind", "status"),
    InternalNote: (),
    Unassigned: (),
    Worker: ("name",),
}
"""Codes, numbers, keys and the shop's own words: they stay when a customer is erased.

A fingerprint names what an order document held and gives nothing of it back; it stays, so that
the same document does not bring the names again. ``actor_name`` is an employee's.
"""


def words_of(texts: Mapping[tuple[str, str], int]) -> list[tuple[str, str, int]]:
    """How many texts there are of each field, by what people call the record and the field."""
    models = {model._meta.label: model for model in FREE}
    return [
        (
            str(models[label]._meta.verbose_name_plural),
            str(getattr(models[label]._meta.get_field(name), "verbose_name", name)),
            count,
        )
        for (label, name), count in texts.items()
    ]
