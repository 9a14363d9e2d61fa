"""Commands end with one line when what they stand on fails, and leave a traceback for faults."""

import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line
from django.db import Error, ProgrammingError
from psycopg.errors import InsufficientPrivilege

OUT_OF_ORDER = 3
"""Exit status when the database or a disk failed: the same command may succeed later."""


def run(arguments: Sequence[str]) -> int:
    """Run a management command; gives the exit status, unless it ends by itself."""
    try:
        execute_from_command_line(list(arguments))
        sys.stdout.flush()
    except Exception as error:
        trouble, status = trouble_of(error)
        if not trouble:
            raise
        _say(f"{arguments[1]}: {trouble}")
        return status
    return 0


def trouble_of(error: Exception) -> tuple[str, int]:
    """In one line, what is out of order, and the exit status; empty for a fault of ours."""
    # They need the apps, which are loaded by whatever command got this far.
    from cancellations.seeds import SystemUserMissing
    from config.away import is_away
    from orders.documents.jsonlines import DISK_FAILED

    if isinstance(error, SystemUserMissing):
        return error.message, 1
    if isinstance(error, Error) and is_away(error):
        return f"the database failed: {_first_line(error)}", OUT_OF_ORDER
    if isinstance(error, ProgrammingError) and isinstance(error.__cause__, InsufficientPrivilege):
        return f"the database's role may not do this: {_first_line(error)}", 1
    if isinstance(error, OSError) and error.errno in DISK_FAILED:
        return f"the disk failed: {error.strerror}", OUT_OF_ORDER
    return "", 0


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _say(line: str) -> None:
    """What is still to be written to a full disk must not speak again at the end."""
    print(line, file=sys.stderr)
    try:
        sys.stdout.close()
    except OSError:
        sys.stdout = None
