"""Tokens: made, found again by their secret, and counted."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from cancellations.connections import connection_changed
from integrations.models import ApiToken, Scope

SECRET_BYTES = 32
_SPELLED = re.compile(r"cmt_([0-9a-f]{12})_([A-Za-z0-9_-]{43})", re.ASCII)


class NoToken(Exception):
    """Nobody is known by what came: nothing, or no usable token."""


class TooManyRequests(Exception):
    """The token asked as often as it may within a minute.

    Attributes:
        seconds: After which it may ask again.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(f"ask again in {seconds} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was made, and the text that is shown this once."""

    token: ApiToken
    text: str


@transaction.atomic
def make_token(
    *,
    name: str,
    user: User,
    scopes: Collection[Scope],
    expires_at: datetime | None = None,
    by: User,
) -> NewToken:
    """Make a token that acts as ``user``, for ``scopes`` alone."""
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(SECRET_BYTES)
    token = ApiToken.objects.create(
        name=name,
        prefix=prefix,
        digest=_digest(secret),
        user=user,
        scopes=sorted(scopes),
        expires_at=expires_at,
    )
    _tell(token, "created", by, acts_as=user.get_username(), scopes=token.scopes)
    return NewToken(token, f"cmt_{prefix}_{secret}")


@transaction.atomic
def revoke(token: ApiToken, *, by: User) -> None:
    """It opens nothing any more; revoked again, it stays revoked when it was."""
    unrevoked = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
    if unrevoked.update(revoked_at=timezone.now()):
        _tell(token, "revoked", by)


def token_of(authorization: str) -> ApiToken:
    """The token that an ``Authorization`` header shows, its user with it; it is counted.

    Raises:
        NoToken: There is none, or it is revoked, has run out, or its user may not sign in.
        TooManyRequests: It asked too often.
    """
    scheme, _, text = authorization.partition(" ")
    spelled = _SPELLED.fullmatch(text.strip())
    if scheme.lower() != "bearer" or spelled is None:
        raise NoToken
    now = timezone.now()
    usable = ApiToken.objects.usable(now).select_related("user")
    token = usable.filter(prefix=spelled[1]).first()
    if token is None or not hmac.compare_digest(token.digest, _digest(spelled[2])):
        raise NoToken
    _count(token, now)
    return token


def _count(token: ApiToken, now: datetime) -> None:
    """One request more of this minute; one statement, so that no two are counted as one."""
    seconds = int(now.timestamp())
    minute = seconds // 60
    here = ApiToken.objects.filter(pk=token.pk)
    is_same = When(minute=minute, then=F("asked") + 1)
    fewer = here.exclude(minute=minute, asked__gte=settings.API_REQUESTS_A_MINUTE)
    if not fewer.update(asked=Case(is_same, default=Value(1)), minute=minute, last_used_at=now):
        raise TooManyRequests(60 - seconds % 60)


def _tell(token: ApiToken, act: str, by: User, **facts: Any) -> None:
    about = f"token {token.prefix}"
    connection_changed.send(ApiToken, about=about, act=act, by=by, facts=facts)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
