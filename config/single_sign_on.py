"""Providers of single sign-on, as ``OIDC_PROVIDERS`` in the environment names them."""

import json
from typing import Any

from environs import ValidationError

_NEEDED = {"id": str, "name": str, "issuer": str, "client_id": str}
_DEFAULTS: dict[str, Any] = {
    "client_secret": "",
    "groups_claim": "groups",
    "groups": {},
    "staff_groups": [],
    "links_by_username": False,
    "second_factor": True,
    "scope": ["openid", "profile", "email"],
}


def providers(text: str) -> list[dict[str, Any]]:
    """A list of providers, as JSON; what one leaves out has its default.

    Raises:
        ValidationError: It is no such list, or a provider lacks something.
    """
    try:
        listed = json.loads(text) if text else []
    except ValueError as error:
        raise ValidationError("OIDC_PROVIDERS: not JSON") from error
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise ValidationError("OIDC_PROVIDERS: not a list of objects")
    return [_checked(each) for each in listed]


def _checked(provider: dict[str, Any]) -> dict[str, Any]:
    for name, kind in _NEEDED.items():
        if not isinstance(provider.get(name), kind) or not provider[name]:
            raise ValidationError(f"OIDC_PROVIDERS: a provider has no {name}")
    if unknown := provider.keys() - _NEEDED.keys() - _DEFAULTS.keys():
        raise ValidationError(f"OIDC_PROVIDERS: {', '.join(sorted(unknown))} is unknown")
    for name, default in _DEFAULTS.items():
        if name in provider and not isinstance(provider[name], type(default)):
            raise ValidationError(f"OIDC_PROVIDERS: {name} is not as it should be")
    if not provider["id"].replace("-", "").isalnum() or not provider["id"].isascii():
        raise ValidationError("OIDC_PROVIDERS: an id is of letters, digits and hyphens")
    return _DEFAULTS | provider


def as_apps(known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same, as allauth's provider of OpenID Connect takes them."""
    return [
        {
            "provider_id": each["id"],
            "name": each["name"],
            "client_id": each["client_id"],
            "secret": each["client_secret"],
            "settings": {"server_url": each["issuer"].rstrip("/"), "scope": each["scope"]},
        }
        for each in known
    ]
