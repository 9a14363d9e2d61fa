"""The pages on which a second person decides: the list, and one approval."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cancellations.acts.agreed import DecidedBefore
from cancellations.acts.approve import (
    UnknownApproval,
    approve,
    refuse,
    withdraw_approval,
)
from cancellations.acts.exceptions import NoteRefused
from cancellations.models import Approval
from cancellations.models.approvals import ApprovalStatus
from cancellations.selection import NotAllowed
from cancellations.wizard.line_pages import wanted_page
from console.access import sees_approvals
from console.approvals.record import read_approval
from console.lists.approvals import APPROVALS
from console.lists.page import show_list
from console.notes import NoteField
from orders.formats import Text
from orders.locking import OrderBusy, OrderRefused
from orders.standing import with_everything

UNREADABLE = _("This page could not be read back. Read what was asked, then decide again.")
DECIDED = _("This had been decided before; nothing was changed.")
_SAID: dict[str, Text] = {
    ApprovalStatus.APPROVED: _("Approved: it is done."),
    ApprovalStatus.REFUSED: _("Refused: nothing was changed."),
    ApprovalStatus.WITHDRAWN: _("Withdrawn: nothing was changed."),
}
EXPIRED = _("The order changed since this was asked, so it expired; nothing was changed.")


class DecideForm(forms.Form):
    """What is decided; a refusal says why."""

    act = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.HiddenInput,
        choices=[(name, name) for name in ("approve", "refuse", "withdraw")],
        error_messages=dict.fromkeys(("required", "invalid_choice"), UNREADABLE),
    )
    note = NoteField(label=_("Note"), required=False)


@require_safe
@never_cache
@sees_approvals
def approval_list(request: HttpRequest) -> HttpResponse:
    """Approvals: those that wait first, then the rest, newest first."""
    return show_list(request, APPROVALS)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sees_approvals
def approval_record(request: HttpRequest, pk: int) -> HttpResponse:
    """One approval: what was asked, and Approve, Refuse or Withdraw."""
    if request.method != "POST":
        return _page(request, pk, DecideForm())
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, form, status=400)
    return _decided(request, pk, form)


def _decided(request: HttpRequest, pk: int, form: DecideForm) -> HttpResponse:
    try:
        approval = _act(form)(pk, request.user)
    except NotAllowed as refusal:
        raise PermissionDenied(gettext(refusal.message)) from refusal
    except UnknownApproval as unknown:
        raise Http404 from unknown
    except NoteRefused as refusal:
        form.add_error("note", gettext(refusal.message))
        return _page(request, pk, form, status=400)
    except DecidedBefore:
        messages.warning(request, DECIDED)
        return redirect("console:approval_record", pk)
    except (OrderBusy, OrderRefused) as refusal:
        messages.error(request, gettext(refusal.message))
        return _page(request, pk, form, status=503)
    if approval.status == ApprovalStatus.EXPIRED:
        messages.warning(request, EXPIRED)
    else:
        messages.success(request, _SAID[approval.status])
    return redirect("console:approval_record", pk)


def _act(form: DecideForm) -> Callable[..., Approval]:
    note = form.cleaned_data["note"]
    acts: dict[str, Callable[..., Approval]] = {
        "approve": lambda pk, by: approve(approval_id=pk, by=by),
        "refuse": lambda pk, by: refuse(approval_id=pk, note=note, by=by),
        "withdraw": lambda pk, by: withdraw_approval(approval_id=pk, by=by),
    }
    return acts[form.cleaned_data["act"]]


def _page(request: HttpRequest, pk: int, form: DecideForm, status: int = 200) -> HttpResponse:
    approvals = Approval.objects.select_related("requested_by", "decided_by", "change_order")
    approval = get_object_or_404(approvals, pk=pk)
    order = with_everything().get(pk=approval.order_id)
    record = read_approval(approval, order, reader=request.user, wanted=wanted_page(request))
    context = {"approval": approval, "order": order, "record": record, "form": form}
    return render(request, "console/approvals/approval.html", context, status=status)
