"""The small form of the walk over all pages and states: ``make proofs PROOFS=looks`` is whole."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.proofs.looks.valid_html import what_is_wanting

PROJECT = Path(__file__).parents[3]
ONLY = "test_review_and_finish or test_cancel_all or test_records_of_what_changed"
QUESTIONS = ("widths", "axe", "policy", "focus", "spacing", "borders", "forced_colors", "motion")


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.axe
def test_pages_agents_see_most_are_as_they_should_be():
    html = () if what_is_wanting() else ("html",)
    walk = ("-m", "tests.proofs.looks", *html, *QUESTIONS, "--only", ONLY, "--of-a-kind", "1")

    walked = subprocess.run(
        [sys.executable, *walk],
        cwd=PROJECT, env=os.environ | {"DEBUG": "1"}, capture_output=True, text=True,
    )  # fmt: skip

    assert walked.returncode == 0, walked.stdout + walked.stderr
    assert int(walked.stdout.split()[0]) >= 8
