"""Every drill, on a private PostgreSQL."""

import pytest

from tests.proofs.drills import outages, restoring
from tests.proofs.drills.__main__ import needs

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]


@pytest.mark.parametrize(
    "drill",
    [
        restoring.restore,
        outages.frozen,
        outages.gone,
        outages.disk_full,
        outages.two_migrates,
    ],
    ids=lambda drill: drill.__name__,
)
def test_it_holds(drill, tmp_path):
    if lacking := needs():
        pytest.skip(f"needs {lacking}")

    assert drill(tmp_path)
