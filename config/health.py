"""Two pages for load balancers and operators: alive, and ready to serve."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cancellations.worker import workers_alive
from config.postgresql import pulse
from config.postgresql.waiting import answers_within
from orders.schema import MadeByAnotherVersion, check_schema

STATEMENT_SECONDS = 0.5
"""So long each may take once the database is known to be there: a connection may have died."""

_known_schemas: set[str] = set()
"""Of databases that this process found to be of this version: tables are not compared again."""


@require_safe
@never_cache
@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
@never_cache
@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and every migration, as it is now, has been applied; else 503.

    Says so within two seconds, whatever the database does.
    A second line says how many workers were seen lately: pages are served without them.
    """
    if connection.vendor == "postgresql" and not pulse.beats():
        return _not_ready("no database")
    try:
        with answers_within(STATEMENT_SECONDS):
            lacking = _what_is_lacking()
            workers = workers_alive(timezone.now())
    except (DatabaseError, InterfaceError):
        return _not_ready("no database")
    if lacking:
        return _not_ready(lacking)
    at_work = f"workers: {workers}" if workers else "workers: none, refunds wait"
    return HttpResponse(f"ready\n{at_work}\n", content_type="text/plain")


def _what_is_lacking() -> str:
    try:
        executor = MigrationExecutor(connection)
        if connection.alias not in _known_schemas:
            check_schema(executor.loader)
            _known_schemas.add(connection.alias)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except MadeByAnotherVersion as refusal:
        return refusal.message
    return "migrations missing" if missing else ""


def _not_ready(why: str) -> HttpResponse:
    return HttpResponse(f"{why}\n", content_type="text/plain", status=503)
