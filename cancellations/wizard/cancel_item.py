"""Cancel Item: up to 100 lines, each with its own details."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from cancellations.arithmetic.quotes import Asked, Quote, quote
from cancellations.wizard.cancellation import CancellationWizard
from cancellations.wizard.details import ApplyForm, DetailsForm
from cancellations.wizard.forms import Draft, ReviewForm, default_quantities
from cancellations.wizard.select import SelectForm
from orders.standing import as_it_stands


class CancelItemWizard(CancellationWizard):
    """Select lines, give details, review, submit."""

    kind = "cancel_items"
    label = "Cancel Item"
    step_labels = {
        "select": "Select",
        "details": "Details",
        "review": "Review",
        "finish": "Finish",
    }
    form_list = [("select", SelectForm), ("details", DetailsForm), ("review", ReviewForm)]

    def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
        extra: dict[str, Any] = super().get_form_kwargs(step)
        if step == "select":
            extra |= {"order_lines": self.lines, "cancel_all_url": self.cancel_all_url}
        if step == "details":
            selected = (self.get_cleaned_data_for_step("select") or {}).get("lines", ())
            extra |= {
                "order_lines": self.lines,
                "selected": selected,
                "reasons": self.reasons,
                "defaults": default_quantities(selected),
            }
        return extra

    def answer_button(self, step: str) -> HttpResponse | None:
        if "wizard_goto_step" in self.request.POST:
            return None
        if step == "select":
            return self._tick_children()
        if step == "details" and "apply" in self.request.POST:
            return self._apply_to_all()
        return None

    def process_step(self, form: forms.Form) -> dict[str, list[str]]:
        own = super().process_step(form)
        if self.steps.current == "select":
            self.storage.demote("details")
        if self.steps.current == "details":
            self.storage.keep("applied", None)
        return own

    def running_quote(self, form: forms.Form) -> Quote | None:
        asked = self._asked(form)
        return quote(as_it_stands(self.order.summary), asked) if asked else None

    def get_form(self, step: str | None = None, data: Any = None, files: Any = None) -> forms.Form:
        form = super().get_form(step, data, files)
        if isinstance(form, DetailsForm):
            form.apply_quantity = self.storage.extra_data.get("applied")
        return form

    def _asked(self, form: forms.Form) -> list[Asked]:
        if isinstance(form, SelectForm):
            quantities = default_quantities(form.ticked)
            return [Asked(line.key, quantities[line.pk]) for line in form.ticked]
        assert isinstance(form, DetailsForm)
        shown = form.provisional()
        return [Asked(line.key, *shown[line.pk]) for line in self.lines if line.pk in shown]

    def _tick_children(self) -> HttpResponse | None:
        """Without JavaScript a ticked bundle takes its children along in one more round."""
        form = self.get_form("select", self.request.POST)
        assert isinstance(form, SelectForm)
        draft = form.with_children()
        if draft is None:
            return None
        self.storage.demote("details")
        self.storage.set_draft("select", draft)
        messages.info(
            self.request,
            "The items of the bundle are now selected too. Leave out what stays, then go on.",
        )
        return redirect(self.get_step_url("select"))

    def _apply_to_all(self) -> HttpResponse:
        """Put the Apply to All row on every line and show the step again."""
        form = self.get_form("details", self.request.POST)
        assert isinstance(form, DetailsForm)
        apply = ApplyForm(
            self.request.POST,
            prefix=form.add_prefix("apply"),
            reasons=self.reasons,
        )
        if not apply.is_valid():
            return self._show_apply_errors(form, apply)
        self.storage.set_draft("details", form.applied(apply))
        self.storage.keep("applied", apply.cleaned_data["quantity"])
        return redirect(self.get_step_url("details"))

    def _show_apply_errors(self, form: DetailsForm, apply: ApplyForm) -> HttpResponse:
        self.storage.set_draft("details", Draft(self.process_step(form)))
        shown = self.get_form("details")
        assert isinstance(shown, DetailsForm)
        shown.apply = apply
        response: HttpResponse = self.render(shown).render()
        return response
