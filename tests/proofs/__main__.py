"""The long forms of the proofs: ``make proofs PROOFS="fuzz mutants"``.

Those that one process does run side by side, one for each core, before those that take all cores.
A line each says how it ended. One that fails does not stop the others; the end of its output is
shown, and the exit status is 1 in the end. All that they print stands in ``.proofs/``. Tests that
are marked ``long`` run here alone. The sizes can be set from outside (see ``sizes.py``).
"""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

PROJECT = Path(__file__).parents[2]
LOGS = PROJECT / ".proofs"
TESTS = (
    "-m",
    "pytest",
    "-q",
    "-n",
    "auto",
    "--dist",
    "worksteal",
    "-p",
    "no:cacheprovider",
    "--refuse-skips",
)
SHOWN = 6000


@dataclass(frozen=True, slots=True)
class Proof:
    """A command of Python's.

    Attributes:
        sizes: Its own, unless the environment has others.
        one_process: Leaves the other cores to others.
    """

    arguments: tuple[str, ...]
    sizes: Mapping[str, int] = field(default_factory=dict)
    one_process: bool = False

    def run(self, log: Path) -> int:
        """What it prints goes to that file; gives the exit status."""
        sizes = {name: str(size) for name, size in self.sizes.items()}
        with log.open("w") as output:
            return subprocess.run(
                [sys.executable, *self.arguments],
                cwd=PROJECT,
                env={"DEBUG": "1", "LONG_FORMS": "1"} | sizes | os.environ,
                stdout=output,
                stderr=subprocess.STDOUT,
            ).returncode


def _tests(*paths: str, **sizes: int) -> Proof:
    return Proof((*TESTS, *(f"tests/{path}" for path in paths)), sizes)


def _alone(*arguments: str) -> Proof:
    return Proof(("-m", *arguments), one_process=True)


PROOFS = {
    "long": Proof((*TESTS, "-m", "long", "tests/")),
    "sqlite": Proof(
        (*TESTS, "--database", "sqlite", "-m", "both_databases and not postgresql", "tests/")
    ),
    "properties": _tests("orders", "cancellations/arithmetic", PROPERTY_EXAMPLES=1000),
    "oracle": _tests("proofs/acceptance", ORACLE_SEEDS=20),
    "any_order_of_acts": _tests("proofs/test_any_order_of_acts.py", ACTS_EXAMPLES=300),
    "fuzz": _tests("proofs/test_wizard_fuzz.py", FUZZ_SEEDS=300),
    "bad_input": _alone("tests.proofs.bad_input", "--refuse-skips"),
    "bad_input_on_sqlite": _alone("tests.proofs.bad_input", "--database", "sqlite"),
    "crashes": _alone("tests.proofs.crashes"),
    "crashes_on_sqlite": _alone("tests.proofs.crashes", "--database", "sqlite"),
    "races": _tests(
        "proofs/races/test_race_rounds.py",
        "proofs/races/test_refund_races.py",
        "proofs/races/test_race_through_api.py",
        RACE_ROUNDS=60,
    ),
    "races_through_http": Proof(("-m", "tests.proofs.races", "--attempts", "60", "--units", "90")),
    "stripe": _tests("proofs/stripe", STRIPE_DAYS=40),
    "soak": _alone("tests.proofs.soak"),
    "deliveries": _tests("proofs/deliveries", DELIVERIES=10_000),
    "api_as_described": _tests("proofs/api/test_described.py", API_EXAMPLES=150),
    "looks": _alone("tests.proofs.looks"),
    "hostile": _alone("tests.proofs.hostile"),
    "drills": Proof(("-m", "tests.proofs.drills")),
    "mutants": Proof(("-m", "tests.proofs.mutants")),
    "mutants_of_arithmetic": Proof(("-m", "tests.proofs.mutants_of_arithmetic")),
}


def main() -> int:
    """Run those that are named, or all; gives the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs", epilog=", ".join(PROOFS))
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    names = parser.parse_args().names
    if unknown := set(names) - PROOFS.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}, only {', '.join(PROOFS)}")
    LOGS.mkdir(exist_ok=True)
    return run_all({name: PROOFS[name] for name in names or PROOFS}, LOGS)


def run_all(proofs: Mapping[str, Proof], logs: Path) -> int:
    """Run every proof with a line each, then name those that failed."""

    def holds(name: str) -> bool:
        return _holds(name, proofs[name], logs / f"{name}.log")

    side_by_side = [name for name, proof in proofs.items() if proof.one_process]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        held = dict(zip(side_by_side, pool.map(holds, side_by_side), strict=True))
    held |= {name: holds(name) for name in proofs if name not in held}
    failed = [name for name in proofs if not held[name]]
    print(f"{len(proofs)} proofs, {len(failed)} failed{': ' if failed else ''}{', '.join(failed)}")
    return int(bool(failed))


def _holds(name: str, proof: Proof, log: Path) -> bool:
    started = monotonic()
    failed = proof.run(log)
    output = log.read_text(errors="replace")
    ended = "FAILED" if failed else f"holds   {_last_line(output)}".rstrip()
    shown = _told(output) if failed else ""
    print(f"{name:<24}{monotonic() - started:6.0f} s  {ended}\n{shown}", end="", flush=True)
    return not failed


def _told(output: str) -> str:
    """What failed, which may stand far above the end, and the end."""
    failed = re.findall(r"^(?:FAILED|ERROR) .*\n", output[:-SHOWN], re.MULTILINE)
    return "".join(failed) + output[-SHOWN:]


def _last_line(output: str) -> str:
    lines = output.rstrip().splitlines()
    return lines[-1] if lines else ""


if __name__ == "__main__":
    sys.exit(main())
