from pathlib import Path

import pytest
from django.db import connections

from tests.proofs.looks import gallery

PROOFS = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """What proves something at length is slow, each of it."""
    for item in items:
        if item.path.is_relative_to(PROOFS):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def room():
    """One browser for whatever a worker tries in it: there cannot be two in a process.

    Beside it there is an event loop, under which Django keeps other connections than before it
    and than processes begun from here: none of those may stay open, or two would share one.
    """
    connections.close_all()
    with gallery.chromium() as room:
        yield room


@pytest.fixture(scope="session")
def chromium(room):
    return room.browser
