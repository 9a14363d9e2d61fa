"""The pages on which orders and accounts are found and read."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from orders.keyset import ListForm, Page
from orders.lists import (
    AccountListForm,
    AccountOrdersForm,
    OrderListForm,
    page_of_account_orders,
    page_of_accounts,
    page_of_orders,
)
from orders.models import Account, OrderSummary
from orders.record import read_record

sees_orders = permission_required("orders.view_ordersummary", raise_exception=True)
sees_accounts = permission_required("orders.view_account", raise_exception=True)


@require_safe
@never_cache
@sees_orders
def summary_list(request: HttpRequest) -> HttpResponse:
    """Order Summaries: newest first, searched and filtered by the URL's query."""
    form = OrderListForm(request.GET)
    return show_list(request, "orders/summary_list.html", form, page_of_orders(form))


@require_safe
@never_cache
@sees_orders
def summary_record(request: HttpRequest, order_number: str) -> HttpResponse:
    """One order summary: highlights, lines, money, history, and what can be done."""
    orders = OrderSummary.objects.with_everything()
    order = get_object_or_404(orders, order_number=order_number)
    record = read_record(order)
    return render(request, "orders/summary_record.html", {"order": order, "record": record})


@require_safe
@never_cache
@sees_accounts
def account_list(request: HttpRequest) -> HttpResponse:
    """Accounts: by number, searched by the URL's query."""
    form = AccountListForm(request.GET)
    return show_list(request, "orders/account_list.html", form, page_of_accounts(form))


@require_safe
@never_cache
@sees_accounts
def account_record(request: HttpRequest, number: str) -> HttpResponse:
    """One customer with their order summaries, newest first."""
    account = get_object_or_404(Account, number=number)
    form = AccountOrdersForm(request.GET)
    page = page_of_account_orders(form, account)
    return show_list(request, "orders/account_record.html", form, page, account=account)


def show_list(
    request: HttpRequest, template: str, form: ListForm, page: Page, **context: Any
) -> HttpResponse:
    """A page of a list; 400 with what is wrong when the query holds what the list has not."""
    context |= {"form": form, "page": page}
    return render(request, template, context, status=400 if form.errors else 200)
