"""What people do about endpoints; ``again.py`` has what they do about deliveries."""

from collections.abc import Collection
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from integrations.events.again import send_again
from integrations.events.managing import check_may_manage, locked_endpoint, tell
from integrations.events.recording import disable
from integrations.events.secrets import encrypted, new_secret
from integrations.events.sending import NO_ADDRESS, AddressRefused, check_address
from integrations.events.types import TYPES, told_to, visible_types
from integrations.models import Delivery, Endpoint
from integrations.models.endpoints import LONGEST_ADDRESS

OLD_SECRET_SIGNS_FOR = timedelta(hours=24)

Status = Delivery.Status


class UnknownTypes(Exception):
    """Types of events that there are not, or that ``by`` may not see; nothing was written."""

    def __init__(self, types: Collection[str]) -> None:
        super().__init__(", ".join(sorted(types)))
        self.types = sorted(types)


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
        types=_checked_types(types, by),
        secret=encrypted(secret),
        kept_by=by,
    )
    tell(endpoint, "added", by)
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

    Who gives it an address or types keeps it from then on.
    Enabled again it gets what waited for it, and what had failed for the last time; what was
    published meanwhile it gets by a replay.

    Raises:
        NotAllowed, UnknownEndpoint, AddressRefused, UnknownTypes: As they say.
    """
    found = locked_endpoint(endpoint, by=by)
    if address is not None:
        found.address = _checked_address(address)
    if description is not None:
        found.description = description
    if types is not None:
        found.types = _checked_types(types, by)
    found.save(update_fields=["address", "description", "types"])
    if address is not None or types is not None:
        _keep(found, by)
    if enabled is not None and enabled != found.is_enabled:
        _turn(found, enabled)
    tell(found, "changed", by, enabled=found.is_enabled)
    return found


def _keep(endpoint: Endpoint, by: User) -> None:
    """Whoever says where it is told, and of what, keeps it: it hears nothing that they may not see.

    What waited for it of other types, for who kept it before, is not sent any more.
    """
    if endpoint.kept_by_id == by.pk:
        return
    _checked_types(endpoint.types, by)
    endpoint.kept_by = by
    endpoint.save(update_fields=["kept_by"])
    unsent = endpoint.deliveries.filter(event__isnull=False).exclude(status=Status.DELIVERED)
    unsent.exclude(event__type__in=told_to(endpoint)).delete()


def _turn(endpoint: Endpoint, enabled: bool) -> None:
    if not enabled:
        disable(endpoint.pk, Endpoint.Disabled.BY_PERSON, now=timezone.now())
    else:
        endpoint.disabled_at, endpoint.disabled_why = None, ""
        endpoint.is_struggling = False
        endpoint.due_at = endpoint.lease = None
        moved = ["disabled_at", "disabled_why", "is_struggling", "due_at", "lease"]
        endpoint.save(update_fields=moved)
        unsent = endpoint.deliveries.exclude(status=Status.DELIVERED)
        send_again(endpoint, unsent.filter(event__isnull=False))
    endpoint.refresh_from_db()


@transaction.atomic
def delete_endpoint(*, endpoint: int, by: User) -> None:
    """Delete an endpoint with its deliveries; the events stay in the feed.

    Raises:
        NotAllowed, UnknownEndpoint: As they say.
    """
    found = locked_endpoint(endpoint, by=by)
    tell(found, "deleted", by)
    found.delete()


@transaction.atomic
def rotate_secret(*, endpoint: int, by: User) -> tuple[Endpoint, str]:
    """Give an endpoint a new secret; for a day the one before signs, too.

    Returns:
        The endpoint, and the new secret: it is shown this once.

    Raises:
        NotAllowed, UnknownEndpoint: As they say.
    """
    found = locked_endpoint(endpoint, by=by)
    secret = new_secret()
    found.old_secret = found.secret
    found.old_secret_until = timezone.now() + OLD_SECRET_SIGNS_FOR
    found.secret = encrypted(secret)
    found.save(update_fields=["secret", "old_secret", "old_secret_until"])
    tell(found, "rotated", by)
    return found, secret


@transaction.atomic
def test_endpoint(*, endpoint: int, by: User) -> Delivery:
    """Have an event of type ``endpoint.test`` sent, once, whatever comes of it.

    Raises:
        NotAllowed, UnknownEndpoint: As they say.
    """
    found = locked_endpoint(endpoint, by=by)
    tell(found, "tested", by)
    return Delivery.objects.create(endpoint=found, due_at=timezone.now())


def _checked_address(address: str) -> str:
    address = address.strip()
    if len(address) > LONGEST_ADDRESS:
        raise AddressRefused(NO_ADDRESS)
    check_address(address)
    return address


def _checked_types(types: Collection[str], by: User) -> list[str]:
    if hidden := set(types) - set(visible_types(by)):  # guard: endpoints hear what people see
        raise UnknownTypes(hidden)
    return [type for type in TYPES if type in types]
