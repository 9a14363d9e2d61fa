"""Figures for Prometheus: of requests, of what waits, and of what verify_orders last found."""

import logging
import secrets
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from wsgiref.types import WSGIEnvironment

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from django_prometheus.middleware import PrometheusAfterMiddleware
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.registry import Collector

from cancellations.models import Approval, CustomerNotice, ProcessException, Refund, Release
from cancellations.models.approvals import ApprovalStatus
from cancellations.worker import workers_alive
from console.people.held import everything_held
from orders.replica import is_configured, judge

logger = logging.getLogger(__name__)

LATE = timedelta(minutes=15)
"""What is due for longer is late: no worker is at work, or none comes round to it."""

PATH = "/metrics"
OWN_PORT = "countermand.metrics"
"""In a request's environment: it came by the port of the figures. No header has this name."""


@require_safe
@never_cache
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures, for whoever sends the token or comes by METRICS_PORT; else there is no page."""
    if not (OWN_PORT in request.META or _has_token(request)):  # guard: metrics
        return HttpResponse("not found\n", content_type="text/plain", status=404)
    page: HttpResponse = ExportToDjangoView(request)
    page.write(generate_latest(_ours))
    page.write(_verified())
    return page


def came_by_own_port(environ: WSGIEnvironment) -> bool:
    """Whether a request came by METRICS_PORT: the socket says so, and nobody's header.

    SERVER_PORT would not do: behind a Unix socket gunicorn takes it from the Host header.
    """
    opened = environ.get("gunicorn.socket")
    if not settings.METRICS_PORT or opened is None:
        return False
    is_of_a_network = opened.family in (socket.AF_INET, socket.AF_INET6)
    return is_of_a_network and opened.getsockname()[1] == settings.METRICS_PORT


def _has_token(request: HttpRequest) -> bool:
    wanted = f"Bearer {settings.METRICS_TOKEN}".encode()
    told = request.headers.get("Authorization", "").encode()
    return bool(settings.METRICS_TOKEN) and secrets.compare_digest(told, wanted)


class AfterMiddleware(PrometheusAfterMiddleware):  # type: ignore[misc]
    """Counts requests; a length that is none is the page's to refuse, not a fault."""

    def process_request(self, request: HttpRequest) -> None:
        with suppress(ValueError):
            super().process_request(request)


class _Figures(Collector):
    """Asked of the database whenever somebody asks; of one that is away, just that."""

    def collect(self) -> Iterable[Gauge]:
        try:
            yield from [*_of_refunds(), *_of_people(), Gauge("countermand_database_up", "1", 1)]
            yield from _of_the_replica()
        except Error as error:
            logger.warning("the database cannot be asked for figures: %s", error)
            yield Gauge("countermand_database_up", "Whether the database answers", 0)


def _of_refunds() -> Iterator[Gauge]:
    now = timezone.now()
    due = Gauge("countermand_due", "What is to be carried out now", labels=["kind"])
    late = Gauge("countermand_late", "What has been due for a quarter of an hour", labels=["kind"])
    oldest = Gauge(
        "countermand_oldest_attempt_seconds",
        "Since when the oldest unfinished refund or release was first sent",
        labels=["kind"],
    )
    waiting: tuple[tuple[str, type[Refund] | type[Release] | type[CustomerNotice]], ...]
    waiting = (("refund", Refund), ("release", Release), ("notice", CustomerNotice))
    for kind, model in waiting:
        rows = model._default_manager.filter(due_at__lte=now)
        due.add_metric([kind], rows.count())
        late.add_metric([kind], rows.filter(due_at__lte=now - LATE).count())
    for kind, sent in (("refund", Refund), ("release", Release)):
        unfinished = sent._default_manager.filter(due_at__isnull=False)
        first = unfinished.aggregate(first=Min("first_sent_at"))["first"]
        oldest.add_metric([kind], (now - first).total_seconds() if first else 0)
    yield from (due, late, oldest)
    yield Gauge("countermand_workers", "Workers seen in the last minute", workers_alive(now))


def _of_people() -> Iterator[Gauge]:
    opened = Gauge("countermand_exceptions_open", "Exceptions that wait", labels=["category"])
    counts = ProcessException.objects.open().order_by().values_list("category")
    for category, count in counts.annotate(Count("pk")):
        opened.add_metric([category], count)
    yield opened
    asked = Approval.objects.filter(status=ApprovalStatus.REQUESTED).count()
    yield Gauge("countermand_approvals_waiting", "What waits for a second person", asked)
    held = len(everything_held())
    yield Gauge("countermand_sign_ins_throttled", "Names and addresses shut out", held)


def _of_the_replica() -> Iterator[Gauge]:
    if is_configured():
        is_read = judge.is_fit()
        yield Gauge("countermand_replica_read", "Whether lists come from the replica", is_read)
        if judge.lag is not None:
            yield Gauge("countermand_replica_lag_seconds", "How far it is behind", judge.lag)


def _verified() -> bytes:
    """What ``verify_orders --result`` wrote last, if this machine has it."""
    try:
        return (
            Path(settings.VERIFY_RESULT_FILE).read_bytes() if settings.VERIFY_RESULT_FILE else b""
        )
    except OSError:
        return b"countermand_verify_unknown 1\n"


_ours = CollectorRegistry(auto_describe=False)
_ours.register(_Figures())
