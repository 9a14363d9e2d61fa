"""The pages around the wizards: where a run starts and where it ends."""

from uuid import UUID, uuid4

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cancellations.models import ChangeOrder
from cancellations.services import RIGHT_TO_CANCEL
from cancellations.wizard.cancellation import CancellationWizard, progress
from cancellations.wizard.entry import (
    NotAnOrderSummary,
    find_order,
    refuse_entry,
    refuse_not_an_order_summary,
)
from cancellations.wizard.frame import Frame

cancels_items = permission_required(RIGHT_TO_CANCEL, raise_exception=True)


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
    first_step = next(iter(wizard.step_labels))
    url = reverse(f"cancellations:{wizard.kind}_step", args=[order_number, uuid4(), first_step])
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
    )
    context = {
        "order": change_order.order,
        "frame": (frame := Frame.of(request)),
        "way_out": frame.way_out(change_order.order.get_absolute_url()),
        "change_order": change_order,
        "kind_label": wizard.label,
        "progress": progress(wizard.step_labels, "finish"),
    }
    return render(request, "cancellations/wizard/finish.html", context)
