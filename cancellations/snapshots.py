"""What an agent reviewed, kept in a signed form so that it is what gets submitted.

A snapshot holds the moved lines with their components, the availability of the selected ones,
and the refund per payment: not other lines, not the order's totals.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing

from cancellations.quotes import Move, Quote
from orders.money import Minor

_SALT = "cancellations.review"


@dataclass(frozen=True, slots=True)
class ReviewedLine:
    """One moved line as reviewed; ``available`` is None on lines that were not selected."""

    name: str
    quantity: int
    available: int | None
    net: Minor
    tax: Minor
    parts: tuple[Minor, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A quote as reviewed: lines by key, refunds by payment key, and what stays unassigned."""

    lines: Mapping[str, ReviewedLine]
    refunds: Mapping[str, Minor]
    unassigned: Minor

    @classmethod
    def of(cls, quoted: Quote) -> "Snapshot":
        selected = {entry.key for entry in quoted.asked}
        return cls(
            lines={move.line.key: _line(move, selected) for move in quoted.moves},
            refunds={share.payment.key: share.amount for share in quoted.shares},
            unassigned=quoted.unassigned,
        )

    def sign(self, run: str) -> str:
        """The snapshot as text for a hidden field of this run's review."""
        content = [
            [
                [key, line.name, line.quantity, line.available, line.net, line.tax, line.parts]
                for key, line in self.lines.items()
            ],
            dict(self.refunds),
            self.unassigned,
        ]
        return signing.dumps(content, salt=f"{_SALT}.{run}", compress=True)

    @classmethod
    def read(cls, text: str, run: str) -> "Snapshot":
        """The snapshot in a posted review.

        Raises:
            django.core.signing.BadSignature: It was not signed for this run.
        """
        lines, refunds, unassigned = signing.loads(text, salt=f"{_SALT}.{run}")
        return cls(
            lines={key: _read_line(*fields) for key, *fields in lines},
            refunds=refunds,
            unassigned=unassigned,
        )


class NotReviewed:
    """Says that nobody reviewed amounts before: documents cancel without a review."""


class QuoteChanged(Exception):
    """What was reviewed is no longer what would happen; nothing was written."""

    def __init__(self, reviewed: Snapshot, now: Snapshot) -> None:
        super().__init__("The order changed since it was reviewed.")
        self.reviewed = reviewed
        self.now = now


def _line(move: Move, selected: set[str]) -> ReviewedLine:
    line, before, after = move.line, move.before, move.after
    is_selected = line.key in selected
    return ReviewedLine(
        name=line.name,
        quantity=move.quantity,
        available=line.quantities.available_to_cancel + move.quantity if is_selected else None,
        net=move.net,
        tax=move.tax,
        parts=(
            before.line_amount - after.line_amount,
            *(
                was - now
                for (_, was), (_, now) in zip(before.adjustments, after.adjustments, strict=True)
            ),
            *(was - now for was, now in zip(before.taxes, after.taxes, strict=True)),
        ),
    )


def _read_line(
    name: str, quantity: int, available: int | None, net: int, tax: int, parts: list[Any]
) -> ReviewedLine:
    return ReviewedLine(name, quantity, available, net, tax, tuple(parts))
