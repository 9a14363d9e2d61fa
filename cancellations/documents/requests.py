"""Documents that ask for cancellations (contract.md §2)."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from cancellations.arithmetic.quotes import Asked
from cancellations.models import LONGEST_NOTE
from cancellations.selection import (
    CancellationRequest,
    EverythingEligible,
    Refusal,
    SelectedLine,
    Selection,
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


class CancellationDocument(Document, ABC):
    """What both kinds of cancellation documents share."""

    idempotency_key: IdempotencyKey
    order_number: Number
    reason: ShortText = ""
    note: Note = ""

    @property
    @abstractmethod
    def selection(self) -> Selection:
        """What the document asks to cancel."""

    @property
    def request(self) -> CancellationRequest:
        return CancellationRequest(self.order_number, self.idempotency_key, self.selection)

    def problem(self, refusal: Refusal) -> Problem:
        """A refusal of the act, at the field of this document."""
        return Problem(refusal.field, refusal.message)


class CancelAllDocument(CancellationDocument):
    items: Literal["all"]
    refund_delivery: bool = False

    @property
    def selection(self) -> Selection:
        return EverythingEligible(self.reason, self.note, self.refund_delivery)


class CancelItemsDocument(CancellationDocument):
    items: Annotated[list[ItemToCancel], Field(min_length=1)]

    @property
    def selection(self) -> Selection:
        return tuple(
            SelectedLine(
                Asked(item.key, item.quantity, item.refund_delivery),
                item.reason or self.reason,
                item.note or self.note,
            )
            for item in self.items
        )

    def problem(self, refusal: Refusal) -> Problem:
        positions = {item.key: position for position, item in enumerate(self.items)}
        if refusal.key is None:
            return super().problem(refusal)
        position = positions[refusal.key]
        if refusal.field in ("reason", "note") and not getattr(self.items[position], refusal.field):
            return super().problem(refusal)  # what the item took over from the document
        return Problem.at("items", position, refusal.field, message=refusal.message)


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
