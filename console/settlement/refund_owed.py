"""The page that refunds what is owed: what will happen, by which choices, and Submit."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cancellations.acts.agreed import DecidedBefore
from cancellations.acts.requests import SETTLING_NEEDS, may_settle
from cancellations.acts.settle import (
    NOTHING_OWED,
    comes_to_nothing,
    preview_settlement,
)
from cancellations.acts.submit import AskedOtherwise, submit_or_ask
from cancellations.arithmetic.quotes import Quote
from cancellations.models import Approval, ChangeOrder
from cancellations.selection import (
    Amount,
    NotAllowed,
    Refusal,
    RequestReused,
    SelectionRefused,
)
from cancellations.snapshots import QuoteChanged
from cancellations.wizard.differences import Difference
from console.access import sees_orders
from console.settlement.forms import ChoicesForm, SubmitForm
from console.settlement.nothing import nothing_page
from console.settlement.outcome import differences, outcome_of, owed_now
from console.settlement.words import link_of, words_of_success
from orders.arithmetic.availability import UNMANAGED
from orders.arithmetic.money import Minor
from orders.formats import money_text
from orders.locking import OrderBusy, OrderRefused
from orders.models import OrderSummary
from orders.standing import as_it_stands, with_everything

BUSY = _("Someone else is changing this order; nothing was refunded. Try again.")
REFUSED = _(
    "The database refused this refund, so nothing was refunded: the order's records do not"
    " agree with each other. Tell those who keep Countermand running."
)
ASKED = _("A second person has been asked to approve it; nothing was refunded yet.")
ASKED_OTHERWISE = _(
    "A second person has been asked before, for other choices than these. Withdraw that first."
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
        left_over: What is owed of which no payment takes anything: there is nothing to submit.
        is_busy: Whether it was refused for now.
    """

    form: ChoicesForm
    quoted: Quote | None = None
    submitted: SubmitForm | None = None
    changed: tuple[Difference, ...] | None = None
    left_over: Minor = 0
    is_busy: bool = False

    @property
    def status(self) -> int:
        if self.is_busy:
            return 503
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
    if request.method == "POST" and "review" not in request.POST:
        return _submitted(request, order)
    choices = request.POST if request.method == "POST" else request.GET
    form = ChoicesForm(choices, order=order, standing=as_it_stands(order))
    return _previewed(request, _Shown(form))


def _submitted(request: HttpRequest, order: OrderSummary) -> HttpResponse:
    """Refund what was reviewed, if it still comes to that; lead on to the order."""
    form = SubmitForm(request.POST, order=order, standing=as_it_stands(order))
    if not form.is_valid():
        return _again(request, form)
    try:
        done = submit_or_ask(
            request=form.request(),
            agreed=form.cleaned_data["agreed"],
            by=request.user,  # type: ignore[arg-type]
        )
    except QuoteChanged as refused:
        return _again(request, form, refused)
    except (RequestReused, DecidedBefore):
        return _was_submitted(request, order, form.run_id)
    except AskedOtherwise as refused:
        messages.warning(request, ASKED_OTHERWISE)
        return redirect(resolve_url(refused.waiting))
    except SelectionRefused:
        messages.warning(request, GONE_MEANWHILE)
        return redirect("console:refund_owed", order.order_number)
    except (OrderBusy, OrderRefused) as error:
        messages.error(request, BUSY if isinstance(error, OrderBusy) else REFUSED)
        return _again(request, form, is_busy=True)
    except NotAllowed as refusal:
        raise PermissionDenied(gettext(refusal.message)) from refusal
    if isinstance(done, Approval):
        messages.success(request, ASKED)
        return redirect(resolve_url(done))
    if done.is_repeat:
        return _was_submitted(request, order, form.run_id)
    messages.success(request, words_of_success(done.change_order))
    return redirect("console:order_record", order.order_number)


def _again(
    request: HttpRequest,
    submitted: SubmitForm,
    refused: QuoteChanged | None = None,
    *,
    is_busy: bool = False,
) -> HttpResponse:
    """What was sent as a page once more, by the order as it is now."""
    sent = request.POST.copy()
    if "run" in submitted.errors:
        sent.pop("run", None)
    order = with_everything().get(pk=submitted.order.pk)
    form = ChoicesForm(sent, order=order, standing=as_it_stands(order))
    changed = differences(refused, order) if refused else None
    return _previewed(request, _Shown(form, None, submitted, changed, is_busy=is_busy))


def _previewed(request: HttpRequest, shown: _Shown) -> HttpResponse:
    """The page with what would happen now by its choices, or what there is instead of it."""
    form, order = shown.form, shown.form.order
    if not order.is_managed:
        return nothing_page(request, order, gettext(UNMANAGED.title), str(ONLY_MANAGED))
    if not form.is_valid():
        return _page(request, shown)
    try:
        quoted = preview_settlement(request=form.request(), by=request.user)  # type: ignore[arg-type]
    except RequestReused:
        return _was_submitted(request, order, form.run_id)
    except SelectionRefused as refused:
        others = [each for each in refused.refusals if each.message != NOTHING_OWED]
        for refusal in others:
            form.add_error(None, _words(refusal))
        if others or form.has_choices:
            return _page(request, shown)
        return nothing_page(request, order, str(NOTHING_TO_REFUND), str(NOTHING_IS_OWED))
    if isinstance(quoted, ChangeOrder):
        return _was_submitted(request, order, form.run_id)
    if comes_to_nothing(quoted):
        return _page(request, replace(shown, left_over=quoted.unassigned))
    return _page(request, replace(shown, quoted=quoted))


def _words(refusal: Refusal) -> str:
    """What a refusal says, in the reader's language."""
    said = {
        name: money_text(value.minor, value.currency) if isinstance(value, Amount) else value
        for name, value in refusal.said
    }
    return gettext(refusal.message) % said if said else gettext(refusal.message)


def _was_submitted(request: HttpRequest, order: OrderSummary, run: UUID) -> HttpResponse:
    """Lead to the order with what the run had made of it."""
    made = order.change_orders.get(request_id=str(run))
    words = gettext("This had been submitted before, as {link}; nothing was added to it.")
    if made.reversal:
        words = gettext(
            "This had been submitted before, as {link}, and was undone by {reversal}; nothing was"
            " added to it."
        )
    links = {"link": link_of(made), "reversal": link_of(made.reversal) if made.reversal else ""}
    messages.info(request, format_html(words, **links))
    return redirect("console:order_record", order.order_number)


def _page(request: HttpRequest, shown: _Shown) -> HttpResponse:
    order, standing = shown.form.order, shown.form.standing
    typed = SubmitForm(
        initial={"note": request.POST.get("note", "")}, order=order, standing=standing
    )
    context = {
        "order": order,
        "form": shown.form,
        "submitted": shown.submitted,
        "note": (shown.submitted or typed)["note"],
        "left_over": shown.left_over,
        "owed": owed_now(order, standing),
        "outcome": outcome_of(shown.quoted, order) if shown.quoted else None,
        "changed": shown.changed,
    }
    # htmx puts in place what is no error; the page says there that something is wrong.
    status = 200 if request.headers.get("HX-Request") else shown.status
    return render(request, "console/settlement/refund_owed.html", context, status=status)
