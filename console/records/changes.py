"""An order's change orders, each with what became of the refund that no payment could take."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cancellations.models import ChangeOrder
from orders.arithmetic.money import Currency, Minor
from orders.formats import money_text


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change order; ``left_over`` says what no payment could take of its refund, or is ""."""

    change_order: ChangeOrder
    left_over: str


def change_rows(
    change_orders: Sequence[ChangeOrder], owed: Minor, currency: Currency
) -> Iterator[ChangeRow]:
    """Change orders as they come, newest first.

    What one owed is part of what the next one that was due a refund owes: never added to it.

    Args:
        owed: What the order owes now.
    """
    later: ChangeOrder | None = None
    for change_order in change_orders:
        left_over = ""
        if change_order.unassigned_minor and not change_order.reversal:
            left_over = _left_over(change_order, later, owed, currency)
        yield ChangeRow(change_order, left_over)
        if change_order.refund_due_minor and not change_order.reversal:
            later = change_order


def _left_over(
    change_order: ChangeOrder, later: ChangeOrder | None, owed: Minor, currency: Currency
) -> str:
    said = {"amount": money_text(change_order.unassigned_minor, currency)}
    if later:
        return _owed_later(change_order, later, said, currency)
    still = min(owed, change_order.unassigned_minor)
    if not still:
        return (
            _("No payment could take %(amount)s of its refund. Nothing of it is owed now.") % said
        )
    if still == change_order.unassigned_minor:
        return _("No payment could take %(amount)s of its refund. It is still owed.") % said
    said["still"] = money_text(still, currency)
    return (
        _("No payment could take %(amount)s of its refund. %(still)s of it is still owed.") % said
    )


def _owed_later(
    change_order: ChangeOrder, later: ChangeOrder, said: dict[str, str], currency: Currency
) -> str:
    """What was still owed of it when the next refund was due is part of that one."""
    still = min(change_order.unassigned_minor, later.owed_before_minor)
    if not still:
        return (
            _("No payment could take %(amount)s of its refund. Nothing of it was owed later.")
            % said
        )
    said |= {
        "still": money_text(still, currency),
        "number": later.number,
        "due": money_text(later.refund_due_minor, currency),
    }
    if still == change_order.unassigned_minor:
        return (
            _(
                "No payment could take %(amount)s of its refund. It is part of the %(due)s that"
                " were due with %(number)s, and not owed beside it."
            )
            % said
        )
    return (
        _(
            "No payment could take %(amount)s of its refund. %(still)s of it is part of the %(due)s"
            " that were due with %(number)s, and not owed beside it."
        )
        % said
    )
