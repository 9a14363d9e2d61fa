"""The wizard's forms.

Their fields come from the order as it is now, not from the request, so stored answers are
judged against the present each time a form is rebuilt. A *draft* is what was typed but is no
answer yet: it fills a form in without being judged.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.signing import BadSignature
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cancellations.models import LONGEST_NOTE, CancellationReason
from cancellations.quotes import default_child_quantity
from cancellations.selection import MOST_LINES, EverythingEligible, SelectedLine
from cancellations.snapshots import Snapshot
from orders.availability import WhyNot, why_not
from orders.models import OrderItemSummary
from orders.tree import TreeRow, bundle_lines, in_tree_order

Draft = MultiValueDict

_CHOOSE = "Choose a reason"
_NEEDS_NOTE = "Write a note: this reason needs one."


class WholeNumberField(forms.IntegerField):
    """ASCII digits and nothing else: no sign, point, underscore or full-width digit."""

    default_error_messages = {"invalid": "Enter a whole number."}

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and value.strip():
            if not re.fullmatch(r"-?[0-9]{1,18}", value.strip(), re.ASCII):
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
            return int(value)
        return super().to_python(value)


class SelectForm(forms.Form):
    """Which of the eligible lines to cancel.

    A ticked bundle takes its eligible children along: with JavaScript at once, without it
    by one more round (:meth:`with_children`). ``expanded`` says for which bundles that was
    done, so that a child unticked afterwards stays unticked.
    """

    lines = forms.MultipleChoiceField(
        label="Items",
        error_messages={
            "required": "Select at least one item.",
            "invalid_choice": "One of the selected items can no longer be canceled. "
            "Check the selection below.",
        },
    )

    def __init__(
        self,
        *args: Any,
        order_lines: Sequence[OrderItemSummary],
        cancel_all_url: str,
        draft: Draft | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cancel_all_url = cancel_all_url
        self.bundles = bundle_lines(order_lines)
        self.eligible = {line.pk: line for line in order_lines if _is_eligible(line)}
        choices = [(str(pk), line.name) for pk, line in self.eligible.items()]
        lines = self.fields["lines"]
        assert isinstance(lines, forms.MultipleChoiceField)
        lines.choices = choices
        self.unavailable = _unavailable(order_lines)
        self.hints: Mapping[str, Sequence[str]] = {}
        self.typed: Mapping[str, Any] = self.data if self.is_bound else draft or Draft()

    @property
    def rows(self) -> tuple["SelectRow", ...]:
        ticked = set(self._typed_list("lines"))
        rows = in_tree_order(self.eligible.values(), self.bundles)
        name = self.add_prefix("lines")
        return tuple(SelectRow(row, name, ticked, self.hints.get(row.line.key, ())) for row in rows)

    @property
    def selected_count(self) -> int:
        return len(self.ticked)

    @property
    def ticked(self) -> tuple[OrderItemSummary, ...]:
        """The eligible lines that are ticked, whether answered, typed or drafted."""
        ticked = set(self._typed_list("lines"))
        return tuple(line for pk, line in self.eligible.items() if str(pk) in ticked)

    @property
    def expanded_name(self) -> str:
        return self.add_prefix("expanded")

    @property
    def expanded(self) -> list[str]:
        """Ticked bundles whose children were ticked before."""
        ticked = {str(line.pk) for line in self.ticked}
        return [pk for pk in dict.fromkeys(self._typed_list("expanded")) if pk in ticked]

    def with_children(self) -> Draft | None:
        """What was typed with the children of newly ticked bundles; None if none is missing."""
        ticked = {str(line.pk) for line in self.ticked}
        fresh = ticked - set(self.expanded)
        children = {str(pk) for pk, line in self.eligible.items() if str(line.bundle_id) in fresh}
        if children <= ticked:
            return None
        expanded = [pk for pk in ticked if int(pk) in self.bundles]
        return Draft({self.add_prefix("lines"): [*ticked | children], self.expanded_name: expanded})

    def clean_lines(self) -> tuple[OrderItemSummary, ...]:
        chosen = {int(pk) for pk in self.cleaned_data["lines"]}
        if len(chosen) > MOST_LINES:
            raise forms.ValidationError(self._too_many(len(chosen)), code="too_many")
        return tuple(line for pk, line in self.eligible.items() if pk in chosen)

    def _too_many(self, count: int) -> SafeString:
        return format_html(
            "You selected {} items, and at most {} can be canceled at a time. Select fewer, or use"
            ' <a href="{}">Cancel All</a> for everything that can be canceled.',
            count,
            MOST_LINES,
            self.cancel_all_url,
        )

    def _typed_list(self, name: str) -> list[str]:
        typed = self.typed
        return typed.getlist(self.add_prefix(name)) if isinstance(typed, MultiValueDict) else []


@dataclass(frozen=True, slots=True)
class UnavailableRow:
    """One line that cannot be canceled, and why."""

    line: OrderItemSummary
    why_not: WhyNot


def _unavailable(order_lines: Sequence[OrderItemSummary]) -> tuple[UnavailableRow, ...]:
    judged = ((line, why_not(line.quantities, is_product=line.is_product)) for line in order_lines)
    return tuple(UnavailableRow(line, reason) for line, reason in judged if reason)


@dataclass(frozen=True, slots=True)
class SelectRow:
    """One eligible line with its checkbox."""

    tree: TreeRow
    name: str
    ticked: set[str] = field(repr=False)
    hints: Sequence[str] = ()

    @property
    def line(self) -> OrderItemSummary:
        return self.tree.line

    @property
    def id(self) -> str:
        return f"id_{self.name}_{self.line.pk}"

    @property
    def checkbox(self) -> SafeString:
        line = self.line
        attributes: dict[str, str | bool] = {
            "id": self.id,
            "aria-label": f"Select {line.name} (line {line.key})",
            "data-line": str(line.pk),
        }
        if self.tree.is_child:
            attributes["data-bundle"] = str(line.bundle_id)
        if self.tree.is_bundle:
            attributes["data-is-bundle"] = True
        box = forms.CheckboxInput(attrs=attributes, check_test=lambda pk: pk in self.ticked)
        return box.render(self.name, str(line.pk))


class ApplyForm(forms.Form):
    """The *Apply to All Items* row: what is filled in goes to every row, blanks leave alone."""

    quantity = WholeNumberField(
        label="Quantity",
        required=False,
        min_value=1,
        error_messages={"min_value": "Enter a quantity of at least 1."},
    )
    reason = forms.ChoiceField(label="Reason", required=False)
    note = forms.CharField(label="Note", required=False, max_length=LONGEST_NOTE)
    refund_delivery = forms.BooleanField(label="Refund delivery charge", required=False)

    def __init__(
        self, *args: Any, reason_choices: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reason.choices = reason_choices


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
        self.apply = ApplyForm(reason_choices=choices, prefix=self.add_prefix("apply"))
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
                self.add_error(note, _NEEDS_NOTE)
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
            key=line.key,
            quantity=answer("quantity"),
            reason=self.reasons[answer("reason")].name,
            note=answer("note"),
            refund_delivery=answer("refund_delivery"),
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


class CancelAllDetailsForm(forms.Form):
    """One reason, note and delivery choice for everything that can be canceled."""

    reason = forms.ChoiceField(
        label="Reason",
        error_messages={
            "required": "Choose a reason.",
            "invalid_choice": "Choose a reason from the list.",
        },
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"Shorten the note to {LONGEST_NOTE} characters."},
    )
    refund_delivery = forms.BooleanField(label="Refund delivery charges", required=False)

    def __init__(
        self,
        *args: Any,
        reasons: Sequence[CancellationReason],
        nothing_remains: bool,
        draft: Draft | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = {str(reason.pk): reason for reason in reasons}
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reason.choices = reason_choices(reasons)
        self.initial["refund_delivery"] = nothing_remains
        if draft is not None:
            for name, form_field in self.fields.items():
                self.initial[name] = form_field.widget.value_from_datadict(
                    draft, {}, self.add_prefix(name)
                )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        reason = self.reasons.get(answers.get("reason", ""))
        if reason and reason.needs_note and not answers.get("note", "-"):
            self.add_error("note", _NEEDS_NOTE)
        return answers

    def selection(self) -> EverythingEligible:
        answers = self.cleaned_data
        reason = self.reasons[answers["reason"]]
        return EverythingEligible(reason.name, answers["note"], answers["refund_delivery"])


class ReviewForm(forms.Form):
    """What the agent reviewed, signed for this run."""

    agreed = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, run: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run = run

    def clean_agreed(self) -> Snapshot:
        try:
            return Snapshot.read(self.cleaned_data["agreed"], self.run)
        except BadSignature as error:
            raise forms.ValidationError(
                "This page could not be read back. Check the amounts below and submit again."
            ) from error


def reason_choices(reasons: Iterable[CancellationReason]) -> list[tuple[str, str]]:
    return [("", _CHOOSE), *((str(reason.pk), reason.name) for reason in reasons)]


def _is_eligible(line: OrderItemSummary) -> bool:
    """A product line with something to cancel; that the order is managed is checked before."""
    return line.is_product and line.quantity_available > 0


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
