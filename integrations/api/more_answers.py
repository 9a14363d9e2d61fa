"""What calls answer with beside documents: lists, previews, refunds, events, endpoints."""

from datetime import datetime
from typing import Annotated, Any

from cancellations.acts.take_order import ImportOutcome
from cancellations.arithmetic.notices import Bite
from integrations.api.answers import (
    Amount,
    Answer,
    ByPayment,
    ChangeOrderAnswer,
    OrderAnswer,
    RefundState,
    Totals,
    one_of,
)
from integrations.events.types import TYPES
from integrations.models import Delivery, Scope


class Page(Answer):
    """``next_after`` is the ``after`` of the next page; null: there is none."""

    next_after: int | None


class OrdersAnswer(Page):
    items: list[OrderAnswer]


class ChangeOrdersAnswer(Page):
    items: list[ChangeOrderAnswer]


class TakenAnswer(Answer):
    order_number: str
    outcome: Annotated[str, one_of(ImportOutcome)]


class ErrorAnswer(Answer):
    path: str
    message: str


class LineAnswer(Answer):
    """What became of a line of a batch."""

    line: int
    order_number: str | None
    outcome: Annotated[str, one_of(ImportOutcome)]
    errors: list[ErrorAnswer]


class ReportedAnswer(Answer):
    order_number: str
    outcome: Annotated[str, one_of(["recorded", "repeated"])]
    change_orders: list[str]
    stale: int


class LinePreview(Answer):
    key: str
    quantity: int
    amount: Amount
    tax: Amount


class TotalsPreview(Answer):
    was: Totals
    will_be: Totals


class NoticePreview(Answer):
    type: Annotated[str, one_of(Bite)]
    line: str
    about: str | None
    amount: Amount
    units: int


class PreviewAnswer(Answer):
    """``agreed`` is what to send with the cancellation, so that only this happens."""

    order_number: str
    currency: str
    lines: list[LinePreview]
    totals: TotalsPreview
    canceled: Amount
    refund_due: Amount
    owed_before: Amount
    unassigned: Amount
    refunds: list[ByPayment]
    releases: list[ByPayment]
    notices: list[NoticePreview]
    needs_second_person: bool
    agreed: str


class RefundAnswer(Answer):
    """``state`` is what to send as ``seen`` with what is done about it."""

    id: int
    order_number: str
    change_order: str
    payment: str
    amount: Amount
    currency: str
    status: RefundState
    created_at: datetime
    needs_person_since: datetime | None
    state: str


class RefundsAnswer(Page):
    items: list[RefundAnswer]


class AttemptAnswer(Answer):
    call: str
    began_at: datetime
    milliseconds: int | None
    outcome: str


class WholeRefundAnswer(RefundAnswer):
    attempts: list[AttemptAnswer]


class ExceptionAnswer(Answer):
    """``state`` is what to send as ``seen`` when it is resolved."""

    id: int
    order_number: str
    category: str
    about: str
    message: str
    state: str
    opened_at: datetime
    resolved_at: datetime | None


class ExceptionsAnswer(Page):
    items: list[ExceptionAnswer]


class EventAnswer(Answer):
    """``data`` holds numbers and amounts, or the ``href`` where to ask for what is too long."""

    id: str
    sequence: int
    type: Annotated[str, one_of(TYPES)]
    timestamp: datetime
    data: dict[str, Any]


class EventsAnswer(Answer):
    """``next_after`` is always a number: where to read on, now or later."""

    next_after: int
    items: list[EventAnswer]


class EndpointAnswer(Answer):
    id: int
    address: str
    description: str
    types: list[str]
    enabled: bool
    disabled_why: str | None
    created_at: datetime


class EndpointsAnswer(Page):
    items: list[EndpointAnswer]


class SecretAnswer(EndpointAnswer):
    """With the secret, which is told this once."""

    secret: str


class DeliveryAnswer(Answer):
    id: int
    event: str | None
    status: Annotated[str, one_of(Delivery.Status.values)]
    tries: int
    due_at: datetime | None


class DeliveriesAnswer(Page):
    items: list[DeliveryAnswer]


class ReplayAnswer(Answer):
    deliveries: int


class MeAnswer(Answer):
    token: str
    name: str
    user: str
    scopes: list[Annotated[str, one_of(Scope.values)]]
    expires_at: datetime | None


PreviewOrDone = PreviewAnswer | ChangeOrderAnswer
