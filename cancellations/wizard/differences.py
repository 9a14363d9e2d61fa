"""What moved between review and submit, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from cancellations.snapshots import Snapshot, SnapshotLine
from orders.arithmetic.money import Currency
from orders.formats import money_text


@dataclass(frozen=True, slots=True)
class Difference:
    """Something as it was reviewed, and as it is now."""

    what: str
    reviewed: str
    now: str


def differences_since(
    reviewed: Snapshot, now: Snapshot, currency: Currency, methods: Mapping[str, str]
) -> tuple[Difference, ...]:
    """What differs between two snapshots, line by line and payment by payment.

    Args:
        methods: Payment methods by payment key.
    """
    rows = [
        _moved_line(was, is_now, currency)
        for key in dict.fromkeys([*reviewed.lines, *now.lines])
        if (was := reviewed.lines.get(key)) != (is_now := now.lines.get(key))
    ]
    for key in dict.fromkeys([*reviewed.refunds, *now.refunds]):
        then, here = reviewed.refunds.get(key, 0), now.refunds.get(key, 0)
        if then != here:
            rows.append(
                Difference(
                    f"Refund to {methods.get(key, key)}",
                    money_text(then, currency),
                    money_text(here, currency),
                )
            )
    if reviewed.unassigned != now.unassigned:
        rows.append(
            Difference(
                "Refund without a payment",
                money_text(reviewed.unassigned, currency),
                money_text(now.unassigned, currency),
            )
        )
    return tuple(rows)


def _moved_line(
    was: SnapshotLine | None, now: SnapshotLine | None, currency: Currency
) -> Difference:
    before, after = _line_words(was, currency), _line_words(now, currency)
    if before == after:
        after = f"{after}; made up of other amounts"
    return Difference(_name(was, now), before, after)


def _name(was: SnapshotLine | None, now: SnapshotLine | None) -> str:
    line = was or now
    return line.name if line else ""


def _line_words(line: SnapshotLine | None, currency: Currency) -> str:
    if line is None:
        return "not part of it"
    amount = f"{money_text(line.net, currency)} + {money_text(line.tax, currency)} tax"
    if line.available is None:
        return amount
    reason, note, refund_delivery = line.answers or ("", "", False)
    delivery = "delivery charge refunded" if refund_delivery else "delivery charge kept"
    answers = ", ".join(filter(None, (reason, note, delivery)))
    return f"{line.quantity} of {line.available} available, {amount}; {answers}"
