import pytest

from tests.support.builders import UserFactory


@pytest.fixture
def boss():
    """An operations manager who may enter the admin."""
    return UserFactory(username="boss", manager=True, is_staff=True)


@pytest.fixture
def manage(client, boss):
    """The client of that manager."""
    client.force_login(boss)
    return client
