"""The pages on which managers keep endpoints, and see what was delivered to them."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from integrations.events import again
from integrations.events import endpoints as acts
from integrations.events.managing import UnknownEndpoint
from integrations.models import RIGHT_TO_MANAGE, Delivery, Endpoint
from integrations.webhooks.forms import EndpointForm, SinceForm

DELIVERIES_SHOWN = 50
LONGEST_ID = 18

manages = permission_required(RIGHT_TO_MANAGE, raise_exception=True)
shown_and_sent = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@never_cache
@manages
def endpoint_list(request: HttpRequest) -> HttpResponse:
    """Every endpoint, and whether it is told of anything."""
    return render(request, "webhooks/list.html", {"endpoints": Endpoint.objects.all()})


@shown_and_sent
@never_cache
@manages
def new_endpoint(request: HttpRequest) -> HttpResponse:
    """Make an endpoint; its secret is shown in the answer, and never again."""
    form = EndpointForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, None)
    endpoint, secret = acts.create_endpoint(**form.cleaned_data, by=request.user)  # type: ignore[arg-type]
    return _secret(request, endpoint, secret)


@shown_and_sent
@never_cache
@manages
def edit_endpoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an endpoint another address, description or types."""
    endpoint = get_object_or_404(Endpoint, pk=pk)
    said = {name: getattr(endpoint, name) for name in EndpointForm.base_fields}
    form = EndpointForm(
        request.POST if request.method == "POST" else None, by=request.user, initial=said
    )
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, endpoint)
    try:
        acts.change_endpoint(endpoint=pk, **form.cleaned_data, by=request.user)  # type: ignore[arg-type]
    except UnknownEndpoint as error:
        raise Http404 from error
    messages.success(request, _("The endpoint is changed."))
    return redirect("integrations:endpoint", pk)


@shown_and_sent
@never_cache
@manages
def endpoint_record(request: HttpRequest, pk: int) -> HttpResponse:
    """An endpoint with its deliveries, and what can be done about them."""
    endpoint = get_object_or_404(Endpoint, pk=pk)
    if request.method != "POST":
        return _record(request, endpoint, SinceForm())
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise BadRequest("no such act")
    try:
        return act(request, endpoint)
    except UnknownEndpoint as error:
        raise Http404 from error


def _record(
    request: HttpRequest, endpoint: Endpoint, since: SinceForm, status: int = 200
) -> HttpResponse:
    found = _older(request, endpoint.deliveries.select_related("event", "order"))
    shown = list(found.prefetch_related("attempts")[: DELIVERIES_SHOWN + 1])
    context = {
        "endpoint": endpoint,
        "deliveries": shown[:DELIVERIES_SHOWN],
        "older": shown[DELIVERIES_SHOWN - 1].pk if len(shown) > DELIVERIES_SHOWN else None,
        "since": since,
    }
    return render(request, "webhooks/record.html", context, status=status)


def _older(request: HttpRequest, deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Those before the one that the address names, if it does."""
    before = request.GET.get("before", "")
    if _is_id(before):
        deliveries = deliveries.filter(pk__lt=int(before))
    return deliveries.order_by("-pk")


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID


def _test(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    acts.test_endpoint(endpoint=endpoint.pk, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("A test is on its way. Reload to see what came of it."))
    return redirect("integrations:endpoint", endpoint.pk)


def _rotate(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    rotated, secret = acts.rotate_secret(endpoint=endpoint.pk, by=request.user)  # type: ignore[arg-type]
    return _secret(request, rotated, secret)


def _enable(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    acts.change_endpoint(endpoint=endpoint.pk, enabled=True, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("The endpoint is enabled."))
    return redirect("integrations:endpoint", endpoint.pk)


def _disable(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    acts.change_endpoint(endpoint=endpoint.pk, enabled=False, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("The endpoint is disabled."))
    return redirect("integrations:endpoint", endpoint.pk)


def _delete(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    acts.delete_endpoint(endpoint=endpoint.pk, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("The endpoint is deleted."))
    return redirect("integrations:endpoints")


def _resend(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    delivery = request.POST.get("delivery", "")
    if not _is_id(delivery):
        raise Http404
    again.resend_delivery(endpoint=endpoint.pk, delivery=int(delivery), by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("It is sent again."))
    return redirect("integrations:endpoint", endpoint.pk)


def _replay(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    form = SinceForm(request.POST)
    if not form.is_valid():
        return _record(request, endpoint, form, status=400)
    since = form.cleaned_data["since"]
    try:
        count = again.replay_since(endpoint=endpoint.pk, since=since, by=request.user)  # type: ignore[arg-type]
    except again.TooManyEvents as refusal:
        form.add_error("since", _(refusal.message))
        return _record(request, endpoint, form, status=400)
    said = ngettext("%(count)d event is replayed.", "%(count)d events are replayed.", count)
    messages.success(request, said % {"count": count})
    return redirect("integrations:endpoint", endpoint.pk)


_ACTS: Mapping[str, Callable[[HttpRequest, Endpoint], HttpResponse]] = {
    "test": _test,
    "rotate": _rotate,
    "enable": _enable,
    "disable": _disable,
    "delete": _delete,
    "resend": _resend,
    "replay": _replay,
}


def _form(request: HttpRequest, form: EndpointForm, endpoint: Endpoint | None) -> HttpResponse:
    context = {"form": form, "endpoint": endpoint}
    return render(request, "webhooks/form.html", context, status=400 if form.errors else 200)


def _secret(request: HttpRequest, endpoint: Endpoint, secret: str) -> HttpResponse:
    """Shown in the answer itself: it is kept nowhere from which it could be shown again."""
    return render(request, "webhooks/secret.html", {"endpoint": endpoint, "secret": secret})
