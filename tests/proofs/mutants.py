"""Does the suite notice when a guard is gone? ``python -m tests.proofs.mutants [NAME …]``.

Each mutant takes one guard of "exactly once" out of a copy of the project and runs the suite
there, on a PostgreSQL of its own, until the first failure. The copy as it is comes first: it
has to pass. Ends with 1 when a mutant survives.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

PROJECT = Path(__file__).parents[2]
NEAREST = (
    "tests/proofs/races/test_race_rounds.py",
    "tests/proofs/races/test_races.py",
    "tests/cancellations/test_last_word.py",
    "tests/cancellations/wizard/test_tabs.py",
    "tests/cancellations/wizard/test_traps.py",
    "tests/orders/test_locking.py",
)
"""Where most of the guards are tested; the rest of the suite follows, but for the test of these
mutants, which fits the project as it is alone."""

NOT_THIS = "--ignore=tests/proofs/test_mutants.py"
LONGEST_RUN_SECONDS = 1200
TESTS_FAILED = 1


@dataclass(frozen=True, slots=True)
class Edit:
    """Text of a file, which stands there once, and what takes its place."""

    path: str
    old: str
    new: str

    def apply(self, project: Path) -> None:
        file = project / self.path
        text = file.read_text()
        if text.count(self.old) != 1:
            raise ValueError(f"{self.path} does not hold this once:\n{self.old}")
        file.write_text(text.replace(self.old, self.new))


LOCKING = "orders/locking.py"
SERVICES = "cancellations/acts/cancel.py"
WIZARD = "cancellations/wizard/cancellation.py"
SNAPSHOTS = "cancellations/snapshots.py"
LAST_WORD = "cancellations/migrations/0003_history_is_final.py"

MUTANTS = {
    "the lock": (
        Edit(
            LOCKING,
            "orders = OrderSummary.objects.select_for_update()\n        order =",
            "orders = OrderSummary.objects.all()\n        order =",
        ),
    ),
    "the read after the lock": (
        Edit(
            SERVICES,
            "    with locked_order(request.order_number) as order:\n",
            "    early = preview_cancellation(request=request, by=by)\n"
            "    with locked_order(request.order_number) as order:\n",
        ),
        Edit(
            SERVICES,
            "        judged = quote_cancellation(order, request.selection)\n        now =",
            "        judged = (\n"
            "            early\n"
            "            if isinstance(early, Judged)\n"
            "            else quote_cancellation(order, request.selection)\n"
            "        )\n"
            "        now =",
        ),
    ),
    "the look for an earlier result": (
        Edit(SERVICES, "if repeated := _earlier(order, request):", "if repeated := None:"),
    ),
    "the snapshot comparison": (Edit(SERVICES, "and agreed != now:", "and agreed is now:"),),
    "the unique constraint": (
        Edit(
            "cancellations/models.py",
            'name="change_order_once_per_request", fields=["order", "request_id"]',
            'name="change_order_once_per_request", fields=["order", "request_id", "created_at"]',
        ),
        Edit(
            "cancellations/migrations/0001_initial.py",
            'fields=("order", "request_id"), name="change_order_once_per_request"',
            'fields=("order", "request_id", "created_at"), name="change_order_once_per_request"',
        ),
    ),
    "the earlier steps judged again on POST": (
        Edit(
            WIZARD,
            "        if missing := self._first_unanswered(before=step):\n",
            "        if missing := None:\n",
        ),
    ),
    "the earlier steps judged again on GET": (
        Edit(
            WIZARD,
            '        if missing := self._first_unanswered(before=kwargs["step"]):\n',
            "        if missing := None:\n",
        ),
    ),
    "the fingerprint": (
        Edit(SERVICES, "if earlier and earlier.fingerprint != request.fingerprint:", "if False:"),
    ),
    "the review signed for its run": (
        Edit(
            SNAPSHOTS,
            'signing.dumps(content, salt=f"{_SALT}.{run}", compress=True)',
            "signing.dumps(content, salt=_SALT, compress=True)",
        ),
        Edit(
            SNAPSHOTS,
            'signing.loads(text, salt=f"{_SALT}.{run}")',
            "signing.loads(text, salt=_SALT)",
        ),
    ),
    "what was answered in the snapshot": (
        Edit(
            SNAPSHOTS,
            "        answers=answers(selected.reason, selected.note, selected.refund_delivery)\n"
            "        if selected\n"
            "        else (),\n",
            "        answers=(),\n",
        ),
    ),
    "money set aside for refunds": (
        Edit(SERVICES, "        payment.reserved_minor += share.amount\n", ""),
    ),
    "the bound on waiting": (
        Edit(
            LOCKING, '    if connection.vendor == "postgresql":', '    if connection.vendor == "":'
        ),
    ),
    "beginning again": (Edit(LOCKING, "ATTEMPTS = 3", "ATTEMPTS = 1"),),
    "the triggers on history": (
        Edit(LAST_WORD, "    for table in HISTORY:\n", "    for table in ():\n"),
    ),
}


def main() -> None:
    """Run the suite on the copy as it is, then on each mutant."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.mutants")
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    names = parser.parse_args().names or list(MUTANTS)
    if caught := _first_failure(()):
        sys.exit(f"the suite fails without a mutant: {caught}")
    print("without a mutant the suite passes", flush=True)
    survived = [name for name in names if not _is_caught(name)]
    print(f"{len(names)} mutants, {len(survived)} survived")
    sys.exit(bool(survived))


def _is_caught(name: str) -> bool:
    started = monotonic()
    caught = _first_failure(MUTANTS[name])
    print(f"{name:<40} {monotonic() - started:4.0f} s  {caught or 'SURVIVED'}", flush=True)
    return caught is not None


def _first_failure(edits: tuple[Edit, ...]) -> str | None:
    """The first test that fails in a copy with these edits, or None when all pass."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        _copy(project)
        for edit in edits:
            edit.apply(project)
        return _failure(project, *NEAREST) or _failure(project, "tests", NOT_THIS)


def _copy(to: Path) -> None:
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listed, cwd=PROJECT, capture_output=True, text=True, check=True)
    for name in filter(None, files.stdout.split("\0")):
        if (PROJECT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, to / name)


def _failure(project: Path, *arguments: str) -> str | None:
    """The first test that fails; a suite that cannot run at all is no failure of a test."""
    pytest = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "auto", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [*pytest, *arguments],
        cwd=project,
        env=os.environ | {"DEBUG": "1"},
        capture_output=True,
        text=True,
        timeout=LONGEST_RUN_SECONDS,
    )
    if run.returncode == 0:
        return None
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", run.stdout, re.MULTILINE)
    if run.returncode == TESTS_FAILED and failed:
        return failed[1]
    # xdist ends with 2 after -x; a run without a test that failed did not prove anything.
    if failed and "stopping after" in run.stdout:
        return failed[1]
    sys.exit(f"pytest ended with {run.returncode}:\n{run.stdout[-4000:]}{run.stderr[-4000:]}")


if __name__ == "__main__":
    main()
