"""Running totals and hints: what the page's choices come to while it is being filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from cancellations.wizard.step import Draft

if TYPE_CHECKING:
    from cancellations.wizard.cancellation import CancellationWizard


class HtmxRequest(HttpRequest):
    """A request behind django-htmx's middleware."""

    htmx: HtmxDetails


def is_live(request: HttpRequest) -> bool:
    """Whether the page asks by itself: what it cannot show in place, it leaves as it is."""
    return bool(cast(HtmxRequest, request).htmx) and "preview" in request.POST


def nothing_to_show() -> HttpResponse:
    """Leaves the page as it is.

    A redirect would be followed out of sight, and what the next page has to say be said there.
    """
    return HttpResponse(status=204)


def preview(wizard: CancellationWizard) -> HttpResponse:
    """The step with what is being typed, or of it what htmx puts in place; keeps nothing."""
    request = wizard.request
    wizard.typed = Draft(dict(request.POST.lists()))
    form = wizard.get_form()
    if is_live(request):
        context = {"form": form} | wizard.step.context(wizard, form)
        response = render(request, "wizard/_live.html", context)
    else:
        response = wizard.render(form).render()
    request.session.modified = False
    return response
