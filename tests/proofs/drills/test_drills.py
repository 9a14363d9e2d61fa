"""Every drill, one after the other on a private PostgreSQL; a full disk on that of the tests."""

import os

import pytest

from tests.proofs.drills import outages, restoring
from tests.proofs.drills.__main__ import needs
from tests.proofs.drills.stage import lent, prepared
from tests.support.database import OF_THIS_RUN

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    if lacking := needs():
        pytest.skip(f"needs {lacking}")
    with prepared(tmp_path_factory.mktemp("drills")) as stage:
        yield stage


@pytest.mark.long
@pytest.mark.parametrize(
    "drill",
    [restoring.restore, outages.frozen, outages.gone, outages.two_migrates],
    ids=lambda drill: drill.__name__,
)
def test_it_holds(drill, stage, tmp_path):
    assert drill(stage, tmp_path)


def test_a_full_disk_is_told_and_outlived(tmp_path):
    if lacking := needs():
        pytest.skip(f"needs {lacking}")
    with (lent if OF_THIS_RUN in os.environ else prepared)(tmp_path) as stage:
        assert outages.disk_full(stage, tmp_path)
