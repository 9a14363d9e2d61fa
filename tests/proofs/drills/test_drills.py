"""Every drill, one after the other on a private PostgreSQL."""

import pytest

from tests.proofs.drills import outages, restoring
from tests.proofs.drills.__main__ import needs
from tests.proofs.drills.stage import prepared

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    if lacking := needs():
        pytest.skip(f"needs {lacking}")
    with prepared(tmp_path_factory.mktemp("drills")) as stage:
        yield stage


@pytest.mark.parametrize(
    "drill",
    [
        pytest.param(restoring.restore, marks=pytest.mark.long),
        pytest.param(outages.frozen, marks=pytest.mark.long),
        pytest.param(outages.gone, marks=pytest.mark.long),
        outages.disk_full,
        pytest.param(outages.two_migrates, marks=pytest.mark.long),
    ],
    ids=lambda drill: drill.__name__,
)
def test_it_holds(drill, stage, tmp_path):
    assert drill(stage, tmp_path)
