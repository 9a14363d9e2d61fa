"""What calls answer with, as ``openapi.json`` tells it: the documents that the export writes.

They describe and convert nothing: what answers is written by the export. That every answer is as
it is told here is proven over a live server (``tests/proofs/api``).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from cancellations.models import ChangeOrder
from cancellations.models.refund_states import RefundStatus
from orders.documents.fields import AMOUNT

Amount: TypeAlias = Annotated[str, Field(pattern=AMOUNT)]


def one_of(values: Iterable[str]) -> Any:
    """A text that is one of those."""
    return Field(json_schema_extra={"enum": [*sorted(values)]})


RefundState: TypeAlias = Annotated[str, one_of(RefundStatus.values)]


class Answer(BaseModel):
    """What is told is always there; more may come with a later version."""

    model_config = ConfigDict(extra="ignore")


class Totals(Answer):
    product: Amount
    order_adjustments: Amount
    delivery: Amount
    fees: Amount
    tax: Amount
    grand_total: Amount


class Adjustment(Answer):
    name: str
    scope: Literal["line", "order"]
    amount: Amount


class Tax(Answer):
    name: str
    rate: str | None
    amount: Amount


class Item(Answer):
    key: str
    type: Literal["product", "delivery_charge", "fee"]
    sku: str
    name: str
    quantity: int
    unit_price: Amount
    line_amount: Amount
    delivery_group: str | None
    bundle: str | None
    adjustments: list[Adjustment]
    taxes: list[Tax]
    status: str
    quantity_ordered: int
    quantity_canceled: int
    quantity_current: int
    quantity_available_to_cancel: int
    quantity_allocated: int
    quantity_fulfilled: int
    quantity_return_initiated: int
    quantity_returned: int
    amount: Amount
    tax: Amount


class Payment(Answer):
    key: str
    method: str
    gateway: str
    gateway_reference: str
    authorized: Amount
    captured: Amount
    refunded: Amount
    refunded_elsewhere: Amount
    charged_back: Amount
    pending_refund: Amount
    refundable: Amount
    authorization_open: Amount
    full_refund_only: bool


class Account(Answer):
    number: str | None
    name: str
    email: str


class DeliveryGroup(Answer):
    key: str
    method: str
    deliver_to: str
    address: str


class ChangedItem(Answer):
    key: str
    type: str
    quantity: int
    reason: str
    note: str
    refund_delivery: bool
    amount: Amount
    tax: Amount


class ByPayment(Answer):
    payment: str
    amount: Amount


class MoneyMoved(ByPayment):
    status: RefundState


class MadeChangeOrder(Answer):
    number: str
    kind: Annotated[str, one_of(ChangeOrder.Kind.values)]
    undoes: str | None
    created_at: datetime
    created_by: str
    totals: Totals
    refund_due: Amount
    unassigned: Amount
    items: list[ChangedItem]
    refunds: list[MoneyMoved]
    releases: list[MoneyMoved]


class ChangeOrderAnswer(MadeChangeOrder):
    order_number: str


class Misfit(Answer):
    category: str
    about: str
    message: str
    opened_at: datetime


class Amendment(Answer):
    at: datetime
    by: str
    fields: list[str]


class OrderAnswer(Answer):
    order_number: str
    ordered_at: datetime
    currency: str
    channel: str
    life_cycle: Literal["managed", "unmanaged"]
    tax_locale: Literal["net", "gross"]
    status: str
    totals: Totals
    expected_elsewhere: Amount
    given_elsewhere: Amount
    account: Account | None
    delivery_groups: list[DeliveryGroup]
    items: list[Item]
    payments: list[Payment]
    process_exceptions: list[Misfit]
    amendments: list[Amendment]
    change_orders: list[MadeChangeOrder]
