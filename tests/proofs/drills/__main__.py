"""Practice what docs/operations.md says of bad days.

    python -m tests.proofs.drills [NAME …]

They take place on a private PostgreSQL server, one after the other; where they cannot run they
say what they need. Exit status 1 when something did not hold.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from shutil import which

import django


def main():
    os.environ.setdefault("DEBUG", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from tests.proofs.drills import outages, restoring
    from tests.proofs.drills.stage import prepared

    drills = {
        "restore": restoring.restore,
        "frozen": outages.frozen,
        "gone": outages.gone,
        "disk_full": outages.disk_full,
        "two_migrates": outages.two_migrates,
    }
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.drills")
    parser.add_argument("names", nargs="*", choices=[*drills, []], metavar="NAME")
    names = parser.parse_args().names or list(drills)
    if lacking := needs():
        print(f"The drills did not run: they need {lacking}.")
        return 0
    with tempfile.TemporaryDirectory() as folder, prepared(Path(folder)) as stage:
        held = [practice(name, drills[name], stage) for name in names]
    return int(not all(held))


def needs():
    """What is missing on this machine; nothing, where the drills can run."""
    from tests.support.postgres import find_programs

    programs = find_programs()
    if programs is None:
        return "PostgreSQL: apt-get install postgresql"
    if not (programs / "pg_dump").exists():
        return "pg_dump: apt-get install postgresql-client"
    return "" if which("ps") else "ps: apt-get install procps"


def practice(name, drill, stage):
    from tests.proofs.drills.stage import Held

    with tempfile.TemporaryDirectory() as folder:
        try:
            said = drill(stage, Path(folder))
        except Held as failure:
            print(f"{name:<13} FAILED  {failure}", flush=True)
            return False
    print(f"{name:<13} holds   {said}", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
