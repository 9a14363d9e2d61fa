"""Secrets of endpoints: made, and kept so that whoever reads the database reads none of them."""

import base64
import hashlib
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

_PREFIX = "whsec_"
_PURPOSE = b"integrations.endpoint.secret.v1"


class Unreadable(Exception):
    """A secret was encrypted under a key that is not known any more: rotate it."""


def new_secret() -> str:
    """A new secret, as Standard Webhooks spell it."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def encrypted(secret: str) -> str:
    return _keys().encrypt(secret.encode()).decode()


def decrypted(stored: str) -> str:
    """A secret as it was made.

    Raises:
        Unreadable: ``SECRET_KEY`` was changed, and the one before is no fallback.
    """
    try:
        return _keys().decrypt(stored.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _keys() -> MultiFernet:
    """By the key of the site and those that it had before; the first encrypts."""
    known = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derived(key)) for key in known])


def _derived(key: str) -> bytes:
    return base64.urlsafe_b64encode(
        hashlib.blake2b(key.encode(), key=_PURPOSE, digest_size=32).digest()
    )
