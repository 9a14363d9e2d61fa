"""Who opened which customer's records, where a setting asks for it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from cancellations.models.numbers import number_of
from console.audit.recording import record
from console.models import AuditKind

KEYS = ("order_number", "number", "pk", "object_id")
"""What names a record in an address, the one that says most first."""

OF_NO_CUSTOMER = (
    "integrations:edit_endpoint",
    "integrations:endpoint",
    "lost_second_factor",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "admin:auth_group_",
    "admin:auth_user_",
    "admin:cancellations_bundlepolicy_",
    "admin:integrations_apitoken_",
    "admin:cancellations_cancellationreason_",
)
"""Addresses with such a key, or how they begin, that show employees or settings of the shop.

Every other address with a key counts as a customer's record, so that a new one is not missed.
"""


class OpeningMiddleware:
    """Writes down each page of a customer's record that was shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.AUDIT_WHO_OPENS and request.method != "HEAD" and response.status_code == 200:
            _note(request)
        return response


def named_record(match: ResolverMatch) -> str | None:
    """The number or key of the customer's record that an address is about, if it is about one."""
    key = next((key for key in KEYS if key in match.kwargs), None)
    if key is None or match.view_name.startswith(OF_NO_CUSTOMER):
        return None
    if match.view_name in ("console:change_order_record", "console:undo"):
        return number_of(match.kwargs[key])
    return str(match.kwargs[key])


def _note(request: HttpRequest) -> None:
    match = request.resolver_match
    if match and (about := named_record(match)):
        record(AuditKind.OPENED, about=about, page=match.url_name or match.route)
