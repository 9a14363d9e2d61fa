"""The pages of one refund and of one release, on which people act."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cancellations.acts.exceptions import NoteRefused
from cancellations.acts.requests import ACTING_ON_REFUNDS_NEEDS, may_act_on_refunds
from cancellations.refunds import people
from cancellations.refunds.gateways import Kind
from cancellations.selection import NotAllowed
from console.access import sees_refunds, sees_releases
from console.lists.refunds import title_of
from console.refunds.forms import FORMS, ActForm
from console.refunds.record import read_instruction
from orders.formats import Text
from orders.locking import OrderBusy, OrderRefused

MOVED = _("It changed meanwhile, and nothing was done. Read its state below, then decide.")
NOT_POSSIBLE = _("That is not possible in its state, and nothing was done.")
UNKNOWN_ACT = "There is no such act."

_ACTS: Mapping[str, Callable[..., Any]] = {
    "retry": people.retry,
    "look_up": people.look_up,
    "withdraw": people.withdraw,
    "mark_as_paid": people.mark_as_paid,
    "was_this_refund": people.was_this_refund,
}
_DONE: Mapping[str, Text] = {
    "retry": _("It is tried again in a moment, or once nothing holds it back any more."),
    "look_up": _("Its gateway is asked in a moment what became of it."),
    "withdraw": _("It is withdrawn: nothing of it is sent."),
    "mark_as_paid": _("It is recorded, and nothing of it is sent any more."),
    "was_this_refund": _("It has succeeded, and counts once."),
}
_FORMS: Mapping[str, type[ActForm]] = {form.act: form for form in FORMS}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sees_refunds
def refund_record(request: HttpRequest, pk: int) -> HttpResponse:
    """One refund: its state, its attempts, and what people can do about it."""
    return _record(request, Kind.REFUND, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sees_releases
def release_record(request: HttpRequest, pk: int) -> HttpResponse:
    """One release, the same way."""
    return _record(request, Kind.RELEASE, pk)


def _record(request: HttpRequest, kind: Kind, pk: int) -> HttpResponse:
    if request.method != "POST":
        return _page(request, kind, pk)
    if not may_act_on_refunds(request.user):
        raise PermissionDenied(gettext(ACTING_ON_REFUNDS_NEEDS))
    wanted = _FORMS.get(request.POST.get("act", ""))
    if wanted is None or (kind == Kind.RELEASE and wanted.act == "was_this_refund"):
        raise BadRequest(UNKNOWN_ACT)
    form = wanted(request.POST, is_release=kind == Kind.RELEASE)
    if not form.is_valid():
        return _page(request, kind, pk, form, status=400)
    return _acted(request, kind, pk, form)


def _acted(request: HttpRequest, kind: Kind, pk: int, form: ActForm) -> HttpResponse:
    """Do it and lead back to the page, or say why not."""
    answers = {name: given for name, given in form.cleaned_data.items() if name != "paid_elsewhere"}
    if form.act != "was_this_refund":
        answers["kind"] = kind
    try:
        _ACTS[form.act](pk=pk, by=request.user, **answers)
    except NotAllowed as refusal:
        raise PermissionDenied(gettext(refusal.message)) from refusal
    except people.UnknownInstruction as unknown:
        raise Http404 from unknown
    except NoteRefused as refusal:
        form.add_error("note", gettext(refusal.message))
        return _page(request, kind, pk, form, status=400)
    except people.ReferenceRefused as refusal:
        form.add_error("reference", gettext(refusal.message))
        return _page(request, kind, pk, form, status=400)
    except (people.MovedMeanwhile, people.NotPossible) as refusal:
        is_moved = isinstance(refusal, people.MovedMeanwhile)
        messages.warning(request, MOVED if is_moved else NOT_POSSIBLE)
        return _page(request, kind, pk, status=409)
    except (OrderBusy, OrderRefused) as refusal:
        messages.error(request, gettext(refusal.message))
        return _page(request, kind, pk, form, status=503)
    messages.success(request, _DONE[form.act])
    return redirect(f"console:{kind}_record", pk)


def _page(
    request: HttpRequest, kind: Kind, pk: int, form: ActForm | None = None, status: int = 200
) -> HttpResponse:
    rows = people.MODELS[kind].objects.select_related(
        "payment", "change_order__order__account", "change_order__undone_by"
    )
    row: Any = get_object_or_404(rows, pk=pk)
    context = {
        "record": read_instruction(row, reader=request.user, sent=form),
        "title": title_of(row),
        "order": row.change_order.order,
        "form": form,
    }
    return render(request, "console/refunds/refund.html", context, status=status)
