"""The pages on which people find and read orders, accounts, change orders and refunds."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cancellations.history import orders_with_history_until
from cancellations.letters import to_read_out
from cancellations.replay import CannotBeReplayed
from cancellations.undoing import undo_offer
from console.access import (
    sees_accounts,
    sees_change_orders,
    sees_exceptions,
    sees_orders,
    sees_refunds,
)
from console.lists.accounts import ACCOUNTS
from console.lists.change_orders import CHANGE_ORDERS
from console.lists.exceptions import EXCEPTIONS
from console.lists.orders import ORDERS
from console.lists.page import show_list, status_of
from console.lists.refunds import REFUNDS
from console.records.account import AccountOrdersForm, read_account
from console.records.change_order import (
    ChangeOrderRecord,
    StoredChangeOrder,
    read_change_order,
    read_stored,
)
from console.records.lines import NO_SUCH_PAGE, LinesForm, NoSuchPage
from console.records.order import read_order
from console.saved_views.recent import remember
from orders.fetching import fetch_everything
from orders.models import Account, OrderSummary


@require_safe
@never_cache
@sees_orders
def order_list(request: HttpRequest) -> HttpResponse:
    """Order Summaries: newest first, searched and filtered by the URL's query."""
    return show_list(request, ORDERS)


@require_safe
@never_cache
@sees_orders
def order_record(request: HttpRequest, order_number: str) -> HttpResponse:
    """One order summary: highlights, lines, money, and what can be done."""
    order = _order_with_everything(order_number)
    form = LinesForm(request.GET)
    try:
        record = read_order(order, reader=request.user, after=form.place)
    except NoSuchPage:
        form.add_error("after", NO_SUCH_PAGE)
        record = read_order(order, reader=request.user)
    remember(request.user, order)
    context = {"order": order, "record": record, "form": form}
    return render(
        request, "console/records/order.html", context, status=400 if form.errors else 200
    )


@require_safe
@never_cache
@sees_orders
def order_related(request: HttpRequest, order_number: str) -> HttpResponse:
    """What belongs to an order: its change orders with their refunds, and newer documents."""
    order = _order_with_everything(order_number)
    record = read_order(order, reader=request.user)
    return render(request, "console/records/related.html", {"order": order, "record": record})


@require_safe
@never_cache
@sees_orders
def order_live(request: HttpRequest, order_number: str, looks: int) -> HttpResponse:
    """What of an order's page moves while its refunds are carried out, for the page itself."""
    order = _order_with_everything(order_number)
    record = read_order(order, reader=request.user, looks=looks)
    context = {"order": order, "record": record, "looks": looks}
    return render(request, "console/records/_live.html", context)


@require_safe
@never_cache
@sees_accounts
def account_list(request: HttpRequest) -> HttpResponse:
    """Accounts: by number, searched by the URL's query."""
    return show_list(request, ACCOUNTS)


@require_safe
@never_cache
@sees_accounts
def account_record(request: HttpRequest, number: str) -> HttpResponse:
    """One customer with their order summaries, newest first."""
    account = get_object_or_404(Account, number=number)
    form = AccountOrdersForm(request.GET)
    page, table = read_account(account, form)
    context = {"account": account, "form": form, "page": page, "table": table}
    return render(request, "console/records/account.html", context, status=status_of(form))


@require_safe
@never_cache
@sees_change_orders
def change_order_list(request: HttpRequest) -> HttpResponse:
    """Change Orders: newest first, searched and filtered by the URL's query."""
    return show_list(request, CHANGE_ORDERS)


@require_safe
@never_cache
@sees_change_orders
def change_order_record(request: HttpRequest, pk: int) -> HttpResponse:
    """One change order: what the order was before it and after it, and the refunds."""
    order = get_object_or_404(orders_with_history_until(pk))
    record: ChangeOrderRecord | StoredChangeOrder
    try:
        record = read_change_order(order)
    except CannotBeReplayed:
        record = read_stored(order)
    context = {
        "order": order,
        "record": record,
        "to_read_out": to_read_out(record.change_order),
        "notices": record.change_order.customer_notices.all(),
        "undo": undo_offer(record.change_order, reader=request.user),
    }
    return render(request, "console/records/change_order.html", context)


@require_safe
@never_cache
@sees_refunds
def refund_list(request: HttpRequest) -> HttpResponse:
    """Refunds: those that need a person first, then the rest, newest first."""
    return show_list(request, REFUNDS)


@require_safe
@never_cache
@sees_exceptions
def exception_list(request: HttpRequest) -> HttpResponse:
    """Exceptions: the open ones first, then the rest, newest first."""
    return show_list(request, EXCEPTIONS)


@require_safe
@never_cache
def shortcuts(request: HttpRequest) -> HttpResponse:
    """Which key does what."""
    return render(request, "console/shortcuts.html")


def _order_with_everything(order_number: str) -> OrderSummary:
    order: OrderSummary = get_object_or_404(
        OrderSummary.objects.select_related("account"), order_number=order_number
    )
    fetch_everything([order])
    return order
