"""What tells a line from others like it, for orders in which its name alone does not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orders.models import DeliveryGroup, OrderItemSummary


@dataclass(frozen=True, slots=True)
class WhichOne:
    """What stands beside a line's name.

    Attributes:
        key: Its number, where another line has its name; else "".
        goes_to: Recipient or method, or else the address, where the order is delivered in several
            groups.
    """

    key: str = ""
    goes_to: tuple[str, ...] = ()


def which_ones(lines: Sequence[OrderItemSummary]) -> Mapping[int, WhichOne]:
    """What stands beside the names of an order's lines, by primary key.

    Only where the order has another product that looks the same: most lines stand alone, and
    have nothing here.
    """
    products = [line for line in lines if line.is_product]
    named = Counter(line.name for line in products)
    groups = {line.delivery_group_id: line.delivery_group for line in products}
    words = _telling_apart([group for group in groups.values() if group])
    return {
        line.pk: WhichOne(
            line.key if named[line.name] > 1 else "",
            words.get(line.delivery_group_id or 0, ()),
        )
        for line in lines
        if words or named[line.name] > 1
    }


def _telling_apart(groups: Sequence[DeliveryGroup]) -> dict[int, tuple[str, ...]]:
    """Of each group the parts in which it differs from others; nothing of a single one."""
    if len(groups) < 2:
        return {}
    names = [
        name
        for name in ("deliver_to", "method")
        if len({getattr(group, name) for group in groups}) > 1
    ] or ["address"]
    return {
        group.pk: tuple(filter(None, (getattr(group, name) for name in names))) for group in groups
    }
