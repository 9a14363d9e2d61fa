"""Are the long forms left to ``make proofs``, and does the run say so?"""

import subprocess

import pytest

from tests.proofs.__main__ import PROOFS, Proof
from tests.support.small_runs import command
from tests.support.small_runs import environment as own_environment

SAMPLE = """
import pytest

pytestmark = pytest.mark.slow

def test_short():
    pass

@pytest.mark.long
@pytest.mark.parametrize("width", [400, 1280])
def test_long(width):
    pass
"""
LEFT = "2 tests are left to make proofs."


@pytest.fixture
def run(tmp_path):
    (tmp_path / "test_sample.py").write_text(SAMPLE)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n long")

    def run(*options, **environment):
        ended = subprocess.run(
            [*command("tests.support.long_forms"), *options],
            cwd=tmp_path, env=own_environment() | environment, capture_output=True, text=True,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    return run


@pytest.mark.parametrize("workers", ["0", "1"])
def test_the_long_form_is_left_out_and_the_run_says_so(run, workers):
    said = run("-n", workers)

    assert "1 passed" in said
    assert LEFT in said.splitlines()


def test_the_long_form_runs_where_it_is_asked_for(run):
    said = run("-n", "0", LONG_FORMS="1")

    assert "3 passed" in said
    assert "left to make proofs" not in said


def test_make_proofs_runs_whatever_is_long(tmp_path):
    code = "import os; print(os.environ['LONG_FORMS'])"

    assert PROOFS["long"].arguments[-3:] == ("-m", "long", "tests/")
    assert Proof(("-c", code)).run(tmp_path / "log") == 0
    assert (tmp_path / "log").read_text() == "1\n"
