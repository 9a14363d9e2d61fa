"""Who opened which customer's records, where a setting asks for it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from cancellations.models.numbers import number_of
from console.audit.recording import record
from console.models import AuditKind

RECORDS = {
    "order_record": "order_number",
    "feed": "order_number",
    "account_record": "number",
    "change_order_record": "pk",
    "refund_record": "pk",
    "release_record": "pk",
    "exception_record": "pk",
}
"""Pages of one customer by their URL's name, and what of the URL names the record."""


class OpeningMiddleware:
    """Writes down each page of a customer's record that was shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.AUDIT_WHO_OPENS and request.method == "GET" and response.status_code == 200:
            _note(request)
        return response


def _note(request: HttpRequest) -> None:
    match = request.resolver_match
    if match is None or match.namespace != "console" or match.url_name not in RECORDS:
        return
    named = match.kwargs[RECORDS[match.url_name]]
    number = number_of(named) if match.url_name == "change_order_record" else str(named)
    record(AuditKind.OPENED, about=number, page=match.url_name)
