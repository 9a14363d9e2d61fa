"""The page that refunds what is owed: what will happen, by which choices, and Submit."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cancellations.acts.requests import may_settle
from cancellations.acts.settle import NOTHING_OWED, preview_settlement, submit_settlement
from cancellations.arithmetic.quotes import Quote
from cancellations.models import ChangeOrder
from cancellations.selection import (
    SETTLING_NEEDS,
    NotAllowed,
    RequestReused,
    SelectionRefused,
)
from cancellations.snapshots import QuoteChanged
from cancellations.wizard.differences import Difference
from cancellations.wizard.frame import Frame
from console.access import sees_orders
from console.settlement.forms import ChoicesForm, SubmitForm
from console.settlement.outcome import differences, outcome_of
from orders.arithmetic.availability import UNMANAGED
from orders.locking import OrderBusy, OrderRefused
from orders.models import OrderSummary
from orders.standing import as_it_stands, with_everything

BUSY = _("Someone else is changing this order; nothing was refunded. Try again.")
REFUSED = _(
    "The database refused this refund, so nothing was refunded: the order's records do not"
    " agree with each other. Tell those who keep Countermand running."
)
ONLY_MANAGED = _("You can only refund what is owed of a managed order summary.")
NOTHING_TO_REFUND = _("Nothing to refund")
NOTHING_IS_OWED = _("When something is owed to the customer, you’ll find it here.")
GONE_MEANWHILE = _("This order changed while you were working. Nothing was refunded.")


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page shows.

    Attributes:
        form: The choices; without a quote they are not valid, or come to nothing.
        submitted: What was sent, if it was refused; its errors are shown.
        changed: What differs from what was reviewed, if it was refused for that.
    """

    form: ChoicesForm
    quoted: Quote | None = None
    submitted: SubmitForm | None = None
    changed: tuple[Difference, ...] | None = None

    @property
    def status(self) -> int:
        if self.changed is not None:
            return 409
        return 400 if self.form.errors or self.submitted else 200


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sees_orders
def refund_owed(request: HttpRequest, order_number: str) -> HttpResponse:
    """Refund what an order's customer is owed: reviewed by GET, submitted by POST."""
    if not may_settle(request.user):
        raise PermissionDenied(gettext(SETTLING_NEEDS))
    order = get_object_or_404(with_everything(), order_number=order_number)
    if request.method == "POST":
        return _submitted(request, order)
    return _reviewed(request, order)


def _reviewed(request: HttpRequest, order: OrderSummary) -> HttpResponse:
    """What would happen now, by the choices in the URL."""
    if not order.is_managed:
        return _nothing(request, order, gettext(UNMANAGED.title), str(ONLY_MANAGED))
    form = ChoicesForm(request.GET, order=order, standing=as_it_stands(order))
    return _previewed(request, _Shown(form))


def _submitted(request: HttpRequest, order: OrderSummary) -> HttpResponse:
    """Refund what was reviewed, if it still comes to that; lead on to the order."""
    form = SubmitForm(request.POST, order=order, standing=as_it_stands(order))
    if not form.is_valid():
        return _again(request, form)
    try:
        done = submit_settlement(
            request=form.request(),
            agreed=form.cleaned_data["agreed"],
            by=request.user,  # type: ignore[arg-type]
        )
    except QuoteChanged as refused:
        return _again(request, form, refused)
    except RequestReused:
        return _was_submitted(request, order, form.run_id)
    except SelectionRefused:
        messages.warning(request, GONE_MEANWHILE)
        return redirect("console:refund_owed", order.order_number)
    except (OrderBusy, OrderRefused) as error:
        messages.error(request, BUSY if isinstance(error, OrderBusy) else REFUSED)
        return redirect(f"{_url(order)}?{urlencode(form.query())}")
    except NotAllowed as refusal:
        raise PermissionDenied(gettext(refusal.message)) from refusal
    if done.is_repeat:
        return _was_submitted(request, order, form.run_id)
    messages.success(request, _words_of_success(done.change_order))
    return redirect("console:order_record", order.order_number)


def _again(
    request: HttpRequest, submitted: SubmitForm, refused: QuoteChanged | None = None
) -> HttpResponse:
    """What was sent as a page once more, by the order as it is now."""
    sent = request.POST.copy()
    if "run" in submitted.errors:
        sent.pop("run", None)
    order = with_everything().get(pk=submitted.order.pk)
    form = ChoicesForm(sent, order=order, standing=as_it_stands(order))
    changed = differences(refused, order) if refused else None
    return _previewed(request, _Shown(form, None, submitted, changed))


def _previewed(request: HttpRequest, shown: _Shown) -> HttpResponse:
    """The page with what would happen now by its choices, or what there is instead of it."""
    form, order = shown.form, shown.form.order
    if not form.is_valid():
        return _page(request, shown)
    try:
        quoted = preview_settlement(request=form.request(), by=request.user)  # type: ignore[arg-type]
    except RequestReused:
        return _was_submitted(request, order, form.run_id)
    except SelectionRefused as refused:
        for refusal in refused.refusals:
            if refusal.message != NOTHING_OWED:
                form.add_error(None, gettext(refusal.message))
        if form.has_choices:
            return _page(request, shown)
        return _nothing(request, order, str(NOTHING_TO_REFUND), str(NOTHING_IS_OWED))
    if isinstance(quoted, ChangeOrder):
        return _was_submitted(request, order, form.run_id)
    return _page(request, replace(shown, quoted=quoted))


def _was_submitted(request: HttpRequest, order: OrderSummary, run: UUID) -> HttpResponse:
    """Lead to the order with what the run had made of it."""
    made = order.change_orders.get(request_id=str(run))
    words = gettext("This had been submitted before, as {link}; nothing was added to it.")
    messages.info(request, format_html(words, link=_link(made)))
    return redirect("console:order_record", order.order_number)


def _words_of_success(made: ChangeOrder) -> SafeString:
    words = gettext("You’re all set! What is owed is being refunded: change order {link}.")
    return format_html(words, link=_link(made))


def _link(change_order: ChangeOrder) -> SafeString:
    return format_html('<a href="{}">{}</a>', resolve_url(change_order), change_order.number)


def _url(order: OrderSummary) -> str:
    return reverse("console:refund_owed", args=[order.order_number])


def _nothing(request: HttpRequest, order: OrderSummary, title: str, text: str) -> HttpResponse:
    context = {"title": title, "text": text, "order": order, "frame": Frame()}
    status = 409 if request.method == "POST" else 200
    return render(request, "wizard/nothing.html", context, status=status)


def _page(request: HttpRequest, shown: _Shown) -> HttpResponse:
    order = shown.form.order
    context = {
        "order": order,
        "form": shown.form,
        "submitted": shown.submitted,
        "outcome": outcome_of(shown.quoted, order) if shown.quoted else None,
        "changed": shown.changed,
    }
    # htmx puts in place what is no error; the page says there that something is wrong.
    status = 200 if request.headers.get("HX-Request") else shown.status
    return render(request, "console/settlement/refund_owed.html", context, status=status)
