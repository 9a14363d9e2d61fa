"""Apply to All Items: one row of the details step that fills in all the others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from cancellations.models import CancellationReason
from cancellations.wizard.fields import NoteField, ReasonField, WholeNumberField, reason_choices
from cancellations.wizard.step import Draft

if TYPE_CHECKING:
    from cancellations.wizard.cancellation import CancellationWizard
    from cancellations.wizard.details import DetailsStep
    from cancellations.wizard.details_form import DetailsForm


NOT_APPLIED = _("This has not been applied. Press Apply to All, or empty it.")


class ApplyForm(forms.Form):
    """The *Apply to All Items* row: what is filled in goes to every row, blanks leave alone.

    Args:
        typed: What was typed into the row and not applied yet, by the names of its inputs.
    """

    quantity = WholeNumberField(
        label=_("Quantity"),
        required=False,
        min_value=1,
        error_messages={"min_value": _("Enter a quantity of at least 1.")},
    )
    reason = ReasonField(label=_("Reason"), required=False)
    note = NoteField(label=_("Note"))
    refund_delivery = forms.BooleanField(label=_("Refund delivery charge"), required=False)

    def __init__(
        self,
        *args: Any,
        reasons: Iterable[CancellationReason],
        typed: Draft | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, form_field in self.fields.items():
            self.initial[name] = form_field.widget.value_from_datadict(
                typed or Draft(), {}, self.add_prefix(name)
            )
        reason = cast(ReasonField, self.fields["reason"])
        reason.choices = reason_choices(reasons, blank=_("Leave as it is"))

    @property
    def filled_in(self) -> list[str]:
        """The fields that something stands in."""
        return [name for name in self.fields if self._is_filled_in(self[name].data)]

    def _is_filled_in(self, posted: Any) -> bool:
        return bool(posted.strip() if isinstance(posted, str) else posted)

    def refuse_to_go_on(self) -> None:
        """Say at each field that something stands in that it was not applied."""
        self.full_clean()
        for name in self.filled_in:
            if name not in self.errors:
                self.add_error(name, NOT_APPLIED)


def apply_to_all(wizard: CancellationWizard, step: DetailsStep) -> HttpResponse:
    """Put the Apply to All row on every line and show the step again."""
    form = step.form(wizard, wizard.request.POST)
    apply = _posted_row(wizard, form)
    if not apply.is_valid():
        return _show_errors(wizard, step, form, apply)
    wizard.storage.set_draft(step.name, _on_every_row(form, apply))
    wizard.storage.keep("applied", apply.cleaned_data["quantity"])
    return redirect(wizard.get_step_url(step.name))


def stop_at_what_was_not_applied(
    wizard: CancellationWizard, step: DetailsStep
) -> HttpResponse | None:
    """The step again while something stands in the Apply to All row; nothing of it is lost."""
    form = step.form(wizard, wizard.request.POST)
    apply = _posted_row(wizard, form)
    if not apply.filled_in:
        return None
    apply.refuse_to_go_on()
    return _show_errors(wizard, step, form, apply)


def _posted_row(wizard: CancellationWizard, form: DetailsForm) -> ApplyForm:
    posted = wizard.request.POST
    return ApplyForm(
        posted,
        reasons=wizard.facts.reasons,
        prefix=form.apply.prefix,
    )


def _show_errors(
    wizard: CancellationWizard, step: DetailsStep, form: DetailsForm, apply: ApplyForm
) -> HttpResponse:
    wizard.storage.set_draft(step.name, Draft(wizard.process_step(form)))
    shown = step.form(wizard)
    shown.apply = apply
    response: HttpResponse = wizard.render(shown).render()
    return response


def _on_every_row(form: DetailsForm, apply: ApplyForm) -> Draft:
    """What was typed with the Apply to All row put on every line, capped per row.

    A child under its bundle takes its share of the bundle's quantity.
    """
    draft = Draft(_own_answers(form))
    answers = apply.cleaned_data
    for row in form.tree:
        name = form.add_prefix(f"{row.line.pk}-")
        if quantity := answers["quantity"]:
            draft[f"{name}quantity"] = str(form.applied(row.line, quantity))
        if answers["reason"]:
            draft[f"{name}reason"] = answers["reason"]
        if answers["note"]:
            draft[f"{name}note"] = answers["note"]
        if answers.get("refund_delivery"):
            draft[f"{name}refund_delivery"] = "on"
    return draft


def _own_answers(form: DetailsForm) -> dict[str, list[str]]:
    """What was posted for the form's fields, without buttons and the Apply to All row."""
    posted = cast(MultiValueDict, form.data)
    own = {form.add_prefix(name) for name in form.fields}
    return {name: values for name, values in posted.lists() if name in own}
