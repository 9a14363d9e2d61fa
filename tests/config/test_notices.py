"""E-mails to customers need an address that they come from."""

import os
import subprocess
import sys

import pytest

from tests.benchmarks.measuring import PROJECT

pytestmark = pytest.mark.slow  # each starts a process


@pytest.mark.parametrize(("sender", "status"), [("", 1), ("orders@example.com", 0)])
def test_notices_without_a_sender_stop_the_start(sender, status):
    asked = {"DEBUG": "1", "CUSTOMER_NOTICES": "1", "DEFAULT_FROM_EMAIL": sender}

    started = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=PROJECT,
        env=os.environ | asked,
        capture_output=True,
        text=True,
    )

    assert started.returncode == status
    assert ("DEFAULT_FROM_EMAIL is not set" in started.stderr) == bool(status)
    assert started.stderr.count("\n") == status
