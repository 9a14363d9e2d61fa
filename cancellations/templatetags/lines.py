from collections.abc import Mapping
from typing import TypeVar

from django import template

from orders.models import OrderItemSummary

register = template.Library()
Said = TypeVar("Said")


@register.filter
def of_line(said: Mapping[int, Said] | None, line: OrderItemSummary) -> Said | None:
    """``{{ which|of_line:row.line }}``: what is kept of a line by its primary key."""
    return said.get(line.pk) if said else None
