"""The rows of Cancel Item's details, written without a template for each field of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from cancellations.templatetags.lines import hints, of_line, which_one
from orders.arithmetic.money import Currency
from orders.formats import escaped, money_text, number_writer
from orders.which import WhichOne

if TYPE_CHECKING:
    from cancellations.wizard.details_form import DetailsForm
    from cancellations.wizard.details_row import DetailsRow


def details_rows(
    form: DetailsForm, which: Mapping[int, WhichOne] | None, currency: Currency
) -> SafeString:
    """A row for each selected line."""
    rows = _Rows(form, which, currency)
    return SafeString("".join(map(rows.written, form.rows)))


class _Rows:
    """What all rows have in common: their words, and the reasons as options."""

    def __init__(
        self, form: DetailsForm, which: Mapping[int, WhichOne] | None, currency: Currency
    ) -> None:
        self.which, self.currency = which, currency
        self.number = number_writer()
        self.errors = form.errors
        self.bundle = escaped(gettext("Bundle"))
        self.available = escaped(pgettext("quantity", "Available"))
        self.quantity = escaped(gettext("Quantity"))
        self.reason = escaped(gettext("Reason"))
        self.note = escaped(gettext("Note"))
        self.refund_delivery = escaped(gettext("Refund delivery charge"))
        self.of_amount = gettext("of %(amount)s for this delivery")
        self._options: dict[str, str] = {}
        self._notices: dict[int, str] = {}

    def written(self, row: DetailsRow) -> str:
        line, tree = row.line, row.tree
        child = f"{'child' if tree.is_child else ''}{' last' if tree.is_last_child else ''}"
        mark = f'<span class="bundle-mark">{self.bundle}</span>' if tree.is_bundle else ""
        return (
            f'<tr class="{child}" data-row data-line="{line.pk}"'
            f' data-bundle="{line.bundle_id or ""}"'
            f' data-following="{" ".join(map(str, row.following))}"'
            f' data-available="{row.available}">'
            f'<th class="tree read" scope="row"><bdi>{escaped(line.name)}</bdi> {mark}'
            f" {which_one(of_line(self.which, line))} {hints(row)}</th>"
            f'<td class="num read" data-label="{self.available}">{self.number(row.available)}</td>'
            f'<td data-field="quantity" data-label="{self.quantity}">{self._quantity(row)}'
            f' <span class="notice" data-notice{"" if row.capped else " hidden"}>'
            f"{self._notice(row.available)}</span></td>"
            f'<td data-field="reason" data-label="{self.reason}">{self._reason(row)}</td>'
            f'<td data-field="note" data-label="{self.note}">{self._note(row)}</td>'
            f'<td data-field="delivery">{self._delivery(row)}</td></tr>'
        )

    def _quantity(self, row: DetailsRow) -> str:
        field, limits = row.quantity, row.quantity.field.widget.attrs
        return self._with_errors(field) or (
            f'<input type="number" name="{field.html_name}"{_value(field)}'
            f' min="{limits["min"]}" max="{limits["max"]}" {_label(field)}'
            f' required id="{field.auto_id}">'
        )

    def _reason(self, row: DetailsRow) -> str:
        field, value = row.reason, row.reason.value()
        return self._with_errors(field) or (
            f'<select name="{field.html_name}" {_label(field)} required id="{field.auto_id}">'
            f"{self._options_of(field, '' if value is None else str(value))}</select>"
        )

    def _note(self, row: DetailsRow) -> str:
        field = row.note
        return self._with_errors(field) or (
            f'<input type="text" name="{field.html_name}"{_value(field)}'
            f' maxlength="{field.field.widget.attrs["maxlength"]}" {_label(field)}'
            f' id="{field.auto_id}">'
        )

    def _delivery(self, row: DetailsRow) -> str:
        field = row.refund_delivery
        if field is None:
            return ""
        amount = escaped(money_text(row.charge_minor, self.currency))
        return (
            f'<label class="check"><input type="checkbox" name="{field.html_name}"'
            f' aria-describedby="charge-{row.line.pk}" {_label(field)} id="{field.auto_id}"'
            f"{' checked' if field.value() else ''}>"
            f' <span class="check-words" aria-hidden="true">{self.refund_delivery}</span>'
            f' <span class="charge" id="charge-{row.line.pk}">'
            f"{escaped(self.of_amount) % {'amount': amount}}</span></label>"
        )

    def _with_errors(self, field: BoundField) -> str:
        """A field that has some as Django writes it; "" where it has none."""
        if field.name not in self.errors:
            return ""
        widget = field.as_widget(attrs={"aria-label": str(field.label)})
        return f"{widget} {field.errors}"

    def _options_of(self, field: BoundField, chosen: str) -> str:
        if chosen not in self._options:
            self._options[chosen] = "".join(
                f'<option value="{escaped(value)}"{" selected" if value == chosen else ""}>'
                f"{escaped(words)}</option>"
                for value, words in field.field.choices  # type: ignore[attr-defined]
            )
        return self._options[chosen]

    def _notice(self, available: int) -> str:
        if available not in self._notices:
            said = ngettext("Only %(number)s available", "Only %(number)s available", available)
            self._notices[available] = escaped(said % {"number": self.number(available)})
        return self._notices[available]


def _value(field: BoundField) -> str:
    value = field.value()
    return "" if value in (None, "") else f' value="{escaped(value)}"'


def _label(field: BoundField) -> str:
    return f'aria-label="{escaped(field.label)}"'
