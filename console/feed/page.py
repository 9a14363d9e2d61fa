"""The page of an order's feed, on which people write notes for each other."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cancellations.acts.requests import CANCELING_NEEDS, may_cancel
from cancellations.acts.write_note import NoteRefused, write_note
from cancellations.selection import NotAllowed, RequestReused
from console.access import sees_orders
from console.feed.reading import FeedForm, read_feed
from console.notes import NoteField
from console.records.order import read_order
from orders.locking import OrderBusy, OrderRefused
from orders.models import OrderSummary
from orders.standing import with_everything

WRITTEN = _("The note was written.")
UNREADABLE = _("This page could not be read back. Write the note again.")
WRITTEN_OTHERWISE = _(
    "Another note was written from this page before. Write this one as a note of its own?"
)


class NoteForm(forms.Form):
    """A note on an order; ``once`` is the id under which it is written once."""

    note = NoteField(
        label=_("Note for colleagues"),
        required=True,
        error_messages={"required": _("Write a note.")},
    )
    once = forms.UUIDField(
        label=_("Note for colleagues"),
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), UNREADABLE),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sees_orders
def feed(request: HttpRequest, order_number: str) -> HttpResponse:
    """Everything that happened to an order, newest first, and a note that is added to it."""
    order = get_object_or_404(with_everything(), order_number=order_number)
    if request.method != "POST":
        return _page(request, order, NoteForm())
    if not may_cancel(request.user):
        raise PermissionDenied(gettext(CANCELING_NEEDS))
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, order, form, status=400)
    return _write(request, order, form)


def _write(request: HttpRequest, order: OrderSummary, form: NoteForm) -> HttpResponse:
    """Write the note and lead back to the feed, or say why not."""
    answers: dict[str, Any] = form.cleaned_data
    try:
        write_note(
            order_number=order.order_number,
            text=answers["note"],
            request_id=f"note {answers['once']}",
            by=request.user,  # type: ignore[arg-type]
        )
    except NotAllowed as refusal:
        raise PermissionDenied(gettext(refusal.message)) from refusal
    except NoteRefused as refusal:
        form.add_error("note", gettext(refusal.message) % refusal.said)
        return _page(request, order, form, status=400)
    except RequestReused:
        form.add_error("note", WRITTEN_OTHERWISE)
        return _page(request, order, form, status=409)
    except (OrderBusy, OrderRefused) as refusal:
        messages.error(request, gettext(refusal.message))
        return _page(request, order, form, status=503)
    messages.success(request, WRITTEN)
    return redirect("console:feed", order.order_number)


def _page(
    request: HttpRequest, order: OrderSummary, note: NoteForm, status: int = 200
) -> HttpResponse:
    asked = FeedForm(request.GET)
    record = read_order(order, reader=request.user)
    context = {
        "order": order,
        "record": record,
        "form": asked,
        "feed": read_feed(order, asked, (*record.refunds, *record.releases)),
        "note": note,
        "once": uuid4(),
        "may_write": may_cancel(request.user),
    }
    if asked.errors:
        status = 400
    return render(request, "console/feed/feed.html", context, status=status)
