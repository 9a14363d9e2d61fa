"""The page that undoes a change order: what comes back, and Undo."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cancellations.acts.requests import CANCELING_NEEDS, Submission, may_cancel
from cancellations.acts.undo import (
    CannotBeUndone,
    Reversal,
    UnknownChangeOrder,
    preview_undo,
    undo_change_order,
)
from cancellations.history import with_items_and_refunds
from cancellations.models import ChangeOrder
from cancellations.selection import NotAllowed
from cancellations.undoing import undo_offer
from cancellations.wizard.frame import Frame
from console.access import sees_change_orders
from console.records.change_order import read_undo
from orders.formats import money_text, sentence
from orders.locking import OrderBusy, OrderRefused


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sees_change_orders
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a change order: what comes back is shown by GET, given back by POST."""
    if not may_cancel(request.user):
        raise PermissionDenied(gettext(CANCELING_NEEDS))
    try:
        return _undone(request, pk) if request.method == "POST" else _previewed(request, pk)
    except UnknownChangeOrder as unknown:
        raise Http404 from unknown
    except CannotBeUndone as refusal:
        return _stands(request, pk, gettext(refusal.message))


def _undone(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo it once, and lead to its order with what came of it."""
    try:
        done = undo_change_order(change_order_id=pk, by=request.user)  # type: ignore[arg-type]
    except NotAllowed as refusal:
        raise PermissionDenied(gettext(refusal.message)) from refusal
    except (OrderBusy, OrderRefused) as refusal:
        messages.error(request, gettext(refusal.message))
        return _previewed(request, pk, status=503)
    return _told(request, done)


def _previewed(request: HttpRequest, pk: int, status: int = 200) -> HttpResponse:
    found = preview_undo(pk)
    if isinstance(found, ChangeOrder):
        return _told(request, Submission(found, is_repeat=True))
    change_order = with_items_and_refunds(ChangeOrder.objects.filter(pk=pk)).get()
    offer = undo_offer(change_order, reader=request.user)
    if offer is None:  # it ended in between
        return redirect(resolve_url(change_order))
    order = found.change_order.order
    context = {
        "order": order,
        "record": read_undo(order, Reversal(change_order, found.before, found.after, {})),
        "offer": offer,
        "frame": Frame.of(request),
    }
    return render(request, "console/undo/undo.html", context, status=status)


def _told(request: HttpRequest, done: Submission) -> HttpResponse:
    reversal = done.change_order
    if done.is_repeat:
        messages.info(request, was_undone(reversal))
    else:
        messages.success(request, _words_of_success(reversal))
    return redirect(Frame.of(request).way_out(resolve_url(reversal.order)))


def was_undone(reversal: ChangeOrder) -> SafeString:
    """That a change order had been undone, by which one."""
    assert reversal.undoes is not None
    words = gettext("%(number)s had been undone before, by %(reversal)s; nothing was changed.")
    return sentence(words, number=_link(reversal.undoes), reversal=_link(reversal))


def _words_of_success(reversal: ChangeOrder) -> SafeString:
    assert reversal.undoes is not None
    words = gettext(
        "%(number)s is undone by %(reversal)s: %(amount)s came back to the order, and nothing of it"
        " is refunded or released."
    )
    return sentence(
        words,
        number=_link(reversal.undoes),
        reversal=_link(reversal),
        amount=money_text(reversal.moved_minor, reversal.order.currency),
    )


def _link(change_order: ChangeOrder) -> SafeString:
    return format_html('<a href="{}">{}</a>', resolve_url(change_order), change_order.number)


def _stands(request: HttpRequest, pk: int, why: str) -> HttpResponse:
    """That it stands, and why; 409 where it was to be undone."""
    change_order = ChangeOrder.objects.select_related("order").get(pk=pk)
    context = {"change_order": change_order, "why": why, "frame": Frame.of(request)}
    status = 409 if request.method == "POST" else 200
    return render(request, "console/undo/stands.html", context, status=status)
