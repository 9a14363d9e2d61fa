"""The form of Cancel Item's details: a row for every selected line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _

from cancellations.arithmetic.bundles import default_child_quantity
from cancellations.arithmetic.quotes import Asked
from cancellations.models import CancellationReason
from cancellations.selection import SelectedItems, SelectedLine
from cancellations.wizard.apply import ApplyForm
from cancellations.wizard.charges import charged_lines
from cancellations.wizard.defaults import default_quantities, following_quantities
from cancellations.wizard.details_row import DetailsRow
from cancellations.wizard.fees import AsksOfFees
from cancellations.wizard.fields import check_note, reason_choices
from cancellations.wizard.row_fields import RowFields
from cancellations.wizard.step import Draft
from orders.arithmetic.money import Minor
from orders.formats import Text, isolated, sentence
from orders.models import OrderItemSummary
from orders.tree import bundle_lines, in_tree_order


class DetailsForm(AsksOfFees):
    """A row for every selected line: quantity, reason, note and delivery choice."""

    def __init__(
        self,
        *args: Any,
        order_lines: Sequence[OrderItemSummary],
        selected: Sequence[OrderItemSummary],
        available: Mapping[int, int],
        charges: Callable[[], Mapping[str, Minor]],
        has_fees: bool,
        reasons: Sequence[CancellationReason],
        draft: Draft | None = None,
        apply_quantity: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.tree = in_tree_order(selected, bundle_lines(order_lines))
        self._by_pk = {line.pk: line for line in selected}
        self.reasons = {str(reason.pk): reason for reason in reasons}
        self.available = available
        self._charges = charges
        self.charged = charged_lines(order_lines)
        self.defaults = default_quantities(selected, available)
        self.bundles = {line.bundle_id for line in order_lines}
        made = RowFields(reason_choices(reasons))
        for row in self.tree:
            self._add_row(row.line, made)
        self.ask_of_fees(has_fees=has_fees)
        typed = cast(Draft, self.data) if self.is_bound else draft
        self.apply = ApplyForm(
            reasons=reasons,
            typed=typed,
            prefix=self.add_prefix("apply"),
        )
        self.apply_quantity = apply_quantity
        self.hints: Mapping[str, Sequence[str]] = {}
        if draft is not None:
            self._fill_in(draft)

    def _add_row(self, line: OrderItemSummary, made: RowFields) -> None:
        of = {"line": str(line)}
        least, available = self._least(line), self.available[line.pk]
        fields = {
            "quantity": made.quantity(least, available, of),
            "reason": made.reason(of),
            "note": made.note(of),
        }
        fields["quantity"].initial = self.defaults[line.pk]
        if line.pk in self.charged:
            fields["refund_delivery"] = made.refund_delivery(of)
        for name, form_field in fields.items():
            self.fields[f"{line.pk}-{name}"] = form_field

    @cached_property
    def charges(self) -> Mapping[str, Minor]:
        """What is left of the charges for each line's delivery, where anything is; by its key."""
        return self._charges()

    @property
    def has_charges(self) -> bool:
        """Whether any of the rows can give back a delivery charge."""
        return any(self.charges.get(row.line.key) for row in self.tree)

    @property
    def beside(self) -> list[str]:
        """What the step keeps beside its fields' answers: the Apply to All row, if it is filled."""
        row = (f"apply-{name}" for name in self.apply.fields)
        return [name for name in row if self.data.get(self.add_prefix(name), "").strip()]

    @property
    def rows(self) -> tuple[DetailsRow, ...]:
        return tuple(DetailsRow(self, row) for row in self.tree)

    def bundle_of(self, line: OrderItemSummary) -> OrderItemSummary | None:
        """The bundle of a line, when that is selected too."""
        return self._by_pk.get(line.bundle_id) if line.bundle_id else None

    @property
    def reasons_with_note(self) -> list[str]:
        """The names of the reasons that need a note, to be set into a sentence."""
        return [isolated(reason.name) for reason in self.reasons.values() if reason.needs_note]

    def following(self, line: OrderItemSummary) -> Sequence[int]:
        """Of a child under its bundle: its default quantity for 1, 2, 3 … bundles."""
        return following_quantities(line, self.bundle_of(line), self.available)

    def applied(self, line: OrderItemSummary, quantity: int) -> int:
        """What *Apply to All* makes of a quantity for a line: its share under its bundle."""
        if bundle := self.bundle_of(line):
            bundles = min(quantity, self.available[bundle.pk])
            return default_child_quantity(line.quantities, bundle.quantities, bundles)
        return min(quantity, self.available[line.pk])

    def why_no_totals(self) -> Text:
        """What is wrong with the first quantity that cannot be, as the page shows it; else ""."""
        for row in self.rows:
            try:
                self._shown(row.line)
            except forms.ValidationError as wrong:
                return sentence(_("%(line)s: %(wrong)s"), line=row.line, wrong=wrong.messages[0])
        return ""

    def asked(self) -> list[Asked]:
        """Quantities and delivery choices as the page shows them, which have to make sense."""
        return [asked for line in self._lines if (asked := self._asked(line)).quantity]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        for row in self.tree:
            if answers.get(f"{row.line.pk}-quantity") == 0:
                self._forgive(row.line)
            else:
                check_note(self, self.reasons, f"{row.line.pk}-")
        return answers

    def selection(self) -> SelectedItems:
        """The valid answers as a selection, in the order's sequence; it means what it names."""
        return SelectedItems(
            tuple(self._selected(line) for line in self._named),
            refund_fees=self.is_to_refund_fees,
        )

    @property
    def _named(self) -> list[OrderItemSummary]:
        """The selected lines of which something goes, in the order's sequence."""
        return [line for line in self._lines if self.cleaned_data[f"{line.pk}-quantity"]]

    def _least(self, line: OrderItemSummary) -> int:
        """0 for a child whose share of its bundle has gone already, so that none goes along."""
        bundle = self.bundle_of(line)
        if bundle and not default_child_quantity(line.quantities, bundle.quantities, 1):
            return 0
        return 1

    def _forgive(self, line: OrderItemSummary) -> None:
        """Of a child that stays nothing else needs to be said."""
        for name in ("reason", "note"):
            self.errors.pop(f"{line.pk}-{name}", None)

    @property
    def _lines(self) -> list[OrderItemSummary]:
        """The selected lines in the order's sequence."""
        return sorted((row.line for row in self.tree), key=lambda line: line.position)

    def _fill_in(self, draft: Draft) -> None:
        """Show a draft; lines it does not know keep their defaults."""
        for name, form_field in self.fields.items():
            line = name.partition("-")[0]
            if name == "refund_fees" or f"{self.prefix}-{line}-quantity" in draft:
                self.initial[name] = form_field.widget.value_from_datadict(
                    draft, {}, self.add_prefix(name)
                )

    def _asked(self, line: OrderItemSummary) -> Asked:
        name = f"{line.pk}-refund_delivery"
        is_flagged = name in self.fields and bool(self[name].value())
        return Asked(line.key, self._shown(line), is_flagged)

    def _shown(self, line: OrderItemSummary) -> int:
        """The quantity of a line as the page shows it.

        Raises:
            ValidationError: It is none that can be canceled.
        """
        quantity: int = self.fields[f"{line.pk}-quantity"].clean(
            self[f"{line.pk}-quantity"].value()
        )
        return quantity

    def _selected(self, line: OrderItemSummary) -> SelectedLine:
        def answer(name: str) -> Any:
            return self.cleaned_data.get(f"{line.pk}-{name}")

        left_alone = line.pk in self.bundles and not any(
            each.bundle_id == line.pk for each in self._named
        )
        return SelectedLine(
            Asked(line.key, answer("quantity"), bool(answer("refund_delivery")), not left_alone),
            reason=self.reasons[answer("reason")].name,
            note=answer("note"),
        )
