"""The pages of change orders and refunds, and those around the wizards: start and finish."""

from uuid import UUID, uuid4

from django.contrib.auth.decorators import permission_required
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cancellations.history import orders_with_history_until
from cancellations.lists import (
    ChangeOrderListForm,
    RefundListForm,
    page_of_change_orders,
    page_of_refunds,
)
from cancellations.models import ChangeOrder
from cancellations.record import read_change_order
from cancellations.services import RIGHT_TO_CANCEL
from cancellations.wizard.cancellation import CancellationWizard, progress
from cancellations.wizard.entry import (
    NOTHING_CANCELED,
    NotAnOrderSummary,
    find_order,
    refuse_entry,
    refuse_not_an_order_summary,
)
from cancellations.wizard.frame import Frame
from cancellations.wizard.runs import open_run
from orders.views import show_list

sees_change_orders = permission_required("cancellations.view_changeorder", raise_exception=True)
sees_refunds = permission_required("cancellations.view_refund", raise_exception=True)
cancels_items = permission_required(RIGHT_TO_CANCEL, raise_exception=True)


@require_safe
@never_cache
@sees_change_orders
def change_order_list(request: HttpRequest) -> HttpResponse:
    """Change Orders: newest first, searched and filtered by the URL's query."""
    form = ChangeOrderListForm(request.GET)
    page = page_of_change_orders(form)
    return show_list(request, "cancellations/change_order_list.html", form, page)


@require_safe
@never_cache
@sees_change_orders
def change_order_record(request: HttpRequest, pk: int) -> HttpResponse:
    """One change order: what the order was before it and after it, and the refunds."""
    order = get_object_or_404(orders_with_history_until(pk))
    context = {"order": order, "record": read_change_order(order)}
    return render(request, "cancellations/change_order_record.html", context)


@require_safe
@never_cache
@sees_refunds
def refund_list(request: HttpRequest) -> HttpResponse:
    """Refunds: those that need a person first, then the rest, newest first."""
    form = RefundListForm(request.GET)
    return show_list(request, "cancellations/refund_list.html", form, page_of_refunds(form))


@require_safe
@never_cache
@cancels_items
def start(
    request: HttpRequest, order_number: str, wizard: type[CancellationWizard]
) -> HttpResponse:
    """Open a new run of a wizard, or say why there is nothing to cancel."""
    try:
        order = find_order(order_number)
    except NotAnOrderSummary:
        return refuse_not_an_order_summary(request)
    if refusal := refuse_entry(request, order):
        return refusal
    run = uuid4()
    open_run(request, wizard.kind, order.pk, run.hex)
    first_step = next(iter(wizard.step_labels))
    url = reverse(f"cancellations:{wizard.kind}_step", args=[order_number, run, first_step])
    return redirect(Frame.opened_by(request).keep(url))


@require_safe
@never_cache
@cancels_items
def finish(
    request: HttpRequest, order_number: str, run: UUID, wizard: type[CancellationWizard]
) -> HttpResponse:
    """The last step of a submitted run: safe to reload and to bookmark."""
    change_order = get_object_or_404(
        ChangeOrder.objects.with_everything().select_related("order__account"),
        order__order_number=order_number,
        request_id=str(run),
        kind=ChangeOrder.Kind.CANCELLATION,
    )
    context = {
        "messages": _still_true(request),
        "order": change_order.order,
        "frame": (frame := Frame.of(request)),
        "way_out": frame.way_out(change_order.order.get_absolute_url()),
        "change_order": change_order,
        "kind_label": wizard.label,
        "progress": progress(wizard.step_labels, "finish"),
    }
    return render(request, "cancellations/wizard/finish.html", context)


def _still_true(request: HttpRequest) -> list[Message]:
    """What was said on the way here, but for what was said before the run was submitted."""
    return [said for said in get_messages(request) if NOTHING_CANCELED not in said.tags]
