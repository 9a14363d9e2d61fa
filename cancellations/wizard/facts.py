from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from cancellations.arithmetic.delivery import charges_of_rows
from cancellations.arithmetic.distribution import Amounts
from cancellations.models import BundlePolicy, CancellationReason
from cancellations.refunds.gateways.asking import what_can_be_sent
from orders.arithmetic.amounts import Standing
from orders.arithmetic.money import Minor
from orders.models import OrderItemSummary, OrderSummary
from orders.standing import as_it_stands
from orders.which import WhichOne, which_ones


class Facts:
    """What a request reads of its order and of the store: each once, and only if it is asked.

    Args:
        policy: The store's on bundles, where the order has one.
        available: How many units of each product line can be canceled, by primary key.
    """

    def __init__(
        self, order: OrderSummary, policy: BundlePolicy, available: Mapping[int, int]
    ) -> None:
        self.order = order
        self.policy = policy
        self.available = available

    @cached_property
    def lines(self) -> list[OrderItemSummary]:
        return list(self.order.lines.all())

    @cached_property
    def standing(self) -> Standing:
        return replace(as_it_stands(self.order), bundle_rule=self.policy.bundle_rule)

    @cached_property
    def sends(self) -> dict[str, Amounts]:
        """What the gateways of the order's payments can send."""
        return what_can_be_sent(self.order)

    @cached_property
    def charges(self) -> Mapping[str, Minor]:
        """What is left of the charges for each line's delivery, where anything is; by its key."""
        return charges_of_rows(self.standing)

    @cached_property
    def which(self) -> Mapping[int, WhichOne]:
        return which_ones(self.lines)

    @cached_property
    def has_fees(self) -> bool:
        """Whether a fee of the order has not left yet."""
        return any(line.type == line.Type.FEE and not line.released for line in self.lines)

    @cached_property
    def reasons(self) -> list[CancellationReason]:
        return list(CancellationReason.objects.active())
