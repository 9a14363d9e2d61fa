"""Do the tests of arithmetic notice any change of it? mutmut changes every expression.

    python -m tests.proofs.mutants_of_arithmetic

It works in a copy (``mutants/``) and runs the tests that reach each mutant; they need no
database. Ends with 1 when a mutant survives that is not among the equivalent ones below, or
one of those is caught; ``mutmut browse`` shows them.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]

EQUIVALENT: dict[str, str] = {}
"""Mutants that no test can catch, by mutmut's name for them, with why."""


def main() -> int:
    """Make the mutants anew and try them; gives the exit status."""
    shutil.rmtree(PROJECT / "mutants", ignore_errors=True)
    _mutmut("run")
    results = re.findall(r"^\s*(\S+): (.+)$", _mutmut("results", "--all", "true"), re.MULTILINE)
    survivors = {name: ended for name, ended in results if ended not in {"killed", "timeout"}}
    for name in survivors.keys() - EQUIVALENT.keys():
        print(f"{name}: {survivors[name]}")
    print(f"{len(results)} mutants, {len(survivors)} survived, {len(EQUIVALENT)} are equivalent")
    return int(not results or survivors.keys() != EQUIVALENT.keys())


def _mutmut(*arguments: str) -> str:
    run = subprocess.run(
        [Path(sys.executable).with_name("mutmut"), *arguments],
        cwd=PROJECT,
        env=os.environ | {"DEBUG": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if run.returncode:
        sys.exit(run.stdout[-4000:])
    return run.stdout


if __name__ == "__main__":
    sys.exit(main())
