"""What a wizard asks of a step, and the way through the steps as the progress bar shows it.

A wizard names its steps once, in order; forms, words and templates follow from that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar, cast

from django import forms
from django.http import HttpResponse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import pgettext_lazy

from cancellations.arithmetic.quotes import Asked, quote
from cancellations.selection import Selection
from cancellations.wizard.receipt import added_up, hints
from orders.formats import Text

if TYPE_CHECKING:
    from cancellations.wizard.cancellation import CancellationWizard

Draft = MultiValueDict
"""What was typed on a step and is no answer yet: it fills a form in without being judged."""

FINISH: tuple[str, Text] = ("finish", pgettext_lazy("step", "Finish"))
"""Name and label of the page after the last step."""


class AnswersSelection(Protocol):
    """The form of a details step: once valid, its answers are a selection."""

    def selection(self) -> Selection: ...


StepForm = TypeVar("StepForm", bound=forms.Form)


class Step(Generic[StepForm]):
    """One step of a wizard; it keeps nothing, so one serves every request.

    Its form is built from the order as it is now, not from the request: stored answers are
    judged against the present each time.

    Attributes:
        name: Its place in the URL, the prefix of its fields and, but for another, its template.
        label: Its words in the progress bar.
    """

    name: ClassVar[str]
    label: ClassVar[Text]
    form_class: ClassVar[type[forms.Form]]

    @property
    def template(self) -> str:
        return f"wizard/{self.name}.html"

    def form_kwargs(self, wizard: CancellationWizard) -> dict[str, Any]:
        """What its form is built from, beside what was posted."""
        return {"draft": wizard.typed or wizard.storage.draft(self.name)}

    def form(self, wizard: CancellationWizard, posted: MultiValueDict | None = None) -> StepForm:
        """Its form with what was posted, or with its draft."""
        return cast(StepForm, wizard.get_form(self.name, posted))

    def answer_button(self, wizard: CancellationWizard) -> HttpResponse | None:
        """The response to a button of its own, or None when it was Next."""
        return None

    def is_answered(self, form: StepForm) -> bool:
        """Whether what was posted are answers, and no draft of some."""
        return form.is_valid()

    def answered(self, wizard: CancellationWizard) -> None:
        """Forget what its new answers make untrue."""

    def asked(self, wizard: CancellationWizard, form: StepForm) -> Sequence[Asked]:
        """What the page's current choices ask to cancel."""
        return ()

    def no_totals(self, form: StepForm) -> Text:
        """Why the page's current choices come to nothing that could be told; "" if they do."""
        return ""

    def refunds_fees(self, form: StepForm) -> bool:
        """Whether the page's current choices give back the fees with the last item."""
        return False

    def context(self, wizard: CancellationWizard, form: StepForm) -> dict[str, Any]:
        """What its template takes beside what every step's does: here what was chosen so far
        comes to, with the hints put on the form."""
        if why := self.no_totals(form):
            return {"no_totals": why}
        asked = self.asked(wizard, form)
        if not asked:
            return {}
        facts = wizard.facts
        fees = self.refunds_fees(form)
        running = quote(facts.standing, asked, refund_fees=fees, sends=facts.sends)
        form.hints = hints(running)  # type: ignore[attr-defined]
        return {"quote": running, "added_up": added_up(running)}


def progress(steps: Sequence[Step[Any]], current: str) -> dict[str, Any]:
    """The progress bar: the steps and Finish, each done, current or to come."""
    labels = dict([*((step.name, step.label) for step in steps), FINISH])
    here = list(labels).index(current)
    states = ["done"] * here + ["current"] + ["to-come"] * (len(labels) - here - 1)
    return {
        "number": here + 1,
        "count": len(labels),
        "label": labels[current],
        "steps": [
            {"label": label, "state": state}
            for label, state in zip(labels.values(), states, strict=True)
        ],
    }
