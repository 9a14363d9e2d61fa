"""What an answer takes the process that gives it, told in a header of the answer."""

from collections.abc import Callable
from time import thread_time
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tests.benchmarks.measuring import COST
from tests.support.statements import FRAMING


class CostMiddleware:
    """Stands before all others: milliseconds that its thread computed, and statements sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        sent = 0

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal sent
            sent += not FRAMING.match(sql)
            return execute(sql, params, many, context)

        since = thread_time()
        with connection.execute_wrapper(count):
            response = self.get_response(request)
        response.headers[COST] = f"{1000 * (thread_time() - since):.2f} {sent}"
        return response
