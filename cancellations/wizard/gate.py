"""The way into a wizard: which order and run a request is about, and who is turned away."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cancellations.acts.requests import CANCELING_NEEDS, may_cancel
from cancellations.models import BundlePolicy, ChangeOrder
from cancellations.wizard.frame import Frame
from cancellations.wizard.run import Run
from cancellations.wizard.storage import is_run_of_another, was_refused
from orders.arithmetic.availability import Obstacle
from orders.models import OrderItemSummary, OrderSummary

NOTHING_CANCELED = "nothing-canceled"
"""Tags a message that is no longer true once the run was submitted, by another click perhaps."""

CHANGED = gettext_lazy("This order changed while you were working. Nothing was canceled.")


@dataclass(frozen=True, slots=True)
class Open:
    """Something of the order can be canceled, and the run has not done so yet.

    Attributes:
        policy: The store's on bundles, where the order has one.
        available: How many units of each product line can be canceled, by primary key.
    """

    order: OrderSummary
    run: Run
    policy: BundlePolicy
    available: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Submitted:
    """The run made a change order of the order."""

    order: OrderSummary
    run: Run


@dataclass(frozen=True, slots=True)
class OfAnotherOrder:
    """The run's id belongs to another order, or to the other wizard."""


@dataclass(frozen=True, slots=True)
class NotAnOrderSummary:
    """There is no order summary of this number."""

    def page(self, request: HttpRequest) -> HttpResponse:
        """The page that says so; 404."""
        title = _("We don't think you meant to come here.")
        return _page(request, title, _("Start a cancellation from an order summary."), status=404)


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing of the order can be canceled.

    Attributes:
        is_at_work: Whether the agent had sent something, of which then nothing was canceled.
    """

    order: OrderSummary
    obstacle: Obstacle
    is_at_work: bool

    def page(self, request: HttpRequest) -> HttpResponse:
        """The page that says why."""
        if self.is_at_work:
            messages.warning(request, CHANGED)
        return _page(request, _(self.obstacle.title), _(self.obstacle.text), self.order)


Entry = Open | Submitted | OfAnotherOrder | NotAnOrderSummary | Refused


def enter(
    request: HttpRequest, kind: str, order_number: str, run_id: UUID, *, to_all: bool
) -> Entry:
    """What a request to a wizard finds; asked once a request, in two queries;
    a third reads the bundle policy where the order has bundles.

    Args:
        to_all: Whether the wizard takes everything that can be canceled.

    Raises:
        PermissionDenied: Whoever asks has no right to cancel.
    """
    if not may_cancel(request.user):
        raise PermissionDenied(_(CANCELING_NEEDS))
    order = _find_order(order_number, run_id)
    if order is None:
        return NotAnOrderSummary()
    run = Run(kind, order.pk, run_id)
    if any(getattr(line, "is_of_submitted_run", False) for line in order.lines.all()):
        return Submitted(order, run)
    if getattr(order, "is_run_elsewhere", False) or is_run_of_another(request.session, run):
        return OfAnotherOrder()
    policy = BundlePolicy.objects.for_order(order)
    available = order.available_to_cancel(policy.bundle_rule)
    if obstacle := order.obstacle(policy.bundle_rule, available, to_all=to_all):
        is_at_work = request.method == "POST" or was_refused(request.session, run)
        return Refused(order, obstacle, is_at_work)
    return Open(order, run, policy, available)


def made_by_run(run_id: UUID) -> QuerySet[ChangeOrder]:
    """The change order that a run made, of whichever order."""
    return ChangeOrder.objects.filter(kind=ChangeOrder.Kind.CANCELLATION, request_id=str(run_id))


def _find_order(order_number: str, run_id: UUID) -> OrderSummary | None:
    """The order with its lines, in two queries.

    The statement that reads the lines says as well whether the run was submitted, so that of
    a double click neither can see the other's work and not know it for its own.
    """
    made = made_by_run(run_id)
    submitted = Exists(made.filter(order__order_number=order_number))
    lines = OrderItemSummary.objects.for_choosing().annotate(is_of_submitted_run=submitted)
    return (
        OrderSummary.objects.select_related("account")
        .prefetch_related(Prefetch("lines", lines))
        .annotate(is_run_elsewhere=Exists(made.exclude(order=OuterRef("pk"))))
        .filter(order_number=order_number)
        .first()
    )


def _page(
    request: HttpRequest,
    title: str,
    text: str,
    order: OrderSummary | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"title": title, "text": text, "order": order, "frame": Frame.of(request)}
    return render(request, "wizard/nothing.html", context, status=status)
