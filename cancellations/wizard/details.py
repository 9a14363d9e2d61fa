"""The details step of Cancel Item: how many of each selected line, and why."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.translation import pgettext_lazy

from cancellations.arithmetic.quotes import Asked
from cancellations.wizard.apply import apply_to_all, stop_at_what_was_not_applied
from cancellations.wizard.details_form import DetailsForm
from cancellations.wizard.details_rows import details_rows
from cancellations.wizard.step import Step
from orders.formats import Text

if TYPE_CHECKING:
    from cancellations.wizard.cancellation import CancellationWizard


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
            "available": wizard.facts.available,
            "charges": lambda: wizard.facts.charges,
            "has_fees": wizard.facts.has_fees,
            "reasons": wizard.facts.reasons,
            "apply_quantity": wizard.storage.extra_data.get("applied"),
        }

    def context(self, wizard: CancellationWizard, form: DetailsForm) -> dict[str, Any]:
        rows = partial(details_rows, form, wizard.facts.which, wizard.order.currency)
        return {**super().context(wizard, form), "rows": rows}

    def asked(self, wizard: CancellationWizard, form: DetailsForm) -> list[Asked]:
        return form.asked()

    def no_totals(self, form: DetailsForm) -> Text:
        return form.why_no_totals()

    def refunds_fees(self, form: DetailsForm) -> bool:
        return form.shows_refund_fees

    def is_answered(self, form: DetailsForm) -> bool:
        """Not while something stands in the Apply to All row: it would be lost further on."""
        return not form.beside and form.is_valid()

    def answered(self, wizard: CancellationWizard) -> None:
        wizard.storage.keep("applied", None)

    def answer_button(self, wizard: CancellationWizard) -> HttpResponse | None:
        if "apply" in wizard.request.POST:
            return apply_to_all(wizard, self)
        return stop_at_what_was_not_applied(wizard, self)
