"""The hostile test at length, with its figures: ``python -m tests.proofs.hostile``.

Role × URL × method over every address in the resolver, POSTs without their token, ways to
elsewhere, and requests that no browser sends; then the load at the door.
"""

import os
import subprocess
import sys

from tests.benchmarks.measuring import PROJECT

TESTS = (
    "-m",
    "pytest",
    "-q",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:logging",
    "tests/proofs/hostile/test_hostile.py",
)


def main() -> int:
    environment = {"DEBUG": "1", "HOSTILE_REQUESTS": "2500"} | os.environ
    programs = (TESTS, ("-m", "tests.proofs.hostile.door_load"))
    ended = [
        subprocess.run([sys.executable, *program], cwd=PROJECT, env=environment).returncode
        for program in programs
    ]
    return int(any(ended))


if __name__ == "__main__":
    sys.exit(main())
