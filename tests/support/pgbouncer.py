"""PgBouncer, which some tests put between the application and PostgreSQL."""

import shutil
from pathlib import Path

FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin")


def find_pgbouncer() -> Path | None:
    """The program, which Debian puts where only root's PATH leads."""
    found = shutil.which("pgbouncer") or next(
        (f"{folder}/pgbouncer" for folder in FOLDERS if Path(folder, "pgbouncer").exists()), None
    )
    return Path(found) if found else None
