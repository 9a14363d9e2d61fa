"""The rows of Cancel Item's selection, written without a template for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from cancellations.templatetags.lines import hints, of_line, status, which_one
from orders.arithmetic.money import Currency
from orders.formats import escaped, number_writer, unit_price_text
from orders.models import OrderItemSummary
from orders.which import WhichOne

if TYPE_CHECKING:
    from cancellations.wizard.select import SelectForm
    from cancellations.wizard.select_row import SelectRow


def select_rows(
    form: SelectForm, which: Mapping[int, WhichOne] | None, currency: Currency
) -> SafeString:
    """A row for each line of the page."""
    rows = _Rows(which, currency)
    return SafeString("".join(map(rows.written, form.rows)))


class _Rows:
    """What all rows have in common: their words."""

    def __init__(self, which: Mapping[int, WhichOne] | None, currency: Currency) -> None:
        self.which, self.currency = which, currency
        self.number = number_writer()
        self.bundle = escaped(gettext("Bundle"))
        self.ordered = escaped(pgettext("quantity", "Ordered"))
        self.available = escaped(pgettext("quantity", "Available"))
        self.select = gettext("Select %(line)s")
        self._badges: dict[str, str] = {}

    def written(self, row: SelectRow) -> str:
        line, tree = row.line, row.tree
        child = f"{'child' if tree.is_child else ''}{' last' if tree.is_last_child else ''}"
        mark = f'<span class="bundle-mark">{self.bundle}</span>' if tree.is_bundle else ""
        name, sku = escaped(line.name), escaped(line.sku)
        return (
            f'<tr class="{child}" data-text="{name} {sku} {escaped(line.key)}">'
            f'<td class="pick-cell"><label class="pick">{self._checkbox(row)}</label></td>'
            f'<th class="tree" scope="row"><label for="{row.id}"><bdi>{name}</bdi> {mark}'
            f" {which_one(of_line(self.which, line))}</label> {hints(row)}</th>"
            f'<td class="sku"><bdi>{sku}</bdi></td>'
            f'<td class="status-cell">{self._badge(line)}</td>'
            f'<td class="num ordered" data-label="{self.ordered}">'
            f"{self.number(line.quantity_ordered)}</td>"
            f'<td class="num available" data-label="{self.available}">'
            f"{self.number(row.available)}</td>"
            f'<td class="num price">'
            f"{escaped(unit_price_text(line.unit_price_micros, self.currency))}</td></tr>"
        )

    def _checkbox(self, row: SelectRow) -> str:
        line, label = row.line, escaped(self.select % {"line": row.line})
        elsewhere = " ".join(map(str, row.parts_elsewhere))
        bundle = f' data-bundle="{line.bundle_id}"' if row.tree.is_child else ""
        parts = f' data-parts-elsewhere="{elsewhere}"' if elsewhere else ""
        return (
            f'<input type="checkbox" name="{row.name}" value="{line.pk}" id="{row.id}"'
            f' aria-label="{label}" data-line="{line.pk}"'
            f"{bundle}{' data-is-bundle' if row.tree.is_bundle else ''}{parts}"
            f"{' checked' if row.is_ticked else ''}>"
        )

    def _badge(self, line: OrderItemSummary) -> str:
        if line.status not in self._badges:
            self._badges[line.status] = status(line.status, line.get_status_display())
        return self._badges[line.status]
