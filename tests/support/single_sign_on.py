"""A provider of single sign-on on this machine, and the settings that lead to it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from oidc_provider_mock import User, run_server_in_thread

from config.single_sign_on import as_apps, providers

CORP = {
    "id": "corp",
    "name": "Corp",
    "client_id": "countermand",
    "client_secret": "between-us",
    "groups": {"om-agents": "Agent", "om-managers": "Operations Manager"},
    "staff_groups": ["Operations Manager"],
}


@contextmanager
def provider_of(**groups_of: list[str]) -> Iterator[str]:
    """A provider that knows people by name, each with the groups it claims; gives its address.

    Somebody called late signed in there long ago, whatever it is asked.
    """
    people = [_person(name, groups) for name, groups in groups_of.items()]
    with run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


def use(settings, issuer: str, **options) -> None:
    """Have the settings of a test name the provider."""

    known = providers(json.dumps([CORP | {"issuer": issuer} | options]))
    settings.OIDC_PROVIDERS = known
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": as_apps(known), "OAUTH_PKCE_ENABLED": True}
    }


def _person(name: str, groups: list[str]) -> User:
    told = {"preferred_username": name, "email": f"{name}@example.com", "groups": groups}
    if name == "late":
        told["auth_time"] = 1_000_000_000
    return User(sub=f"sub-{name}", claims=told)
