"""The details step of Cancel Item: a row for every selected line, and Apply to All Items."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from cancellations.arithmetic.quotes import Asked
from cancellations.models import LONGEST_NOTE, CancellationReason
from cancellations.selection import SelectedLine
from cancellations.wizard.forms import NEEDS_NOTE, Draft, WholeNumberField, reason_choices
from orders.models import OrderItemSummary
from orders.tree import TreeRow, bundle_lines, in_tree_order


class ApplyForm(forms.Form):
    """The *Apply to All Items* row: what is filled in goes to every row, blanks leave alone."""

    quantity = WholeNumberField(
        label="Quantity",
        required=False,
        min_value=1,
        error_messages={"min_value": "Enter a quantity of at least 1."},
    )
    reason = forms.ChoiceField(
        label="Reason",
        required=False,
        error_messages={"invalid_choice": "Choose a reason from the list."},
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=LONGEST_NOTE,
        error_messages={"max_length": f"Shorten the note to {LONGEST_NOTE} characters."},
    )
    refund_delivery = forms.BooleanField(label="Refund delivery charge", required=False)

    def __init__(self, *args: Any, reasons: Iterable[CancellationReason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reason.choices = reason_choices(reasons, blank="Leave as it is")


class DetailsForm(forms.Form):
    """A row for every selected line: quantity, reason, note and delivery choice."""

    def __init__(
        self,
        *args: Any,
        order_lines: Sequence[OrderItemSummary],
        selected: Sequence[OrderItemSummary],
        reasons: Sequence[CancellationReason],
        defaults: Mapping[int, int],
        draft: Draft | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.tree = in_tree_order(selected, bundle_lines(order_lines))
        self.reasons = {str(reason.pk): reason for reason in reasons}
        self.defaults = defaults
        choices = reason_choices(reasons)
        for row in self.tree:
            self._add_row(row.line, choices)
        self.apply = ApplyForm(reasons=reasons, prefix=self.add_prefix("apply"))
        self.apply_quantity: int | None = None
        self.hints: Mapping[str, Sequence[str]] = {}
        if draft is not None:
            self._fill_in(draft)

    def _add_row(self, line: OrderItemSummary, choices: Sequence[tuple[str, str]]) -> None:
        available = line.quantity_available
        of = f"{line.name} (line {line.key})"
        fields: dict[str, forms.Field] = {
            "quantity": WholeNumberField(
                label=f"Quantity for {of}",
                min_value=1,
                max_value=available,
                initial=self.defaults[line.pk],
                error_messages={
                    "required": "Enter a quantity.",
                    "min_value": "Enter a quantity of at least 1.",
                    "max_value": f"Only {available} can be canceled.",
                },
            ),
            "reason": forms.ChoiceField(
                label=f"Reason for {of}",
                choices=choices,
                error_messages={
                    "required": "Choose a reason.",
                    "invalid_choice": "Choose a reason from the list.",
                },
            ),
            "note": forms.CharField(
                label=f"Note for {of}",
                required=False,
                max_length=LONGEST_NOTE,
                error_messages={"max_length": f"Shorten the note to {LONGEST_NOTE} characters."},
            ),
            "refund_delivery": forms.BooleanField(
                label=f"Refund delivery charge for {of}", required=False
            ),
        }
        for name, form_field in fields.items():
            form_field.widget.attrs["aria-label"] = form_field.label
            self.fields[f"{line.pk}-{name}"] = form_field

    @property
    def rows(self) -> tuple["DetailsRow", ...]:
        return tuple(DetailsRow(self, row) for row in self.tree)

    def provisional(self) -> dict[int, tuple[int, bool]]:
        """Quantity and delivery choice by line as the page shows them, where they make sense."""
        return {row.line.pk: self._provisional(row.line) for row in self.tree}

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        for row in self.tree:
            reason = self.reasons.get(answers.get(f"{row.line.pk}-reason", ""))
            note = f"{row.line.pk}-note"
            if reason and reason.needs_note and not answers.get(note, "-"):
                self.add_error(note, NEEDS_NOTE)
        return answers

    def selection(self) -> tuple[SelectedLine, ...]:
        """The valid answers as a selection, in the order's sequence."""
        lines = sorted((row.line for row in self.tree), key=lambda line: line.position)
        return tuple(self._selected(line) for line in lines)

    def applied(self, apply: ApplyForm) -> Draft:
        """What was typed with the Apply to All row put on every line, capped per row."""
        draft = Draft(self._own_data())
        answers = apply.cleaned_data
        for row in self.tree:
            name = f"{self.prefix}-{row.line.pk}-"
            if quantity := answers["quantity"]:
                draft[f"{name}quantity"] = str(min(quantity, row.line.quantity_available))
            if answers["reason"]:
                draft[f"{name}reason"] = answers["reason"]
            if answers["note"]:
                draft[f"{name}note"] = answers["note"]
            if answers["refund_delivery"]:
                draft[f"{name}refund_delivery"] = "on"
        return draft

    def _own_data(self) -> dict[str, list[str]]:
        data = self.data
        assert isinstance(data, MultiValueDict)
        return {name: values for name, values in data.lists() if self._is_own(name)}

    def _is_own(self, name: str) -> bool:
        return name.removeprefix(f"{self.prefix}-") in self.fields

    def _fill_in(self, draft: Draft) -> None:
        """Show a draft; lines it does not know keep their defaults."""
        for name, form_field in self.fields.items():
            line = name.partition("-")[0]
            if f"{self.prefix}-{line}-quantity" in draft:
                self.initial[name] = form_field.widget.value_from_datadict(
                    draft, {}, self.add_prefix(name)
                )

    def _provisional(self, line: OrderItemSummary) -> tuple[int, bool]:
        shown = self[f"{line.pk}-quantity"].value()
        text = str(shown if shown is not None else "")
        quantity = int(text) if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) else 0
        if not 1 <= quantity <= line.quantity_available:
            quantity = self.defaults[line.pk]
        return quantity, bool(self[f"{line.pk}-refund_delivery"].value())

    def _selected(self, line: OrderItemSummary) -> SelectedLine:
        def answer(name: str) -> Any:
            return self.cleaned_data[f"{line.pk}-{name}"]

        return SelectedLine(
            Asked(line.key, answer("quantity"), answer("refund_delivery")),
            reason=self.reasons[answer("reason")].name,
            note=answer("note"),
        )


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
    def hints(self) -> Sequence[str]:
        """The bundle rules that bite on this row."""
        return self.form.hints.get(self.line.key, ())

    @property
    def capped(self) -> bool:
        """Whether Apply to All asked for more than this row has."""
        return (self.form.apply_quantity or 0) > self.available
