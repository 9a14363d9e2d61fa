"""What undoing a change order gives back, exactly (domain.md §6, *Undo*)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from orders.arithmetic.amounts import Standing
from orders.arithmetic.funds import Payment
from orders.arithmetic.money import Minor


@dataclass(frozen=True, slots=True)
class Undone:
    """A change order that is undone, and the order right before and right after it.

    Attributes:
        quantities: How many units it canceled, by line.
        refunds: What it set aside, by payment, in minor units.
        releases: What it released, by payment.
    """

    before: Standing
    after: Standing
    quantities: Mapping[str, int]
    refunds: Mapping[str, Minor]
    releases: Mapping[str, Minor]


def reversed_from(now: Standing, undone: Undone) -> Standing:
    """The order as it stands without a change order, whatever was reported since."""
    lines = {
        key: replace(
            line,
            quantities=replace(
                line.quantities,
                canceled=line.quantities.canceled - undone.quantities.get(key, 0),
            ),
            released=undone.before.lines.get(key, line).released,
        )
        for key, line in now.lines.items()
    }
    groups = {key: undone.before.groups.get(key, group) for key, group in now.groups.items()}
    payments = tuple(_given_back(payment, undone) for payment in now.payments)
    return replace(now, lines=lines, groups=groups, payments=payments)


def _given_back(payment: Payment, undone: Undone) -> Payment:
    refund = undone.refunds.get(payment.key, 0)
    payment = replace(payment, reserved=payment.reserved - refund)
    if not (release := undone.releases.get(payment.key)):
        return payment
    was = {each.key: each for each in undone.before.payments}[payment.key]
    return replace(
        payment,
        released=payment.released - release,
        captured_at_release=was.captured_at_release,
    )
