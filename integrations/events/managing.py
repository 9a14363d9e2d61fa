"""What every act on an endpoint begins and ends with: a right, a lock, and a word to the audit."""

from typing import Any

from django.contrib.auth.models import User

from cancellations.connections import connection_changed
from cancellations.selection import NotAllowed
from integrations.models import RIGHT_TO_MANAGE, Endpoint
from orders.arithmetic.words import gettext_noop

MANAGING_NEEDS = gettext_noop(
    "Managing webhooks needs a right of its own; your operations manager has it."
)


class UnknownEndpoint(Exception):
    """There is no such endpoint, or no such delivery to it."""


def check_may_manage(by: User) -> None:
    """Raises NotAllowed for who has no right to manage webhooks."""
    if not by.has_perm(RIGHT_TO_MANAGE):
        raise NotAllowed(MANAGING_NEEDS)


def locked_endpoint(pk: int, *, by: User) -> Endpoint:
    """An endpoint that nobody changes meanwhile; what is published goes on being queued for it.

    Raises:
        NotAllowed, UnknownEndpoint: As they say.
    """
    check_may_manage(by)
    endpoints = Endpoint.objects.select_related("kept_by")
    found = endpoints.select_for_update(no_key=True, of=("self",)).filter(pk=pk).first()
    if found is None:
        raise UnknownEndpoint
    return found


def tell(endpoint: Endpoint, act: str, by: User, **facts: Any) -> None:
    """Have an act on an endpoint written down."""
    connection_changed.send(Endpoint, about=f"webhook {endpoint.pk}", act=act, by=by, facts=facts)
