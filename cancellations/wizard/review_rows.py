"""The lines of a review, written without a template for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from cancellations.templatetags.lines import of_line, unfolded, warning, which_one
from orders.formats import escaped, money_writer, number_writer
from orders.models import OrderItemSummary

if TYPE_CHECKING:
    from cancellations.wizard.receipt import Receipt, ReceiptLine


def review_rows(receipt: Receipt) -> SafeString:
    """A row for each line of the page."""
    rows = _Rows(receipt)
    return SafeString("".join(map(rows.written, receipt.lines)))


class _Rows:
    """What all rows have in common: their words."""

    def __init__(self, receipt: Receipt) -> None:
        self.which, self.currency = receipt.which, receipt.quote.currency
        self.money, self.number = money_writer(self.currency), number_writer()
        self.bundle = escaped(gettext("Bundle"))
        self.was, self.will_be = gettext("Was"), gettext("Will be")
        self.quantity = escaped(gettext("Quantity"))
        self.delivery = escaped(gettext("Refund delivery"))
        self.amount = escaped(gettext("Canceled amount"))
        self.refunds = {True: escaped(gettext("Yes")), False: escaped(gettext("No"))}
        self.moved_along = {
            OrderItemSummary.Type.PRODUCT.value: gettext("Only its money leaves"),
            OrderItemSummary.Type.FEE.value: gettext("Fee"),
            OrderItemSummary.Type.DELIVERY_CHARGE.value: gettext("Delivery charge"),
        }

    def written(self, row: ReceiptLine) -> str:
        tree, amount = row.tree, row.canceled_minor
        kind = (
            f"{'child' if tree.is_child else ''}{' last' if tree.is_last_child else ''}"
            f"{' warned' if row.warnings else ''}"
        )
        mark = f'<span class="bundle-mark">{self.bundle}</span>' if tree.is_bundle else ""
        adds_up = row.unfolded and unfolded(
            row.unfolded, amount, self.currency, self.was, self.will_be
        )
        return (
            f'<tr class="{kind}"><th class="tree" scope="row"><bdi>{escaped(row.line.name)}</bdi>'
            f" {which_one(of_line(self.which, row.line))} {mark}"
            f" {''.join(map(warning, row.warnings))} {adds_up or ''}</th>"
            f'<td class="num quantity" data-label="{self.quantity}">'
            f"{self.number(row.quantity) if row.quantity else ''}</td>"
            f'<td class="reason">{self._reason(row)}</td>{self._refund_delivery(row)}'
            f'<td class="num amount" data-label="{self.amount}">'
            f"{self.money(amount)}</td></tr>"
        )

    def _reason(self, row: ReceiptLine) -> str:
        if row.asked is None:
            return f'<span class="soft">{escaped(self.moved_along[row.line.type])}</span>'
        reason = f"<bdi>{escaped(row.asked.reason)}</bdi>"
        if not row.asked.note:
            return reason
        return f'{reason} <span class="note-line"><bdi>{escaped(row.asked.note)}</bdi></span>'

    def _refund_delivery(self, row: ReceiptLine) -> str:
        if row.asked is None:
            return '<td class="refund-delivery"></td>'
        said = self.refunds[row.asked.refund_delivery]
        return f'<td class="refund-delivery" data-label="{self.delivery}">{said}</td>'
