from pathlib import Path

import pytest

from tests.proofs.looks import gallery

PROOFS = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """What proves something at length is slow, each of it."""
    for item in items:
        if item.path.is_relative_to(PROOFS):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def room():
    """One browser for whatever a worker tries in it: there cannot be two in a process."""
    with gallery.chromium() as room:
        yield room


@pytest.fixture(scope="session")
def chromium(room):
    return room.browser
