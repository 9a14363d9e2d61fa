"""What people do about endpoints and deliveries."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from cancellations.connections import connection_changed
from cancellations.selection import NotAllowed
from integrations.events.deliveries import disable
from integrations.events.secrets import encrypted, new_secret
from integrations.events.sending import NO_ADDRESS, AddressRefused, check_address
from integrations.events.types import TYPES
from integrations.models import RIGHT_TO_MANAGE, Delivery, Endpoint, PublishedEvent
from integrations.models.endpoints import LONGEST_ADDRESS
from orders.arithmetic.words import gettext_noop

OLD_SECRET_SIGNS_FOR = timedelta(hours=24)
REPLAYED_AT_ONCE = 1000

MANAGING_NEEDS = gettext_noop(
    "Managing webhooks needs a right of its own; your operations manager has it."
)

Status = Delivery.Status


class UnknownEndpoint(Exception):
    """There is no such endpoint, or no such delivery to it."""


class UnknownTypes(Exception):
    """Types of events that there are not; nothing was written."""

    def __init__(self, types: Collection[str]) -> None:
        super().__init__(", ".join(sorted(types)))
        self.types = sorted(types)


def check_may_manage(by: User) -> None:
    """Raises NotAllowed for who has no right to manage webhooks."""
    if not by.has_perm(RIGHT_TO_MANAGE):
        raise NotAllowed(MANAGING_NEEDS)


@transaction.atomic
def create_endpoint(
    *, address: str, description: str = "", types: Collection[str] = (), by: User
) -> tuple[Endpoint, str]:
    """Make an endpoint, which is told of what is published from now on.

    Returns:
        The endpoint, and its secret: it is shown this once.

    Raises:
        NotAllowed: ``by`` may not manage webhooks.
        AddressRefused, UnknownTypes: As they say.
    """
    check_may_manage(by)
    secret = new_secret()
    endpoint = Endpoint.objects.create(
        address=_checked_address(address),
        description=description,
        types=_checked_types(types),
        secret=encrypted(secret),
        created_by=by,
    )
    _tell(endpoint, "added", by)
    return endpoint, secret


@transaction.atomic
def change_endpoint(
    *,
    endpoint: int,
    address: str | None = None,
    description: str | None = None,
    types: Collection[str] | None = None,
    enabled: bool | None = None,
    by: User,
) -> Endpoint:
    """Change what is given of an endpoint, disable it, or enable it again.

    Enabled again it gets what waited for it, and what had failed for the last time; what was
    published meanwhile it gets by a replay.

    Raises:
        NotAllowed, UnknownEndpoint, AddressRefused, UnknownTypes: As they say.
    """
    found = _locked(endpoint, by)
    if address is not None:
        found.address = _checked_address(address)
    if description is not None:
        found.description = description
    if types is not None:
        found.types = _checked_types(types)
    found.save(update_fields=["address", "description", "types"])
    if enabled is not None and enabled != found.is_enabled:
        _turn(found, enabled)
    _tell(found, "changed", by, enabled=found.is_enabled)
    return found


def _turn(endpoint: Endpoint, enabled: bool) -> None:
    if not enabled:
        disable(endpoint.pk, Endpoint.Disabled.BY_PERSON, now=timezone.now())
    else:
        endpoint.disabled_at, endpoint.disabled_why = None, ""
        endpoint.is_struggling = False
        endpoint.save(update_fields=["disabled_at", "disabled_why", "is_struggling"])
        unsent = endpoint.deliveries.exclude(status=Status.DELIVERED)
        _send_again(unsent.filter(event__isnull=False))
    endpoint.refresh_from_db()


@transaction.atomic
def delete_endpoint(*, endpoint: int, by: User) -> None:
    """Delete an endpoint with its deliveries; the events stay in the feed.

    Raises:
        NotAllowed, UnknownEndpoint: As they say.
    """
    found = _locked(endpoint, by)
    _tell(found, "deleted", by)
    found.delete()


@transaction.atomic
def rotate_secret(*, endpoint: int, by: User) -> tuple[Endpoint, str]:
    """Give an endpoint a new secret; for a day the one before signs, too.

    Returns:
        The endpoint, and the new secret: it is shown this once.

    Raises:
        NotAllowed, UnknownEndpoint: As they say.
    """
    found = _locked(endpoint, by)
    secret = new_secret()
    found.old_secret = found.secret
    found.old_secret_until = timezone.now() + OLD_SECRET_SIGNS_FOR
    found.secret = encrypted(secret)
    found.save(update_fields=["secret", "old_secret", "old_secret_until"])
    _tell(found, "rotated", by)
    return found, secret


@transaction.atomic
def test_endpoint(*, endpoint: int, by: User) -> Delivery:
    """Have an event of type ``endpoint.test`` sent, once, whatever comes of it.

    Raises:
        NotAllowed, UnknownEndpoint: As they say.
    """
    found = _locked(endpoint, by)
    _tell(found, "tested", by)
    return Delivery.objects.create(endpoint=found, due_at=timezone.now())


@transaction.atomic
def resend_delivery(*, endpoint: int, delivery: int, by: User) -> Delivery:
    """Have a delivery sent again, under the id that it had, with all its tries before it.

    Raises:
        NotAllowed, UnknownEndpoint: As they say.
    """
    found = _locked(endpoint, by)
    if not _send_again(found.deliveries.filter(pk=delivery)):
        raise UnknownEndpoint
    _tell(found, "resent", by, deliveries=1)
    return found.deliveries.get(pk=delivery)


@transaction.atomic
def replay_since(*, endpoint: int, since: datetime, by: User) -> int:
    """Have all that was published since then delivered (again); gives how many events.

    Raises:
        NotAllowed, UnknownEndpoint: As they say.
    """
    found = _locked(endpoint, by)
    events = PublishedEvent.objects.filter(published_at__gte=since).order_by("sequence")
    if found.types:
        events = events.filter(type__in=found.types)
    count, after = 0, 0
    while some := list(events.filter(sequence__gt=after)[:REPLAYED_AT_ONCE]):
        after = some[-1].sequence
        count += len(some)
        _replay(found, some)
    _tell(found, "replayed", by, deliveries=count)
    return count


def _replay(endpoint: Endpoint, events: Collection[PublishedEvent]) -> None:
    _send_again(endpoint.deliveries.filter(event__in=events))
    now = timezone.now()
    missing = [
        Delivery(endpoint=endpoint, event=event, order_id=event.order_id, due_at=now)
        for event in events
    ]
    Delivery.objects.bulk_create(missing, ignore_conflicts=True)


def _send_again(deliveries: Any) -> int:
    """Put deliveries in the queue with all their tries; what is claimed is claimed anew."""
    count: int = deliveries.update(
        status=Status.WAITING, due_at=timezone.now(), lease=None, tries=0
    )
    return count


def _locked(endpoint: int, by: User) -> Endpoint:
    check_may_manage(by)
    found = Endpoint.objects.select_for_update().filter(pk=endpoint).first()
    if found is None:
        raise UnknownEndpoint
    return found


def _checked_address(address: str) -> str:
    address = address.strip()
    if len(address) > LONGEST_ADDRESS:
        raise AddressRefused(NO_ADDRESS)
    check_address(address)
    return address


def _checked_types(types: Collection[str]) -> list[str]:
    if unknown := set(types) - set(TYPES):
        raise UnknownTypes(unknown)
    return [type for type in TYPES if type in types]


def _tell(endpoint: Endpoint, act: str, by: User, **facts: Any) -> None:
    connection_changed.send(Endpoint, about=f"webhook {endpoint.pk}", act=act, by=by, facts=facts)
