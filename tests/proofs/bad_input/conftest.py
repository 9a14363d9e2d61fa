import pytest

from tests.proofs.bad_input.stage import new_stage


@pytest.fixture
def stage(db, tmp_path, monkeypatch, run_command):
    """Where one row of the table is tried: commands find their files in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return new_stage(run_command)
