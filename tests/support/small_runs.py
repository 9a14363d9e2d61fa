"""Small runs of pytest in processes of their own, to try what our plugins promise.

They see none of our settings and load no plugin but xdist and those they name: starting with all
that is installed takes longer than what they try.
"""

import os
import re
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
DECIDED = re.compile("DATABASE_URL|DJANGO_|PYTEST_|COV_|LONG_FORMS")
"""What was decided for the run that starts a small one."""


def command(*plugins: str) -> list[str]:
    """Starts pytest with these plugins, by module."""
    named = [f"-p{plugin}" for plugin in ("xdist", *plugins)]
    return [sys.executable, "-m", "pytest", "-pno:cacheprovider", *named]


def environment() -> dict[str, str]:
    """This process's environment without what was decided for this process's run."""
    kept = {name: os.environ[name] for name in os.environ if not DECIDED.match(name)}
    own = {"PYTHONPATH": str(PROJECT), "COLUMNS": "200", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return kept | own
