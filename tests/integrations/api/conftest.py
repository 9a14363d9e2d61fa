import json

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from integrations.api.tokens import make_token
from integrations.models import Scope
from tests.support.builders import UserFactory


class Caller:
    """Asks as another system would: JSON, with a token."""

    def __init__(self, user, scopes=tuple(Scope), **headers):
        self.made = make_token(name="shop", user=user, scopes=set(scopes), by=user)
        self.headers = {"Authorization": f"Bearer {self.made.text}", **headers}
        self.client = Client(raise_request_exception=False)

    def __call__(self, method, path, body=None, **headers):
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method,
            f"/api/v1{path}",
            "" if body is None else data,
            content_type="application/json",
            headers={**self.headers, **named},
        )


@pytest.fixture
def caller_of(db):
    return Caller


@pytest.fixture
def integrator(db):
    """A manager who may import and report as well."""
    user = UserFactory(manager=True)
    rights = ("import_orders", "report_fulfillment")
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return user


@pytest.fixture
def call(integrator):
    return Caller(integrator)
