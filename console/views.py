"""The pages on which people find and read orders, accounts, change orders and refunds."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cancellations.history import orders_with_history_until
from console.lists.change_orders import (
    ChangeOrderListForm,
    RefundListForm,
    page_of_change_orders,
    page_of_refunds,
)
from console.lists.orders import (
    AccountListForm,
    AccountOrdersForm,
    OrderListForm,
    page_of_account_orders,
    page_of_accounts,
    page_of_orders,
)
from console.records.change_order import read_change_order
from console.records.order import read_record
from orders.keyset import ListForm, Page
from orders.models import Account
from orders.standing import with_everything

sees_orders = permission_required("orders.view_ordersummary", raise_exception=True)
sees_change_orders = permission_required("cancellations.view_changeorder", raise_exception=True)
sees_refunds = permission_required("cancellations.view_refund", raise_exception=True)
sees_accounts = permission_required("orders.view_account", raise_exception=True)


@require_safe
@never_cache
@sees_orders
def order_list(request: HttpRequest) -> HttpResponse:
    """Order Summaries: newest first, searched and filtered by the URL's query."""
    form = OrderListForm(request.GET)
    return show_list(request, "console/lists/orders.html", form, page_of_orders(form))


@require_safe
@never_cache
@sees_orders
def order_record(request: HttpRequest, order_number: str) -> HttpResponse:
    """One order summary: highlights, lines, money, history, and what can be done."""
    order = get_object_or_404(with_everything(), order_number=order_number)
    record = read_record(order)
    return render(request, "console/records/order.html", {"order": order, "record": record})


@require_safe
@never_cache
@sees_accounts
def account_list(request: HttpRequest) -> HttpResponse:
    """Accounts: by number, searched by the URL's query."""
    form = AccountListForm(request.GET)
    return show_list(request, "console/lists/accounts.html", form, page_of_accounts(form))


@require_safe
@never_cache
@sees_accounts
def account_record(request: HttpRequest, number: str) -> HttpResponse:
    """One customer with their order summaries, newest first."""
    account = get_object_or_404(Account, number=number)
    form = AccountOrdersForm(request.GET)
    page = page_of_account_orders(form, account)
    return show_list(request, "console/records/account.html", form, page, account=account)


@require_safe
@never_cache
@sees_change_orders
def change_order_list(request: HttpRequest) -> HttpResponse:
    """Change Orders: newest first, searched and filtered by the URL's query."""
    form = ChangeOrderListForm(request.GET)
    page = page_of_change_orders(form)
    return show_list(request, "console/lists/change_orders.html", form, page)


@require_safe
@never_cache
@sees_change_orders
def change_order_record(request: HttpRequest, pk: int) -> HttpResponse:
    """One change order: what the order was before it and after it, and the refunds."""
    order = get_object_or_404(orders_with_history_until(pk))
    context = {"order": order, "record": read_change_order(order)}
    return render(request, "console/records/change_order.html", context)


@require_safe
@never_cache
@sees_refunds
def refund_list(request: HttpRequest) -> HttpResponse:
    """Refunds: those that need a person first, then the rest, newest first."""
    form = RefundListForm(request.GET)
    return show_list(request, "console/lists/refunds.html", form, page_of_refunds(form))


def show_list(
    request: HttpRequest, template: str, form: ListForm, page: Page, **context: Any
) -> HttpResponse:
    """A page of a list; 400 with what is wrong when the query holds what the list has not."""
    context |= {"form": form, "page": page}
    return render(request, template, context, status=400 if form.errors else 200)
