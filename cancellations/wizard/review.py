"""The review step: what the answers come to, signed so that this is what gets submitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cancellations.judgement import quote_cancellation
from cancellations.second_person import needs_second_person
from cancellations.snapshots import NotReadBack, Snapshot
from cancellations.wizard.differences import Difference, differences_since
from cancellations.wizard.line_pages import wanted_page
from cancellations.wizard.receipt import receipt_of
from cancellations.wizard.step import Step

if TYPE_CHECKING:
    from cancellations.wizard.cancellation import CancellationWizard

UNREADABLE = _("This page could not be read back. Check the amounts below and submit again.")


class ReviewForm(forms.Form):
    """What the agent reviewed, signed for this order."""

    agreed = forms.CharField(
        label=pgettext_lazy("step", "Review"),
        widget=forms.HiddenInput,
        error_messages={"required": UNREADABLE},
    )

    def __init__(self, *args: Any, order_number: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_number = order_number

    def clean_agreed(self) -> Snapshot:
        try:
            return Snapshot.read(self.cleaned_data["agreed"], self.order_number)
        except NotReadBack as error:
            raise forms.ValidationError(UNREADABLE) from error


class ReviewStep(Step[ReviewForm]):
    """What would happen now, beside what was reviewed before if a submit was refused."""

    name = "review"
    label = pgettext_lazy("step", "Review")
    form_class = ReviewForm

    def form_kwargs(self, wizard: CancellationWizard) -> dict[str, Any]:
        return {"order_number": wizard.order.order_number}

    def context(self, wizard: CancellationWizard, form: ReviewForm) -> dict[str, Any]:
        facts = wizard.facts
        judged = quote_cancellation(wizard.order, wizard.selection(), facts.reasons, facts.standing)
        now = Snapshot.of(judged.quote, judged.lines)
        return {
            "receipt": receipt_of(
                judged.quote,
                facts.lines,
                judged.lines,
                wanted_page(wizard.request),
                facts.which,
            ),
            "agreed": now.sign(wizard.order.order_number),
            "changed": _changed_since_review(wizard, now),
            "needs_second_person": needs_second_person(wizard.order, judged.quote),
            "details_url": wizard.get_step_url("details"),
        }


def _changed_since_review(
    wizard: CancellationWizard, now: Snapshot
) -> tuple[Difference, ...] | None:
    """What differs from the review that was refused, if one was; nothing if it moved back."""
    token = wizard.storage.extra_data.get("reviewed")
    if token is None:
        return None
    order = wizard.order
    try:
        reviewed = Snapshot.read(token, order.order_number)
    except NotReadBack:
        return None
    methods = {payment.key: payment.method for payment in order.payments.all()}
    return differences_since(reviewed, now, order.currency, methods)
