"""What an agent reviewed, kept in a signed form so that it is what gets submitted.

A snapshot holds the moved lines with their components, of the selected ones their availability
and what was answered for them, and the refund per payment: not other lines, not the order's totals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

from django.core import signing
from pydantic import TypeAdapter

from cancellations.arithmetic.quotes import Move, Quote
from cancellations.selection import SelectedLine
from orders.arithmetic.money import Minor

SNAPSHOT_VERSION = 2
"""Raise it when what a snapshot holds changes: one signed before is then shown review again."""

_SignedLine: TypeAlias = tuple[
    str, str, int, int | None, Minor, Minor, tuple[Minor, ...], tuple[str, str, bool] | None
]
_SIGNED = TypeAdapter(tuple[list[_SignedLine], dict[str, Minor], Minor, dict[str, Minor], bool])
"""What is signed: lines with their keys, then as the snapshot has them; refunds; unassigned;
releases; the choice on fees."""


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    """One moved line as reviewed; ``available`` is None on lines that were not selected.

    ``answers`` are the reason, the note and the delivery choice, None on those.
    """

    name: str
    quantity: int
    available: int | None
    net: Minor
    tax: Minor
    parts: tuple[Minor, ...]
    answers: tuple[str, str, bool] | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A quote as reviewed: lines by key, refunds and releases by payment key, and what is left.

    ``refund_fees`` is what was answered; the fees that leave are among the lines.
    """

    lines: Mapping[str, SnapshotLine]
    refunds: Mapping[str, Minor]
    unassigned: Minor
    releases: Mapping[str, Minor]
    refund_fees: bool

    @classmethod
    def of(cls, quoted: Quote, lines: Sequence[SelectedLine]) -> "Snapshot":
        selected = {line.key: line for line in lines}
        return cls(
            lines={
                move.line.key: _line(quoted, move, selected.get(move.line.key))
                for move in quoted.moves
            },
            refunds={share.payment.key: share.amount for share in quoted.shares},
            unassigned=quoted.unassigned,
            releases={release.payment.key: release.amount for release in quoted.releases},
            refund_fees=quoted.refund_fees,
        )

    def sign(self, order_number: str) -> str:
        """The snapshot as text that is read back for this order, in this version, alone."""
        content = [
            [
                [key, *(getattr(line, field.name) for field in fields(SnapshotLine))]
                for key, line in self.lines.items()
            ],
            dict(self.refunds),
            self.unassigned,
            dict(self.releases),
            self.refund_fees,
        ]
        return signing.dumps(content, salt=_salt(order_number), compress=True)

    @classmethod
    def read(cls, text: str, order_number: str) -> "Snapshot":
        """The snapshot in a posted review.

        Raises:
            NotReadBack: It was not signed for this order, or in another version.
        """
        try:
            signed = signing.loads(text, salt=_salt(order_number))
            lines, refunds, unassigned, releases, fees = _SIGNED.validate_python(signed)
        except (signing.BadSignature, ValueError) as error:
            raise NotReadBack from error
        by_key = {line[0]: SnapshotLine(*line[1:]) for line in lines}
        return cls(by_key, refunds, unassigned, releases, fees)


class NotReadBack(Exception):
    """The text is no snapshot of this order that was signed in this version."""


class NotReviewed:
    """Says that nobody reviewed amounts before: documents cancel without a review."""


class QuoteChanged(Exception):
    """What was reviewed is no longer what would happen; nothing was written."""

    def __init__(self, reviewed: Snapshot, now: Snapshot) -> None:
        super().__init__("The order changed since it was reviewed.")
        self.reviewed = reviewed
        self.now = now


def _line(quoted: Quote, move: Move, selected: SelectedLine | None) -> SnapshotLine:
    line, before, after = move.line, move.before, move.after
    return SnapshotLine(
        name=line.name,
        quantity=move.quantity,
        available=quoted.before.available[line.key] if selected else None,
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
        answers=selected.answers if selected else None,  # guard: the answers in the snapshot
    )


def _salt(order_number: str) -> str:
    return f"cancellations.review.{SNAPSHOT_VERSION}.{order_number}"  # guard: signed for its order
