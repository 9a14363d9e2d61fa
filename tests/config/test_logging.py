"""What happened is in the server's log; a command's standard error holds its own words alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SAY = "import logging; logging.getLogger('cancellations.acts.change_orders').info('CO-1')"
SERVER = ("-c", f"import config.wsgi; {SAY}")
COMMAND = ("manage.py", "shell", "-v", "0", "-c", SAY)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "level", "is_said"),
    [(SERVER, None, True), (COMMAND, None, False), (COMMAND, "INFO", True)],
    ids=["server", "command", "command that is asked"],
)
def test_change_orders_are_logged_by_the_server_and_by_commands_when_asked(program, level, is_said):
    environment = {name: value for name, value in os.environ.items() if name != "LOG_LEVEL"}
    environment |= {"DEBUG": "1", **({"LOG_LEVEL": level} if level else {})}

    done = subprocess.run(
        [sys.executable, *program],
        cwd=Path(__file__).parents[2],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stderr.endswith("INFO cancellations.acts.change_orders CO-1\n") is is_said
    assert is_said or done.stderr == ""
