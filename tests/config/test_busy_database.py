"""A database that others keep from being written to never shows itself as an error."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BUSY = "Someone else is changing this order; nothing was canceled. Try again."


@pytest.mark.slow
def test_a_locked_sqlite_is_a_page_that_says_so_and_answers_are_kept():
    visited = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.support.locked_sqlite"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(visited.stdout) == {
        "sign in, locked": [503, [], []],
        "sign in": [302, [""], []],
        "open, locked": [503, [], []],
        "open": [302, ["select"], []],
        "select, locked": [503, [], []],
        "select": [302, ["details"], []],
        "details, locked": [503, [], []],
        "details": [302, ["review"], []],
        "submit, locked": [302, ["review"], [BUSY]],
        "submit": [302, ["finish"], []],
        "finish, locked": [200, [], []],
        "finish": [200, [], []],
        "a session that no longer holds, locked": [503, [], []],
    }
