"""The pages that erase a customer: what would go is shown by GET, and goes by POST."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cancellations.acts.erase_customer import (
    Customer,
    Erasure,
    UnknownCustomer,
    erase_customer,
    preview_erasure,
)
from cancellations.acts.requests import ERASING_NEEDS, may_erase
from cancellations.personal_data import words_of
from console.access import sees_accounts, sees_orders
from orders.formats import number_text
from orders.locking import OrderBusy, OrderRefused
from orders.models import Account, OrderSummary


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sees_accounts
def erase_account(request: HttpRequest, number: str) -> HttpResponse:
    """Erase the customer of an account."""
    account = get_object_or_404(Account, number=number)
    return _page(request, Customer(account=account.number), account.number, resolve_url(account))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sees_orders
def erase_guest(request: HttpRequest, order_number: str) -> HttpResponse:
    """Erase the customer of an order: a guest, in all orders under the same e-mail address."""
    order = get_object_or_404(OrderSummary, order_number=order_number)
    return _page(request, Customer.of(order), order.order_number, resolve_url(order))


def _page(request: HttpRequest, customer: Customer, title: str, way_out: str) -> HttpResponse:
    if not may_erase(request.user):
        raise PermissionDenied(gettext(ERASING_NEEDS))
    try:
        if request.method == "POST":
            done = erase_customer(customer=customer, by=request.user)  # type: ignore[arg-type]
            messages.success(request, _what_was_done(done))
            return redirect(way_out)
    except UnknownCustomer:
        return redirect(way_out)
    except (OrderBusy, OrderRefused) as refusal:
        messages.error(request, gettext(refusal.message))
        return _shown(request, customer, title, way_out, status=503)
    return _shown(request, customer, title, way_out)


def _shown(
    request: HttpRequest, customer: Customer, title: str, way_out: str, status: int = 200
) -> HttpResponse:
    try:
        found = preview_erasure(customer)
    except UnknownCustomer:
        found = Erasure()
    context = {
        "title": title,
        "way_out": way_out,
        "orders": found.orders,
        "texts": words_of(found.texts),
    }
    return render(request, "console/erasing/erase.html", context, status=status)


def _what_was_done(done: Erasure) -> str:
    if not done.texts:
        return gettext("There was nothing left to erase.")
    texts = sum(done.texts.values())
    words = ngettext("%(texts)s text was erased.", "%(texts)s texts were erased.", texts)
    return words % {"texts": number_text(texts)}
