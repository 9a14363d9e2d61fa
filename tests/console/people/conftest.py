import pytest
from django.core.cache import cache
from django.test import Client

from tests.support.builders import UserFactory

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def _nobody_asked_before():
    """What is counted in a process's memory is counted for each test."""
    cache.clear()


@pytest.fixture
def lauren(db):
    """An agent who knows her password."""
    user = UserFactory(agent=True, username="lauren", email="lauren@example.com")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def sign_in():
    """Posts the sign-in; gives the answer."""

    def post(client, username="lauren", password=PASSWORD, **headers):
        fields = {"username": username, "password": password}
        return client.post("/sign-in/", fields, **headers)

    return post


@pytest.fixture
def signed_in(lauren, sign_in):
    """A browser in which Lauren is signed in."""
    client = Client()
    assert sign_in(client).status_code == 302
    return client
