"""What an amended order comes to: its additional lines and payments, then what is reported."""

from collections.abc import Mapping
from dataclasses import replace

from orders.arithmetic.amounts import Group, Line, Standing
from orders.arithmetic.elsewhere import after_capture, after_loss
from orders.arithmetic.funds import Payment


def with_additions(
    standing: Standing, lines: Mapping[str, Line], payments: tuple[Payment, ...]
) -> Standing:
    """An order with more lines and payments, taken as an import of these (contract.md §1).

    The lines come at full value; then what the payments captured, which may pay for what others had
    taken off unpaid; then what was canceled and returned of the lines is others' to pay back. What
    went back over the payments is left to the report that follows, which nets it over the order.
    """
    whole = {
        key: replace(line, quantities=replace(line.quantities, canceled=0, returned=0))
        for key, line in lines.items()
    }
    groups = {line.group for line in lines.values() if line.group}
    unrefunded = tuple(replace(payment, refunded_elsewhere=0) for payment in payments)
    unpaid = replace(
        standing,
        lines={**standing.lines, **whole},
        groups={**{key: Group(key) for key in groups}, **standing.groups},
    )
    paid = unpaid.with_money(payments=(*standing.payments, *unrefunded))
    before = after_capture(paid, balance_before=unpaid.balance)
    after = replace(before, lines={**standing.lines, **lines})
    taken = before.totals.grand_total - after.totals.grand_total
    return after_loss(after, taken=taken, balance_before=before.balance)
