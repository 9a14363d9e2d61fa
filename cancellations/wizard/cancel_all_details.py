"""The details step of Cancel All: one reason for everything that can be canceled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cancellations.arithmetic.bundles import taken_by_cancel_all
from cancellations.arithmetic.delivery import charges_left
from cancellations.arithmetic.quotes import Asked, everything_eligible
from cancellations.models import CancellationReason
from cancellations.selection import EverythingEligible
from cancellations.wizard.fees import AsksOfFees
from cancellations.wizard.fields import (
    NoteField,
    ReasonField,
    check_note,
    reason_choices,
)
from cancellations.wizard.step import Draft, Step
from orders.arithmetic.money import Minor

if TYPE_CHECKING:
    from cancellations.wizard.cancellation import CancellationWizard


class CancelAllDetailsForm(AsksOfFees):
    """One reason, note and delivery choice for everything that can be canceled."""

    reason = ReasonField(label=_("Reason"))
    note = NoteField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}))
    refund_delivery = forms.BooleanField(
        label=_("Refund delivery charges"),
        required=False,
        widget=forms.CheckboxInput({"aria-describedby": "charges"}),
    )

    def __init__(
        self,
        *args: Any,
        reasons: Sequence[CancellationReason],
        has_fees: bool,
        nothing_remains: bool,
        nothing_fulfilled: bool,
        charge_minor: Minor,
        draft: Draft | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = {str(reason.pk): reason for reason in reasons}
        cast(ReasonField, self.fields["reason"]).choices = reason_choices(reasons)
        self.charge_minor = charge_minor
        if charge_minor:
            self.initial["refund_delivery"] = nothing_remains
        else:
            del self.fields["refund_delivery"]
        self.ask_of_fees(has_fees=has_fees, initial=nothing_remains and nothing_fulfilled)
        if draft is not None:
            for name, form_field in self.fields.items():
                self.initial[name] = form_field.widget.value_from_datadict(
                    draft, {}, self.add_prefix(name)
                )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        check_note(self, self.reasons)
        return answers

    def selection(self) -> EverythingEligible:
        """The valid answers as a selection."""
        answers = self.cleaned_data
        reason = self.reasons[answers["reason"]]
        return EverythingEligible(
            reason.name,
            answers["note"],
            bool(answers.get("refund_delivery")),
            self.is_to_refund_fees,
        )


class CancelAllDetailsStep(Step[CancelAllDetailsForm]):
    """Why everything is canceled."""

    name = "details"
    label = pgettext_lazy("step", "Details")
    form_class = CancelAllDetailsForm

    @property
    def template(self) -> str:
        return "wizard/cancel_all_details.html"

    def form_kwargs(self, wizard: CancellationWizard) -> dict[str, Any]:
        return super().form_kwargs(wizard) | {
            "reasons": wizard.facts.reasons,
            "has_fees": wizard.facts.has_fees,
            "nothing_remains": _nothing_remains(wizard),
            "charge_minor": charges_left(wizard.facts.standing),
            "nothing_fulfilled": not any(line.quantity_fulfilled for line in wizard.facts.lines),
        }

    def asked(self, wizard: CancellationWizard, form: CancelAllDetailsForm) -> Sequence[Asked]:
        flagged = bool(form.charge_minor and form["refund_delivery"].value())
        return everything_eligible(wizard.facts.standing, refund_delivery=flagged)

    def refunds_fees(self, form: CancelAllDetailsForm) -> bool:
        return form.shows_refund_fees


def _nothing_remains(wizard: CancellationWizard) -> bool:
    """Whether Cancel All leaves no unit of the order."""
    taken = dict(taken_by_cancel_all(wizard.facts.standing))
    return all(
        line.quantity_current == taken.get(line.key, 0)
        for line in wizard.facts.lines
        if line.is_product
    )
