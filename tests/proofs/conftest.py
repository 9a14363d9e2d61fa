from pathlib import Path

import pytest

PROOFS = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """What proves something at length is slow, each of it."""
    for item in items:
        if item.path.is_relative_to(PROOFS):
            item.add_marker(pytest.mark.slow)
