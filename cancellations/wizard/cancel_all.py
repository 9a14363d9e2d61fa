"""Cancel All: everything that can be canceled, for one reason."""

from typing import Any

from django import forms

from cancellations.arithmetic.quotes import Quote, everything_eligible, quote
from cancellations.wizard.cancellation import CancellationWizard
from cancellations.wizard.forms import CancelAllDetailsForm, ReviewForm
from orders.standing import as_it_stands


class CancelAllWizard(CancellationWizard):
    """One reason for everything that can be canceled, review, submit."""

    kind = "cancel_all"
    label = "Cancel All"
    step_labels = {"details": "Details", "review": "Review", "finish": "Finish"}
    form_list = [("details", CancelAllDetailsForm), ("review", ReviewForm)]

    def get_template_names(self) -> list[str]:
        if self.steps.current == "details":
            return ["wizard/cancel_all_details.html"]
        return super().get_template_names()

    def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
        extra: dict[str, Any] = super().get_form_kwargs(step)
        if step == "details":
            extra |= {"reasons": self.reasons, "nothing_remains": self._nothing_remains()}
        return extra

    def running_quote(self, form: forms.Form) -> Quote | None:
        standing = as_it_stands(self.order.summary)
        flagged = bool(form["refund_delivery"].value())
        return quote(standing, everything_eligible(standing, refund_delivery=flagged))

    def _nothing_remains(self) -> bool:
        """Whether Cancel All leaves no unit of the order."""
        return all(
            line.quantity_current == line.quantity_available
            for line in self.lines
            if line.is_product
        )
