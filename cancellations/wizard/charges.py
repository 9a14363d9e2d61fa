"""Which lines are delivered for a charge, whatever is left of it."""

from collections.abc import Sequence

from orders.models import OrderItemSummary


def charged_lines(lines: Sequence[OrderItemSummary]) -> frozenset[int]:
    """Primary keys of the lines for whose delivery, or their children's, the order has a charge."""
    groups = {line.delivery_group_id for line in lines if line.type == line.Type.DELIVERY_CHARGE}
    charged = [line for line in lines if line.is_product and line.delivery_group_id in groups]
    return frozenset(pk for line in charged for pk in (line.pk, line.bundle_id) if pk is not None)
