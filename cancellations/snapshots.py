"""What an agent reviewed, kept in a signed form so that it is what gets submitted.

A snapshot holds the moved lines with their components, of the selected ones their availability
and what was answered for them, and the refund per payment: not other lines, not the order's totals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.core import signing

from cancellations.arithmetic.quotes import Move, Quote
from cancellations.selection import SelectedLine
from orders.arithmetic.money import Minor

_SALT = "cancellations.review"


@dataclass(frozen=True, slots=True)
class ReviewedLine:
    """One moved line as reviewed; ``available`` is None on lines that were not selected.

    ``answers`` are the reason, the note and the delivery choice, empty on those.
    """

    name: str
    quantity: int
    available: int | None
    net: Minor
    tax: Minor
    parts: tuple[Minor, ...]
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A quote as reviewed: lines by key, refunds by payment key, and what stays unassigned."""

    lines: Mapping[str, ReviewedLine]
    refunds: Mapping[str, Minor]
    unassigned: Minor

    @classmethod
    def of(cls, quoted: Quote, lines: Sequence[SelectedLine]) -> "Snapshot":
        selected = {line.key: line for line in lines}
        return cls(
            lines={
                move.line.key: _line(move, selected.get(move.line.key)) for move in quoted.moves
            },
            refunds={share.payment.key: share.amount for share in quoted.shares},
            unassigned=quoted.unassigned,
        )

    def sign(self, run: str) -> str:
        """The snapshot as text for a hidden field of this run's review."""
        content = [
            [
                [key, *(getattr(line, field.name) for field in fields(ReviewedLine))]
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
            lines={key: _read_line(*values) for key, *values in lines},
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


def _line(move: Move, selected: SelectedLine | None) -> ReviewedLine:
    line, before, after = move.line, move.before, move.after
    return ReviewedLine(
        name=line.name,
        quantity=move.quantity,
        available=line.quantities.available_to_cancel + move.quantity if selected else None,
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
        answers=answers(selected.reason, selected.note, selected.refund_delivery)
        if selected
        else (),
    )


def answers(reason: str, note: str, refund_delivery: bool) -> tuple[str, ...]:
    """What was answered for a selected line, in words."""
    delivery = "delivery charge refunded" if refund_delivery else "delivery charge kept"
    return (reason, note, delivery)


def _read_line(
    name: str,
    quantity: int,
    available: int | None,
    net: int,
    tax: int,
    parts: list[Any],
    answers: list[Any],
) -> ReviewedLine:
    return ReviewedLine(name, quantity, available, net, tax, tuple(parts), tuple(answers))
