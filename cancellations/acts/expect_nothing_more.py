"""The act by which a person says that others will pay back nothing more (domain.md §6)."""

from django.contrib.auth.models import User

from cancellations.acts.requests import check_may_settle
from cancellations.selection import UNMANAGED, SelectionRefused
from orders.arithmetic.amounts import Standing
from orders.arithmetic.elsewhere import nothing_more_expected
from orders.arithmetic.money import Minor
from orders.events import write_event
from orders.locking import begun_again_when_interrupted, locked_order
from orders.models import OrderEvent, OrderSummary
from orders.standing import as_it_stands, write_standing


class NothingExpected(Exception):
    """Nothing is expected to be refunded elsewhere (any more); nothing was written."""


class ExpectationChanged(Exception):
    """Another amount is expected than was shown; nothing was written."""

    def __init__(self, expected: Minor) -> None:
        super().__init__("Another amount is expected than was shown.")
        self.expected = expected


@begun_again_when_interrupted
def expect_nothing_more(
    *, order_number: str, shop_keeps_it: bool, agreed: Minor, by: User
) -> Standing:
    """Expect nothing more to be refunded elsewhere: the shop keeps it, or we owe it.

    Args:
        agreed: What was expected when the person decided, in minor units.
        by: The acting user, who needs the right to refund what is owed.

    Returns:
        The order as it stands then.

    Raises:
        NotAllowed: ``by`` may not settle.
        UnknownOrder, OrderBusy: The order is not there, or someone else is changing it.
        OrderRefused: The database found the order's records not to agree.
        SelectionRefused: The order is unmanaged.
        NothingExpected: Nothing is expected.
        ExpectationChanged: Another amount is expected than was agreed.
    """
    check_may_settle(by)
    with locked_order(order_number) as order:
        before = as_it_stands(order)
        after = judged(order, before, shop_keeps_it=shop_keeps_it)
        expected = before.elsewhere.expected
        if expected != agreed:
            raise ExpectationChanged(expected)
        write_event(
            order,
            OrderEvent.Type.NOTHING_MORE_EXPECTED,
            by=by,
            facts={"shop_keeps_it": shop_keeps_it, "expected": expected},
            after=after,
        )
        write_standing(order, before=before, after=after)
        return after


def judged(order: OrderSummary, standing: Standing, *, shop_keeps_it: bool) -> Standing:
    """What it would make of an order; writes nothing.

    Raises:
        SelectionRefused: The order is unmanaged.
        NothingExpected: Nothing is expected.
    """
    if not order.is_managed:
        raise SelectionRefused(UNMANAGED)
    if not standing.elsewhere.expected:
        raise NothingExpected
    return nothing_more_expected(standing, shop_keeps_it=shop_keeps_it)
