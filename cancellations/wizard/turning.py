"""Where a request is sent that is not at its step: back to an open question, or on to finish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from cancellations.wizard.gate import CHANGED, NOTHING_CANCELED
from cancellations.wizard.live import is_live, nothing_to_show
from cancellations.wizard.submit import tell_if_submitted_otherwise

if TYPE_CHECKING:
    from cancellations.wizard.cancellation import CancellationWizard

EXPIRED = _("This cancellation is no longer in your session. Please start again.")


def turn_back(wizard: CancellationWizard, step: str) -> HttpResponse:
    """To the step that needs an answer; the reason stands at its fields, or is said here."""
    if is_live(wizard.request):
        return nothing_to_show()
    if wizard.storage.is_new:
        messages.info(wizard.request, EXPIRED)
    elif wizard.storage.get_step_data(step) is not None:
        messages.warning(wizard.request, CHANGED, extra_tags=NOTHING_CANCELED)
    return redirect(wizard.get_step_url(step))


def show_what_was_submitted(wizard: CancellationWizard) -> HttpResponse:
    """On to finish; whoever reviewed other answers of the same run is told so there."""
    if is_live(wizard.request):
        return nothing_to_show()
    tell_if_submitted_otherwise(wizard.request, wizard.order, wizard.run)
    return redirect(wizard.finish_url)
