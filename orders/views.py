"""The pages on which orders are found and read."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from orders.lists import ListForm, page_of_orders
from orders.models import OrderSummary
from orders.record import read_record

sees_orders = permission_required("orders.view_ordersummary", raise_exception=True)


@require_safe
@never_cache
@sees_orders
def summary_list(request: HttpRequest) -> HttpResponse:
    """Order Summaries: newest first, searched and filtered by the URL's query."""
    form = ListForm(request.GET)
    valid = form.is_valid()
    page = page_of_orders(
        q=form.cleaned_data["q"] if valid else "",
        status=form.cleaned_data["status"] if valid else "",
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    status = 200 if valid else 400
    return render(request, "orders/summary_list.html", {"form": form, "page": page}, status=status)


@require_safe
@never_cache
@sees_orders
def summary_record(request: HttpRequest, order_number: str) -> HttpResponse:
    """One order summary: highlights, lines, money, history, and what can be done."""
    orders = OrderSummary.objects.with_everything()
    order = get_object_or_404(orders, order_number=order_number)
    record = read_record(order)
    return render(request, "orders/summary_record.html", {"order": order, "record": record})
