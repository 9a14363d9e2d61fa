"""Which lines are delivered for a charge, whatever is left of it."""

from collections.abc import Sequence
from typing import Protocol

from orders.models import OrderItemSummary

_Type = OrderItemSummary.Type


class Delivered(Protocol):
    """What has to be known of a line."""

    @property
    def pk(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def bundle_id(self) -> int | None: ...
    @property
    def delivery_group_id(self) -> int | None: ...


def charged_lines(lines: Sequence[Delivered]) -> frozenset[int]:
    """Primary keys of the lines for whose delivery, or their children's, the order has a charge."""
    groups = {line.delivery_group_id for line in lines if line.type == _Type.DELIVERY_CHARGE}
    products = (line for line in lines if line.type == _Type.PRODUCT)
    charged = [line for line in products if line.delivery_group_id in groups]
    return frozenset(pk for line in charged for pk in (line.pk, line.bundle_id) if pk is not None)
