"""A database that is away: pages say so calmly, and none of it is an error of theirs."""

import logging
import sqlite3
import sys
from typing import Any

from django.conf import settings
from django.db import DatabaseError, Error, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.views import defaults
from psycopg.errors import IdleInTransactionSessionTimeout, ReadOnlySqlTransaction

from orders.locking import LONGEST_WAIT_SECONDS, is_contention

logger = logging.getLogger(__name__)


def is_away(error: BaseException) -> bool:
    """Whether the database could not do its work: gone, frozen, full, starting or a standby."""
    if isinstance(error, InterfaceError):
        return True
    if isinstance(error, InternalError):
        gone = (ReadOnlySqlTransaction, IdleInTransactionSessionTimeout)
        return isinstance(error.__cause__, gone)
    if not isinstance(error, OperationalError) or is_contention(error):
        return False
    if isinstance(error.__cause__, sqlite3.OperationalError):
        return not str(error).startswith("no such ")  # a table: it was never migrated
    return True


def answer_to(request: HttpRequest, error: Error) -> HttpResponse:
    """The page for contention, or for a database that is away; any other error goes on."""
    if is_contention(error):
        logger.warning("%s: the database is busy", request.path, exc_info=error)
        return _unavailable("503.html")
    if is_away(error):
        logger.error("%s: the database is away: %s", request.path, error)
        return _unavailable("away.html")
    raise error


def server_error(request: HttpRequest) -> HttpResponse:
    """What Django shows for errors that nobody caught, also those around the pages."""
    error = sys.exc_info()[1]
    if isinstance(error, DatabaseError | InterfaceError) and (
        is_contention(error) or is_away(error)
    ):
        return answer_to(request, error)
    answer: Any = defaults.server_error(request)
    return answer  # type: ignore[no-any-return]


def _unavailable(template: str) -> HttpResponse:
    """Made without asking who asks: that may be what failed."""
    page = HttpResponse(render_to_string(template), status=503)
    page.headers["Retry-After"] = str(LONGEST_WAIT_SECONDS)
    page.headers["X-Frame-Options"] = settings.X_FRAME_OPTIONS
    add_never_cache_headers(page)
    return page
