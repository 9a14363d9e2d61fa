"""What an agent or a document asks to cancel, and why it may be refused."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TypeAlias

MOST_LINES = 100
"""Lines of one Cancel Item, bundle children included (domain.md §7)."""


@dataclass(frozen=True, slots=True)
class SelectedLine:
    """So many units of one line, for a reason (by its name)."""

    key: str
    quantity: int
    reason: str
    note: str = ""
    refund_delivery: bool = False


@dataclass(frozen=True, slots=True)
class EverythingEligible:
    """Cancel All: what is available of every product line, for one reason."""

    reason: str
    note: str = ""
    refund_delivery: bool = False


Selection: TypeAlias = tuple[SelectedLine, ...] | EverythingEligible


@dataclass(frozen=True, slots=True)
class CancellationRequest:
    """A selection under the id that makes it happen once: a wizard's run or a document's key.

    Attributes:
        fingerprint: Names the content, so that the same id with other content is noticed.
    """

    order_number: str
    request_id: str
    selection: Selection
    fingerprint: str

    @classmethod
    def of(cls, order_number: str, request_id: str, selection: Selection) -> "CancellationRequest":
        """A request whose content is its selection and nothing else."""
        if isinstance(selection, EverythingEligible):
            content: object = asdict(selection)
        else:
            content = [asdict(line) for line in sorted(selection, key=lambda line: line.key)]
        return cls(order_number, request_id, selection, fingerprint(content))


def fingerprint(content: object) -> str:
    """Names JSON content, whatever the order of its members."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a selection cannot be canceled: at a line's field, or (``key`` None) at the whole."""

    key: str | None
    field: str
    message: str


class SelectionRefused(Exception):
    """The selection cannot be canceled as it is; nothing was written."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__("; ".join(refusal.message for refusal in refusals))
        self.refusals = refusals


class RequestReused(Exception):
    """The request's id was used before on this order, with other content."""

    message = "This key was used before with other content."


class NotAllowed(Exception):
    """The acting user has no right to cancel order items."""

    message = "Canceling needs the right to cancel order items; your operations manager gives it."
