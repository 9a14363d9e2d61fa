"""What is asked to be canceled, under which id, and why it may be refused.

The same cancellation asked through the wizard, a file or any other way is one
:class:`CancellationRequest` with one fingerprint.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from cancellations.arithmetic.quotes import Asked
from orders.arithmetic import availability
from orders.arithmetic.money import Currency, Minor, show
from orders.documents.fields import fingerprint, version_of
from orders.texts import with_short_breaks

MOST_LINES = 100
"""Lines of one Cancel Item, bundle children included (domain.md §7)."""

CONTENT_VERSION = 1
"""Of what a fingerprint names; defaults are not named. When one changes this is raised, and what
was fingerprinted before goes on being compared in its own version."""


@dataclass(frozen=True, slots=True)
class SelectedLine:
    """What is asked of one line, and why: the reason by its name."""

    asked: Asked
    reason: str
    note: str = ""

    @property
    def key(self) -> str:
        return self.asked.key

    @property
    def quantity(self) -> int:
        return self.asked.quantity

    @property
    def refund_delivery(self) -> bool:
        return self.asked.refund_delivery

    @property
    def answers(self) -> tuple[str, str, bool]:
        """What was answered beside the quantity, the note as it counts."""
        return self.reason, as_it_counts(self.note), self.refund_delivery


@dataclass(frozen=True, slots=True)
class SelectedItems:
    """Cancel Item: the lines that are named, and whether the fees go with the last unit."""

    lines: tuple[SelectedLine, ...]
    refund_fees: bool = False


@dataclass(frozen=True, slots=True)
class EverythingEligible:
    """Cancel All: what is available of every product line, for one reason."""

    reason: str
    note: str = ""
    refund_delivery: bool = False
    refund_fees: bool = False


Selection: TypeAlias = SelectedItems | EverythingEligible


class _Named(ABC):
    __slots__ = ()

    @property
    def fingerprint(self) -> str:
        """Names what is asked, so that the same id with other content is noticed."""
        return self._named(CONTENT_VERSION)

    def asks_what_is_named(self, name: str) -> bool:
        """Whether ``name`` is this content's fingerprint, of whichever version it was made in."""
        return name == self._named(version_of(name))

    @property
    @abstractmethod
    def content(self) -> dict[str, Any]:
        """What is asked, in one form, defaults left out."""

    def _named(self, version: int) -> str:
        """By the content of a version; the next one that changes a default is told apart there."""
        return fingerprint(self.content, version=version)


@dataclass(frozen=True, slots=True)
class CancellationRequest(_Named):
    """A selection under the id that makes it happen once.

    Attributes:
        request_id: A wizard's run or a document's idempotency key; unique in its order.
    """

    order_number: str
    request_id: str
    selection: Selection

    @property
    def content(self) -> dict[str, Any]:
        return _content(self.selection)


def _content(selection: Selection) -> dict[str, Any]:
    """What a selection asks, in one form: lines by key, defaults left out.

    A field that is added later, with a default, leaves the fingerprints of today as they are.
    """
    beside = {"refund_fees": True} if selection.refund_fees else {}
    if isinstance(selection, EverythingEligible):
        return {"items": "all", **_why(selection), **beside}
    lines = sorted(selection.lines, key=lambda line: (line.key, line.quantity))
    return {"items": [_line_content(line) for line in lines], **beside}


def _line_content(line: SelectedLine) -> dict[str, Any]:
    children = {} if line.asked.takes_children else {"children": "none"}
    return {"key": line.key, "quantity": line.quantity, **children, **_why(line)}


def _why(asked: SelectedLine | EverythingEligible) -> dict[str, Any]:
    """Reason, note and delivery choice, as far as they say something."""
    answers = {
        "reason": asked.reason,
        "note": as_it_counts(asked.note),
        "refund_delivery": asked.refund_delivery,
    }
    return {name: answer for name, answer in answers.items() if answer}


def as_it_counts(note: str) -> str:
    """A note without the blanks around it, its lines ended alike: browsers end them with CRLF.

    >>> as_it_counts(" Too late.\\r\\nSorry. ")
    'Too late.\\nSorry.'
    """
    return with_short_breaks(note.strip())


@dataclass(frozen=True, slots=True)
class SettlementRequest(_Named):
    """What a settlement is asked to do, under the id that makes it happen once.

    Attributes:
        delivery_groups: Keys of groups with nothing left whose charges are given back.
        chosen: Minor units by payment, where a person chose; by the rules unless given.
    """

    order_number: str
    request_id: str
    delivery_groups: tuple[str, ...] = ()
    refund_fees: bool = False
    note: str = ""
    chosen: Mapping[str, Minor] | None = None

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = {"settle": sorted(self.delivery_groups)}
        if self.refund_fees:
            content["refund_fees"] = True
        if note := as_it_counts(self.note):
            content["note"] = note
        if self.chosen is not None:
            content["chosen"] = dict(self.chosen)
        return content


@dataclass(frozen=True, slots=True)
class UndoRequest(_Named):
    """Asks to undo a change order, by its number."""

    order_number: str
    request_id: str
    change_order: str

    @property
    def content(self) -> dict[str, Any]:
        return {"undo": self.change_order}


@dataclass(frozen=True, slots=True)
class Amount:
    """Money that a refusal names; as text in the document form, on pages as its reader has it."""

    minor: Minor
    currency: Currency

    def __str__(self) -> str:
        return show(self.minor, self.currency)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a selection cannot be canceled: at a line's field, or (``key`` None) at the whole.

    Attributes:
        message: Filled in with ``said``, as ``%(name)s`` says, where there is any.
        said: Names and values; money is an :class:`Amount`.
    """

    key: str | None
    field: str
    message: str
    said: tuple[tuple[str, object], ...] = ()

    @property
    def in_english(self) -> str:
        """The whole message as documents have it."""
        return self.message % dict(self.said) if self.said else self.message


UNMANAGED = Refusal(None, "", availability.UNMANAGED.title)


class SelectionRefused(Exception):
    """The selection cannot be canceled as it is; nothing was written."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__("; ".join(refusal.in_english for refusal in refusals))
        self.refusals = refusals


class RequestReused(Exception):
    """The request's id was used before on this order, with other content."""

    message = "This key was used before with other content."


class NotAllowed(Exception):
    """The acting user has no right to do what was asked; the message says which is needed."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
