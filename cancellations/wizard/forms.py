"""What the wizards' forms share, and the short ones: Cancel All's details, and review.

Their fields come from the order as it is now, not from the request, so stored answers are
judged against the present each time a form is rebuilt. A *draft* is what was typed but is no
answer yet: it fills a form in without being judged.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from django import forms
from django.utils.datastructures import MultiValueDict

from cancellations.arithmetic.notices import default_child_quantity
from cancellations.models import LONGEST_NOTE, CancellationReason
from cancellations.selection import EverythingEligible, Selection
from cancellations.snapshots import NotReadBack, Snapshot
from orders.models import OrderItemSummary

Draft = MultiValueDict

UNREADABLE_REVIEW = "This page could not be read back. Check the amounts below and submit again."

_CHOOSE = "Choose a reason"
NEEDS_NOTE = "Write a note: this reason needs one."


class AnswersSelection(Protocol):
    """A details form: once valid, its answers are a selection."""

    def selection(self) -> Selection: ...


class WholeNumberField(forms.IntegerField):
    """ASCII digits, with a minus at most: no point, underscore or full-width digit."""

    default_error_messages = {"invalid": "Enter a whole number."}

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and value.strip():
            if not re.fullmatch(r"-?[0-9]{1,18}", value.strip(), re.ASCII):
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
            return int(value)
        return super().to_python(value)


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
            self.add_error("note", NEEDS_NOTE)
        return answers

    def selection(self) -> EverythingEligible:
        answers = self.cleaned_data
        reason = self.reasons[answers["reason"]]
        return EverythingEligible(reason.name, answers["note"], answers["refund_delivery"])


class ReviewForm(forms.Form):
    """What the agent reviewed, signed for this order."""

    agreed = forms.CharField(
        label="Review",
        widget=forms.HiddenInput,
        error_messages={"required": UNREADABLE_REVIEW},
    )

    def __init__(self, *args: Any, order_number: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_number = order_number

    def clean_agreed(self) -> Snapshot:
        try:
            return Snapshot.read(self.cleaned_data["agreed"], self.order_number)
        except NotReadBack as error:
            raise forms.ValidationError(UNREADABLE_REVIEW) from error


def reason_choices(
    reasons: Iterable[CancellationReason], blank: str = _CHOOSE
) -> list[tuple[str, str]]:
    return [("", blank), *((str(reason.pk), reason.name) for reason in reasons)]


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
