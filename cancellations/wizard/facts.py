from functools import cached_property

from cancellations.models import BundlePolicy, CancellationReason
from orders.arithmetic.amounts import Standing
from orders.models import OrderItemSummary, OrderSummary
from orders.standing import as_it_stands


class Facts:
    """What a request reads of its order and of the store: each once, and only if it is asked."""

    def __init__(self, order: OrderSummary) -> None:
        self.order = order

    @cached_property
    def lines(self) -> list[OrderItemSummary]:
        return list(self.order.lines.all())

    @cached_property
    def standing(self) -> Standing:
        return as_it_stands(self.order)

    @cached_property
    def reasons(self) -> list[CancellationReason]:
        return list(CancellationReason.objects.active())

    @cached_property
    def bundle_policy(self) -> str:
        """The store's own words on bundles, where there is one that they are about."""
        if not any(line.bundle_id for line in self.lines):
            return ""
        return BundlePolicy.objects.current_text()
