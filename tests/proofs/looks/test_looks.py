"""The small form of the walk over all pages and states: ``make proofs PROOFS=looks`` is whole."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.proofs.looks.valid_html import what_is_wanting

PROJECT = Path(__file__).parents[3]
FEW = "test_review_and_finish"
MORE = f"{FEW} or test_cancel_all or test_records_of_what_changed"
FIRST = ("widths", "axe", "policy")
QUESTIONS = (*FIRST, "focus", "spacing", "borders", "forced_colors", "motion")


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.axe
@pytest.mark.parametrize(
    ("only", "fewest", "questions"),
    [(FEW, 3, FIRST), pytest.param(MORE, 8, QUESTIONS, marks=pytest.mark.long)],
)
def test_pages_agents_see_most_are_as_they_should_be(only, fewest, questions):
    html = () if what_is_wanting() else ("html",)
    walk = ("-m", "tests.proofs.looks", *html, *questions, "--only", only, "--of-a-kind", "1")

    walked = subprocess.run(
        [sys.executable, *walk],
        cwd=PROJECT, env=_own_environment(), capture_output=True, text=True,
    )  # fmt: skip

    assert walked.returncode == 0, walked.stdout + walked.stderr
    assert int(walked.stdout.split()[0]) >= fewest


def _own_environment():
    """Without what this run's pytest says to its workers: that run has a database of its own."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ours.pop("DATABASE_URL", None)
    return ours | {"DEBUG": "1"}
