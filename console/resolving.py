"""The page of one process exception, on which people resolve it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cancellations.acts.exceptions import (
    DecidedOnTheRefund,
    FactsChanged,
    NoteRefused,
    ResolvedBefore,
    UnknownException,
    resolve_exception,
)
from cancellations.acts.requests import RESOLVING_NEEDS, may_resolve
from cancellations.models import ProcessException
from cancellations.selection import NotAllowed
from console.access import sees_exceptions
from console.notes import NoteField
from console.records.exception import read_exception
from orders.locking import OrderBusy, OrderRefused

UNREADABLE = _("This page could not be read back. Read what does not fit, then resolve again.")
RESOLVED = _("Resolved.")
RESOLVED_BEFORE = _("This exception had been resolved before; nothing was changed.")
FACTS_CHANGED = _(
    "Newer facts have come meanwhile; nothing was resolved. Read them below, then resolve."
)


class ResolveForm(forms.Form):
    """What was done about an exception; ``seen`` names the facts that were read."""

    note = NoteField(
        label=_("Note"),
        required=True,
        error_messages={"required": _("Write a note: what was done about it?")},
    )
    seen = forms.CharField(
        label=_("What does not fit"),
        widget=forms.HiddenInput,
        error_messages={"required": UNREADABLE},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sees_exceptions
def exception_record(request: HttpRequest, pk: int) -> HttpResponse:
    """One process exception: its facts, and a note with which it is resolved."""
    if request.method != "POST":
        return _page(request, pk, ResolveForm())
    if not may_resolve(request.user):
        raise PermissionDenied(gettext(RESOLVING_NEEDS))
    form = ResolveForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, form, status=400)
    return _resolve(request, pk, form)


def _resolve(request: HttpRequest, pk: int, form: ResolveForm) -> HttpResponse:
    """Resolve it and lead back to it, or say why not."""
    answers: dict[str, Any] = form.cleaned_data
    try:
        resolve_exception(
            exception_id=pk,
            note=answers["note"],
            by=request.user,  # type: ignore[arg-type]
            seen=answers["seen"],
        )
    except NotAllowed as refusal:
        raise PermissionDenied(gettext(refusal.message)) from refusal
    except UnknownException as unknown:
        raise Http404 from unknown
    except NoteRefused as refusal:
        form.add_error("note", gettext(refusal.message))
        return _page(request, pk, form, status=400)
    except ResolvedBefore:
        messages.warning(request, RESOLVED_BEFORE)
    except FactsChanged:
        messages.warning(request, FACTS_CHANGED)
        return _page(request, pk, form, status=409)
    except DecidedOnTheRefund as refusal:
        messages.warning(request, gettext(refusal.message))
        return _page(request, pk, form, status=409)
    except (OrderBusy, OrderRefused) as refusal:
        messages.error(request, gettext(refusal.message))
        return _page(request, pk, form, status=503)
    else:
        messages.success(request, RESOLVED)
    return redirect("console:exception_record", pk)


def _page(request: HttpRequest, pk: int, form: ResolveForm, status: int = 200) -> HttpResponse:
    exceptions = ProcessException.objects.select_related(
        "order__account", "line", "payment", "refund", "release", "resolved_by"
    )
    exception = get_object_or_404(exceptions, pk=pk)
    record = read_exception(exception, reader=request.user)
    context = {"exception": exception, "order": exception.order, "record": record, "form": form}
    return render(request, "console/records/exception.html", context, status=status)
