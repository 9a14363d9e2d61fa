from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString

from console.records.line_rows import line_rows
from console.records.lines import OrderRow
from orders.arithmetic.money import Currency

register = template.Library()


@register.simple_tag
def order_lines(rows: Sequence[OrderRow], currency: Currency) -> SafeString:
    """``{% order_lines lines.rows currency %}``: the body of the table of an order's lines."""
    return line_rows(rows, currency)
