"""What stands around every call: who calls, and what is answered to what goes wrong."""

import logging
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import ValidationError

from integrations.api import problems
from integrations.api.problems import Refused, not_found, problem_response
from orders.documents.fields import Problem, spell
from orders.locking import LONGEST_WAIT_SECONDS, is_contention

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]


def answers_problems(api: NinjaAPI) -> None:
    """Let every error of a call be told as a problem: those of the acts, of the database, any."""
    for kind in problems.REFUSALS:
        api.add_exception_handler(kind, _refused)
    api.add_exception_handler(ValidationError, _wrong_parameters)
    api.add_exception_handler(SuspiciousOperation, _unreadable)
    for away in (Error, InterfaceError):
        api.add_exception_handler(away, _database)
    api.add_exception_handler(Exception, _failed)


def addresses_of(api: NinjaAPI, prefix: str) -> list[URLPattern]:
    """The API's addresses, none of which asks anybody to sign in; what it has not is a problem."""
    patterns, _app, _namespace = api.urls
    found = [
        _address(f"{prefix}/{str(each.pattern).lstrip('/')}", each.callback, prefix)
        for each in patterns
        if isinstance(each, URLPattern) and str(each.pattern)  # beside ninja's own root
    ]
    nothing = _as_a_call(_nothing_here)
    return [
        *found,
        path(prefix, nothing),
        path(f"{prefix}/", nothing),
        path(f"{prefix}/<path:rest>", nothing, name="api_nothing"),
    ]


def _address(route: str, view: View, prefix: str) -> URLPattern:
    """Named by what it is about, as the audit calls it: ``api_change_orders``."""
    about = re.split("[/:]", route.removeprefix(f"{prefix}/"))[0]
    return path(route, _as_a_call(view), name=f"api_{about.replace('-', '_')}")


def _as_a_call(view: View) -> View:
    @csrf_exempt
    @login_not_required
    @wraps(view)
    def call(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        if isinstance(answer, HttpResponseNotAllowed):
            allowed = {"Allow": answer.headers["Allow"]}
            return problem_response(Refused(405, "method-not-allowed", headers=allowed))
        return answer

    return call


def _nothing_here(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    return problem_response(not_found())


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    refused = problems.refusal_of(error)
    assert refused is not None  # it is one of those that were registered
    return problem_response(refused)


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    """What Django reads of no request: thousands of fields, say."""
    logger.warning("%s: it cannot be read", request.path, exc_info=error)
    return problem_response(Refused(400, "bad-request"))


def _wrong_parameters(request: HttpRequest, error: Any) -> HttpResponse:
    """Of the query or of the path; bodies are read by our own documents."""
    wrong = (Problem(spell(tuple(each["loc"])), str(each["msg"])) for each in error.errors)
    return problem_response(Refused(422, "invalid", *wrong))


def _database(request: HttpRequest, error: Any) -> HttpResponse:
    again = {"Retry-After": str(LONGEST_WAIT_SECONDS)}
    if is_contention(error):
        logger.warning("%s: the database is busy", request.path, exc_info=error)
        return problem_response(Refused(503, "busy", headers=again))
    if not isinstance(error, OperationalError | InterfaceError):
        return _failed(request, error)
    logger.error("%s: the database failed", request.path, exc_info=error)
    return problem_response(Refused(503, "unavailable", headers=again))


def _failed(request: HttpRequest, error: Any) -> HttpResponse:
    logger.error("%s: failed", request.path, exc_info=error)
    return problem_response(Refused(500, "server-error"))
