"""The details step of Cancel Item: a row for every selected line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from cancellations.arithmetic.bundles import default_child_quantity
from cancellations.arithmetic.quotes import Asked
from cancellations.models import CancellationReason
from cancellations.selection import SelectedItems, SelectedLine
from cancellations.wizard.apply import ApplyForm, apply_to_all
from cancellations.wizard.fields import (
    NoteField,
    ReasonField,
    WholeNumberField,
    check_note,
    reason_choices,
)
from cancellations.wizard.step import Draft, Step
from orders.formats import Text, isolated
from orders.models import OrderItemSummary
from orders.tree import TreeRow, bundle_lines, in_tree_order

if TYPE_CHECKING:
    from cancellations.wizard.cancellation import CancellationWizard

MOST_FOLLOWED = 1000
"""Up to so many bundles their children's quantities follow at once, where scripts run."""


class DetailsForm(forms.Form):
    """A row for every selected line: quantity, reason, note and delivery choice."""

    def __init__(
        self,
        *args: Any,
        order_lines: Sequence[OrderItemSummary],
        selected: Sequence[OrderItemSummary],
        reasons: Sequence[CancellationReason],
        draft: Draft | None = None,
        apply_quantity: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.tree = in_tree_order(selected, bundle_lines(order_lines))
        self.reasons = {str(reason.pk): reason for reason in reasons}
        self.defaults = default_quantities(selected)
        self.bundles = {line.bundle_id for line in order_lines}
        choices = reason_choices(reasons)
        for row in self.tree:
            self._add_row(row.line, choices)
        self.apply = ApplyForm(reasons=reasons, prefix=self.add_prefix("apply"))
        self.apply_quantity = apply_quantity
        self.hints: Mapping[str, Sequence[str]] = {}
        if draft is not None:
            self._fill_in(draft)

    def _add_row(self, line: OrderItemSummary, choices: Sequence[tuple[str, Text]]) -> None:
        available = line.quantity_available
        of = {"line": line}
        fields: dict[str, forms.Field] = {
            "quantity": WholeNumberField(
                label=_("Quantity for %(line)s") % of,
                min_value=1,
                max_value=available,
                initial=self.defaults[line.pk],
                error_messages={
                    "required": _("Enter a quantity."),
                    "min_value": _("Enter a quantity of at least 1."),
                    "max_value": ngettext(
                        "Only %(limit_value)d can be canceled.",
                        "Only %(limit_value)d can be canceled.",
                        available,
                    ),
                },
            ),
            "reason": ReasonField(label=_("Reason for %(line)s") % of, choices=choices),
            "note": NoteField(label=_("Note for %(line)s") % of),
            "refund_delivery": forms.BooleanField(
                label=_("Refund delivery charge for %(line)s") % of, required=False
            ),
        }
        for name, form_field in fields.items():
            form_field.widget.attrs["aria-label"] = form_field.label
            self.fields[f"{line.pk}-{name}"] = form_field

    @property
    def rows(self) -> tuple[DetailsRow, ...]:
        return tuple(DetailsRow(self, row) for row in self.tree)

    def bundle_of(self, line: OrderItemSummary) -> OrderItemSummary | None:
        """The bundle of a line, when that is selected too."""
        lines = (row.line for row in self.tree)
        return next((each for each in lines if each.pk == line.bundle_id), None)

    @property
    def reasons_with_note(self) -> list[str]:
        """The names of the reasons that need a note, to be set into a sentence."""
        return [isolated(reason.name) for reason in self.reasons.values() if reason.needs_note]

    def asked(self) -> list[Asked]:
        """Quantities and delivery choices as the page shows them, where they make sense."""
        return [self._asked(line) for line in self._lines]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        for row in self.tree:
            check_note(self, self.reasons, f"{row.line.pk}-")
        return answers

    def selection(self) -> SelectedItems:
        """The valid answers as a selection, in the order's sequence; it means what it names."""
        return SelectedItems(tuple(self._selected(line) for line in self._lines))

    @property
    def _lines(self) -> list[OrderItemSummary]:
        """The selected lines in the order's sequence."""
        return sorted((row.line for row in self.tree), key=lambda line: line.position)

    def _fill_in(self, draft: Draft) -> None:
        """Show a draft; lines it does not know keep their defaults."""
        for name, form_field in self.fields.items():
            line = name.partition("-")[0]
            if f"{self.prefix}-{line}-quantity" in draft:
                self.initial[name] = form_field.widget.value_from_datadict(
                    draft, {}, self.add_prefix(name)
                )

    def _asked(self, line: OrderItemSummary) -> Asked:
        shown = self[f"{line.pk}-quantity"].value()
        text = str(shown if shown is not None else "")
        quantity = int(text) if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) else 0
        if not 1 <= quantity <= line.quantity_available:
            quantity = self.defaults[line.pk]
        return Asked(line.key, quantity, bool(self[f"{line.pk}-refund_delivery"].value()))

    def _selected(self, line: OrderItemSummary) -> SelectedLine:
        def answer(name: str) -> Any:
            return self.cleaned_data[f"{line.pk}-{name}"]

        left_alone = line.pk in self.bundles and not any(
            each.bundle_id == line.pk for each in self._lines
        )
        return SelectedLine(
            Asked(line.key, answer("quantity"), answer("refund_delivery"), not left_alone),
            reason=self.reasons[answer("reason")].name,
            note=answer("note"),
        )


class DetailsStep(Step[DetailsForm]):
    """How many of each selected line, and why."""

    name = "details"
    label = pgettext_lazy("step", "Details")
    form_class = DetailsForm

    def form_kwargs(self, wizard: CancellationWizard) -> dict[str, Any]:
        selected = wizard.get_cleaned_data_for_step("select") or {}
        return super().form_kwargs(wizard) | {
            "order_lines": wizard.facts.lines,
            "selected": selected.get("lines", ()),
            "reasons": wizard.facts.reasons,
            "apply_quantity": wizard.storage.extra_data.get("applied"),
        }

    def asked(self, wizard: CancellationWizard, form: DetailsForm) -> list[Asked]:
        return form.asked()

    def answered(self, wizard: CancellationWizard) -> None:
        wizard.storage.keep("applied", None)

    def answer_button(self, wizard: CancellationWizard) -> HttpResponse | None:
        return apply_to_all(wizard, self) if "apply" in wizard.request.POST else None


@dataclass(frozen=True, slots=True)
class DetailsRow:
    """One selected line with its four fields."""

    form: DetailsForm
    tree: TreeRow

    @property
    def line(self) -> OrderItemSummary:
        return self.tree.line

    @property
    def available(self) -> int:
        return self.line.quantity_available

    @property
    def quantity(self) -> forms.BoundField:
        return self.form[f"{self.line.pk}-quantity"]

    @property
    def reason(self) -> forms.BoundField:
        return self.form[f"{self.line.pk}-reason"]

    @property
    def note(self) -> forms.BoundField:
        return self.form[f"{self.line.pk}-note"]

    @property
    def refund_delivery(self) -> forms.BoundField:
        return self.form[f"{self.line.pk}-refund_delivery"]

    @property
    def following(self) -> Sequence[int]:
        """Of a child under its bundle: its default quantity for 1, 2, 3 … bundles."""
        bundle = self.form.bundle_of(self.line)
        if bundle is None:
            return ()
        bundles = range(1, min(bundle.quantity_available, MOST_FOLLOWED) + 1)
        return tuple(
            default_child_quantity(self.line.quantities, bundle.quantities, number)
            for number in bundles
        )

    @property
    def hints(self) -> Sequence[str]:
        """The bundle rules that bite on this row."""
        return self.form.hints.get(self.line.key, ())

    @property
    def capped(self) -> bool:
        """Whether Apply to All asked for more than this row has."""
        return (self.form.apply_quantity or 0) > self.available


def default_quantities(selected: Iterable[OrderItemSummary]) -> dict[int, int]:
    """What is available; for children of a selected bundle what goes with it (domain.md §4)."""
    by_pk = {line.pk: line for line in selected}
    return {
        pk: _default_quantity(line, by_pk.get(line.bundle_id or 0)) for pk, line in by_pk.items()
    }


def _default_quantity(line: OrderItemSummary, bundle: OrderItemSummary | None) -> int:
    if bundle is None:
        return line.quantity_available
    return default_child_quantity(line.quantities, bundle.quantities, bundle.quantity_available)
