"""The page on which a person says that nothing more is coming from elsewhere."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cancellations.acts.expect_nothing_more import (
    ExpectationChanged,
    NothingExpected,
    expect_nothing_more,
    judged,
)
from cancellations.acts.requests import SETTLING_NEEDS, may_settle
from cancellations.selection import NotAllowed, SelectionRefused
from cancellations.wizard.fields import WholeNumberField
from cancellations.wizard.review import UNREADABLE
from console.access import sees_orders
from console.records.money import read_behind
from console.settlement.nothing import nothing_page
from orders.arithmetic.availability import UNMANAGED
from orders.arithmetic.money import Minor
from orders.locking import OrderBusy, OrderRefused
from orders.models import OrderSummary
from orders.standing import as_it_stands, with_everything

KEPT, OWED = "kept", "owed"
DONE = _("Nothing more is expected to be refunded elsewhere.")
CHANGED = _(
    "This order changed while you were working; nothing was written. Check the amounts below and"
    " submit again."
)
NOTHING_EXPECTED = _("Nothing is expected to be refunded elsewhere; nothing was written.")
UNMANAGED_MEANWHILE = _("This order summary is unmanaged; nothing was written.")
ONLY_MANAGED = _("You can only say so of a managed order summary.")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the two answers, and what the customer is then owed by us."""

    value: str
    label: str
    owed_minor: Minor


class NothingMoreForm(forms.Form):
    """Who has the money that is not coming; ``expected`` is how much the page said it was."""

    answer = forms.ChoiceField(
        label=_("Whose is it?"),
        choices=[(KEPT, _("The shop keeps it")), (OWED, _("We owe it to the customer"))],
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose whose it is.")),
    )
    expected = WholeNumberField(
        label=_("Expected"),
        widget=forms.HiddenInput,
        min_value=0,
        error_messages=dict.fromkeys(("required", "invalid", "min_value"), UNREADABLE),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sees_orders
def nothing_more(request: HttpRequest, order_number: str) -> HttpResponse:
    """Say that others refund nothing more: shown by GET, done by POST."""
    if not may_settle(request.user):
        raise PermissionDenied(gettext(SETTLING_NEEDS))
    order = get_object_or_404(with_everything(), order_number=order_number)
    if request.method != "POST":
        return _page(request, order, NothingMoreForm())
    form = NothingMoreForm(request.POST)
    if not form.is_valid():
        return _page(request, order, form, status=400)
    return _done(request, order, form)


def _done(request: HttpRequest, order: OrderSummary, form: NothingMoreForm) -> HttpResponse:
    """Write it and lead back to the order, or say why not."""
    answers: dict[str, Any] = form.cleaned_data
    try:
        expect_nothing_more(
            order_number=order.order_number,
            shop_keeps_it=answers["answer"] == KEPT,
            agreed=answers["expected"],
            by=request.user,  # type: ignore[arg-type]
        )
    except ExpectationChanged:
        messages.warning(request, CHANGED)
        return redirect("console:nothing_more", order.order_number)
    except NothingExpected:
        messages.info(request, NOTHING_EXPECTED)
    except SelectionRefused:
        messages.warning(request, UNMANAGED_MEANWHILE)
    except (OrderBusy, OrderRefused) as refusal:
        messages.error(request, gettext(refusal.message))
        return redirect("console:nothing_more", order.order_number)
    except NotAllowed as refusal:
        raise PermissionDenied(gettext(refusal.message)) from refusal
    else:
        messages.success(request, DONE)
    return redirect("console:order_record", order.order_number)


def _page(
    request: HttpRequest, order: OrderSummary, form: NothingMoreForm, status: int = 200
) -> HttpResponse:
    standing = as_it_stands(order)
    try:
        owed = {
            value: judged(order, standing, shop_keeps_it=value == KEPT).excess_funds
            for value in (KEPT, OWED)
        }
    except SelectionRefused:
        return nothing_page(request, order, gettext(UNMANAGED.title), str(ONLY_MANAGED))
    except NothingExpected:
        title, text = gettext("Nothing is expected"), gettext("Nothing is to come from elsewhere.")
        return nothing_page(request, order, title, text)
    choices = [Choice(value, str(label), owed[value]) for value, label in _choices()]
    context = {
        "order": order,
        "form": form,
        "choices": choices,
        "owed_minor": standing.excess_funds,
        "behind": read_behind(standing),
    }
    return render(request, "console/settlement/nothing_more.html", context, status=status)


def _choices() -> Any:
    return NothingMoreForm.base_fields["answer"].choices  # type: ignore[attr-defined]
