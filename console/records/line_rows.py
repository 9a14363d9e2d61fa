"""The lines of an order's page, written without a template for each of them."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from cancellations.templatetags.lines import status, unfolded, which_one
from console.records.lines import OrderRow
from orders.arithmetic.money import Currency, Minor
from orders.formats import escaped, money_writer, number_writer, unit_price_text
from orders.models import OrderItemSummary


def line_rows(rows: Sequence[OrderRow], currency: Currency) -> SafeString:
    """A row for each line: what it is, what became of it, and its money."""
    return SafeString("".join(map(_Rows(currency).written, rows)))


class _Rows:
    """What all rows have in common: their words, which stand beside figures on narrow screens."""

    def __init__(self, currency: Currency) -> None:
        self.currency = currency
        self.money, self.number = money_writer(currency), number_writer()
        self.bundle = escaped(gettext("Bundle"))
        self.as_sold, self.now = gettext("As sold"), gettext("Now")
        self.quantity = escaped(gettext("Quantity"))
        self.available = escaped(pgettext("quantity", "Available"))
        self.price = escaped(gettext("Unit price"))
        self.amount = escaped(gettext("Amount"))
        self.tax = escaped(gettext("Tax"))
        self.total = escaped(gettext("Total"))
        self.refunded = escaped(pgettext("fee", "refunded"))
        self._badges: dict[str, str] = {}

    def written(self, row: OrderRow) -> str:
        tree = row.tree
        child = f"{'child' if tree.is_child else ''}{' last' if tree.is_last_child else ''}"
        price = escaped(unit_price_text(row.line.unit_price_micros, self.currency))
        return (
            f'<tr class="{child}"><th class="tree" scope="row">{self._item(row)}</th>'
            f"{self._units(row) if row.line.is_product else self._charge(row)}"
            f'<td class="num" data-label="{self.price}">{price}</td>'
            f"{self._money(self.amount, row.amount_minor)}"
            f"{self._money(self.tax, row.tax_minor)}"
            f"{self._money(self.total, row.total_minor)}</tr>"
        )

    def _item(self, row: OrderRow) -> str:
        line, made_of = row.line, row.unfolded
        mark = f'<span class="bundle-mark">{self.bundle}</span> ' if row.tree.is_bundle else ""
        sku = (
            f'<span class="sku note-line"><bdi>{escaped(line.sku)}</bdi></span> '
            if line.sku
            else ""
        )
        adds_up = (
            unfolded(made_of, row.total_minor, self.currency, self.as_sold, self.now)
            if made_of
            else ""
        )
        return f"<bdi>{escaped(line.name)}</bdi> {mark}{which_one(row.which)} {sku}{adds_up}"

    def _units(self, row: OrderRow) -> str:
        line = row.line
        stretches = "".join(
            f'<rect class="{each.fate}" x="{each.start}" width="{each.units}" height="1" />'
            for each in row.story
        )
        told = " · ".join(f'<span class="nowrap">{escaped(words)}</span>' for words in row.told)
        none = "" if row.available else " zero"
        return (
            f'<td class="story">{self._badge(line)} '
            f'<svg class="units" viewBox="0 0 {line.quantity_ordered} 1"'
            f' preserveAspectRatio="none" aria-hidden="true">{stretches}</svg> '
            f'<span class="note-line">{told}</span></td>'
            f'<td class="num" data-label="{self.quantity}">'
            f"<strong>{self.number(line.quantity_current)}</strong></td>"
            f'<td class="num{none}" data-label="{self.available}">'
            f"{self.number(row.available)}</td>"
        )

    def _charge(self, row: OrderRow) -> str:
        """A delivery charge or a fee, of which there are no units."""
        refunded = f" · {self.refunded}" if row.line.released else ""
        kind = escaped(row.line.get_type_display())
        return f'<td class="soft" colspan="3">{kind}{refunded}</td>'

    def _badge(self, line: OrderItemSummary) -> str:
        if line.status not in self._badges:
            self._badges[line.status] = status(line.status, line.get_status_display())
        return self._badges[line.status]

    def _money(self, label: str, amount: Minor) -> str:
        return f'<td class="num" data-label="{label}">{self.money(amount)}</td>'
