"""Discard: at once where nothing was chosen or typed, else after one question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _

from cancellations.wizard.step import progress
from cancellations.wizard.storage import forget_run

if TYPE_CHECKING:
    from cancellations.wizard.cancellation import CancellationWizard

ASK = "ask"
"""What the button of a step sends. With scripts its question is a dialog, which sends another."""


def answer_discard(wizard: CancellationWizard) -> HttpResponse:
    """Forget the run, or keep what was typed and ask first."""
    if wizard.request.POST["discard"] == ASK and _would_lose(wizard):
        wizard.keep_typed()
        return redirect(wizard.get_step_url(wizard.steps.current, discard=ASK))
    forget_run(wizard.request.session, wizard.run)
    messages.info(wizard.request, _("Nothing was canceled."))
    return redirect(wizard.frame.way_out(resolve_url(wizard.order)))


def ask_of_discard(wizard: CancellationWizard, step: str) -> HttpResponse:
    """The page that asks, where there are no scripts."""
    context = {
        "order": wizard.order,
        "frame": wizard.frame,
        "kind_label": wizard.label,
        "progress": progress(wizard.step_list, step),
        "current_step": (f"{wizard.prefix}-current_step", step),
        "step_url": wizard.get_step_url(step),
    }
    return render(wizard.request, "wizard/discard.html", context)


def _would_lose(wizard: CancellationWizard) -> bool:
    """Whether anything was answered in this run, or typed on the step's page."""
    form: forms.Form = wizard.step.form(wizard, wizard.request.POST)
    return wizard.storage.has_answers or form.has_changed()
