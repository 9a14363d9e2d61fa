"""Documents that ask for cancellations (contract.md §2)."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from cancellations.arithmetic.quotes import Asked
from cancellations.models import LONGEST_NOTE
from cancellations.models.numbers import SPELLING
from cancellations.selection import (
    CancellationRequest,
    EverythingEligible,
    Refusal,
    SelectedItems,
    SelectedLine,
    Selection,
    SettlementRequest,
)
from orders.documents.fields import (
    LINES,
    Document,
    DocumentRefused,
    Key,
    Number,
    Problem,
    ShortText,
    plain,
    repeated_keys,
    validated,
)

Note = Annotated[str, Field(max_length=LONGEST_NOTE), *LINES]
IdempotencyKey = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(plain)]


class ItemToCancel(Document):
    key: Key
    quantity: Annotated[int, Field(ge=1)]
    reason: ShortText = ""
    note: Note = ""
    refund_delivery: bool = False
    children: Literal["default", "none"] = "default"


class CancellationDocument(Document, ABC):
    """What both kinds of cancellation documents share."""

    idempotency_key: IdempotencyKey
    order_number: Number
    reason: ShortText = ""
    note: Note = ""
    refund_fees: bool = False

    @property
    @abstractmethod
    def selection(self) -> Selection:
        """What the document asks to cancel."""

    @property
    def request(self) -> CancellationRequest:
        return CancellationRequest(self.order_number, self.idempotency_key, self.selection)

    def problem(self, refusal: Refusal) -> Problem:
        """A refusal of the act, at the field of this document."""
        return Problem(refusal.field, refusal.in_english)


class CancelAllDocument(CancellationDocument):
    items: Literal["all"]
    refund_delivery: bool = False

    @property
    def selection(self) -> Selection:
        return EverythingEligible(self.reason, self.note, self.refund_delivery, self.refund_fees)


class CancelItemsDocument(CancellationDocument):
    items: Annotated[list[ItemToCancel], Field(min_length=1)]

    @property
    def selection(self) -> Selection:
        lines = (
            SelectedLine(
                Asked(item.key, item.quantity, item.refund_delivery, item.children == "default"),
                item.reason or self.reason,
                item.note or self.note,
            )
            for item in self.items
        )
        return SelectedItems(tuple(lines), self.refund_fees)

    def problem(self, refusal: Refusal) -> Problem:
        positions = {item.key: position for position, item in enumerate(self.items)}
        if refusal.key is None:
            return super().problem(refusal)
        position = positions[refusal.key]
        if refusal.field in ("reason", "note") and not getattr(self.items[position], refusal.field):
            return super().problem(refusal)  # what the item took over from the document
        return Problem.at("items", position, refusal.field, message=refusal.in_english)


class Settle(Document):
    delivery_groups: Annotated[list[Key], Field(max_length=500)] = []
    refund_fees: bool = False


class SettlementDocument(Document):
    """Asks to refund what is owed without a cancellation (domain.md §6)."""

    idempotency_key: IdempotencyKey
    order_number: Number
    note: Note = ""
    settle: Settle

    @property
    def request(self) -> SettlementRequest:
        return SettlementRequest(
            self.order_number,
            self.idempotency_key,
            tuple(self.settle.delivery_groups),
            self.settle.refund_fees,
            self.note,
        )

    def problem(self, refusal: Refusal) -> Problem:
        """A refusal of the act, at the field of this document."""
        return Problem(refusal.field, refusal.in_english)


def _number_of_a_change_order(text: str) -> str:
    if not re.fullmatch(SPELLING, text):
        message = "must be a change order's number, such as CO-00000012"
        raise PydanticCustomError("change_order_number", message)
    return text


class UndoDocument(Document):
    """Asks to undo a change order of the order (domain.md §6)."""

    idempotency_key: IdempotencyKey
    order_number: Number
    undo: Annotated[str, AfterValidator(_number_of_a_change_order)]

    def problem(self, refusal: Refusal) -> Problem:
        """A refusal of the act, at the field of this document."""
        return Problem("undo", refusal.in_english)


RequestDocument: TypeAlias = CancellationDocument | SettlementDocument | UndoDocument


def read_request(value: Mapping[str, Any]) -> RequestDocument:
    """The document in a JSON object: of a settlement where it has ``settle``, so ``undo``.

    Raises:
        DocumentRefused: It breaks contract.md §2, with a problem for every field concerned.
    """
    if "undo" in value:
        return validated(UndoDocument, value)
    return validated(SettlementDocument, value) if "settle" in value else read_cancellation(value)


def read_cancellation(value: Mapping[str, Any]) -> CancellationDocument:
    """The cancellation document in a JSON object.

    Raises:
        DocumentRefused: It breaks contract.md §2, with a problem for every field concerned.
    """
    if value.get("items") == "all":
        return validated(CancelAllDocument, value)
    if not isinstance(value.get("items", []), list):
        raise DocumentRefused(Problem("items", 'must be a list of items, or "all"'))
    document = validated(CancelItemsDocument, value)
    if problems := tuple(repeated_keys("items", document.items)):
        raise DocumentRefused(*problems)
    return document
