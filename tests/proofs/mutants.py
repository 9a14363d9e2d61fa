"""Does the suite notice when a guard is gone? ``python -m tests.proofs.mutants [NAME …]``.

Guards of "exactly once" are marked in the product: ``# guard: the lock``, in SQL ``-- guard: …``.
Each mutant cuts one of them out of a copy of the project and runs the suite there, on a
PostgreSQL of its own, until the first failure: first the tests that mirror the mutant's file, then
those where most guards are tested, then all. Before tests judge a mutant, they have to pass on the
project as it is. As many are tried at once as there are cores. Ends with 1 when a mutant survives.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent
from time import monotonic

PROJECT = Path(__file__).parents[2]
GUARDS_OF_THE_DATABASE = (
    "tests/cancellations/last_word",
    "tests/console/audit/test_guards.py",
    "tests/integrations/events/test_guards.py",
    "tests/cancellations/acts/test_approve.py",
    "tests/cancellations/test_lies.py",
    "tests/cancellations/refunds",
)
NEAREST = (
    "tests/cancellations/acts",
    "tests/console/people",
    "tests/proofs/races/test_race_rounds.py",
    "tests/proofs/races/test_races.py",
    "tests/proofs/races/test_refund_races.py",
    *GUARDS_OF_THE_DATABASE,
    "tests/cancellations/wizard/test_tabs.py",
    "tests/cancellations/wizard/test_traps.py",
    "tests/orders/test_locking.py",
)
"""Where most of the guards are tested; the rest of the suite follows, but for the test of these
mutants, which fits the project as it is alone."""

ELSEWHERE = {
    "cancellations/acts/agreed.py": "tests/cancellations/acts/test_approve.py",
    "cancellations/acts/requests.py": "tests/cancellations/acts",
    "cancellations/acts/undo.py": "tests/cancellations/acts/test_undo.py"
    " tests/cancellations/refunds/test_customer_notices.py",
    "cancellations/arithmetic/quotes.py": "tests/cancellations/acts",
    "cancellations/management/commands/migrate.py": "tests/config/test_commands.py",
    "cancellations/models/change_orders.py": "tests/cancellations/test_models.py",
    "cancellations/refunds/carrying_out.py": "tests/cancellations/refunds",
    "cancellations/refunds/claims.py": "tests/cancellations/refunds",
    "cancellations/refunds/people.py": "tests/cancellations/refunds",
    "cancellations/second_person.py": "tests/cancellations/acts/test_approve.py",
    "cancellations/wizard/cancellation.py": "tests/cancellations/wizard",
    "config/environment.py": "tests/config/test_starting.py",
    "config/postgresql/pulse.py": "tests/config/test_away.py",
    "config/sessions.py": "tests/console/people/test_sessions.py",
    "config/wsgi.py": "tests/config/test_gunicorn.py",
    "console/people/again_elsewhere.py": "tests/console/people/test_single_sign_on.py",
    "console/people/editing.py": "tests/console/admin/test_users.py",
    "console/people/doors.py": "tests/console/people/test_doors.py"
    " tests/console/people/test_single_sign_on.py",
    "console/people/forms.py": "tests/console/people tests/proofs/browser/test_doors.py",
    "console/people/gate.py": "tests/console/people/test_sessions.py"
    " tests/proofs/browser/test_doors.py",
    "integrations/admin.py": "tests/integrations/admin",
    "integrations/api/callers.py": "tests/integrations/api/test_tokens.py",
    "integrations/events/deliveries.py": "tests/integrations/events/test_together.py",
    "integrations/events/sending.py": "tests/integrations/events/test_lines.py",
    "console/people/throttle.py": "tests/console/people/test_doors.py",
    "orders/locking.py": "tests/orders/test_locking.py tests/proofs/races/test_races.py"
    " tests/proofs/races/test_refund_races.py",
}
"""Where a file is tested that no file of tests is called after, or beside that one."""

NOT_THIS = "--ignore=tests/proofs/test_mutants.py"
IN_HANDS = "-n", "auto", "--dist", "worksteal"
"""For runs that take a while."""

LONGEST_RUN_SECONDS = 3600
TESTS_FAILED = 1


GUARD = re.compile(r"(?:#|--) guard: (?P<name>.+)$")
"""A comment that marks its line; alone on a line, the lines below it up to an empty one."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What takes the place of a guard's lines in a file: nothing, unless code is given.

    Attributes:
        instead: For each marked place one, indented by the cut as the line was; ``LINE`` in it
            stands for that line.
    """

    path: str
    instead: tuple[str, ...] = ("",)

    def apply(self, project: Path, guard: str) -> None:
        file = project / self.path
        lines = file.read_text().splitlines(keepends=True)
        places = [place for name, place in guarded(lines) if name == guard]
        if len(places) != len(self.instead):
            raise ValueError(f"{self.path} marks {len(places)} places as guard: {guard}")
        for place, instead in reversed(list(zip(places, self.instead, strict=True))):
            line = lines[place.start]
            code = instead.replace("LINE", line.strip())
            lines[place] = indent(code, line[: -len(line.lstrip())]).splitlines(keepends=True)
        file.write_text("".join(lines))


def guarded(lines: Sequence[str]) -> Iterator[tuple[str, slice]]:
    """Every guard that is marked in the lines of a file, with the lines it marks."""
    for number, line in enumerate(lines):
        if not (found := GUARD.search(line.rstrip())):
            continue
        end = number + 1
        if line.strip() == found[0]:
            while end < len(lines) and lines[end].strip():
                end += 1
        yield found["name"], slice(number, end)


LOCKING = "orders/locking.py"
CANCEL = "cancellations/acts/cancel.py"
SNAPSHOTS = "cancellations/snapshots.py"
WIZARD = "cancellations/wizard/cancellation.py"
WORK = "cancellations/work.py"
CARRYING_OUT = "cancellations/refunds/carrying_out.py"
CLAIMS = "cancellations/refunds/claims.py"
PEOPLE = "cancellations/refunds/people.py"
UNDO = "cancellations/acts/undo.py"

MUTANTS = {
    "the lock": (Cut(LOCKING, ("orders = OrderSummary.objects.all()\n",)),),
    "the read after the lock": (
        Cut(
            CANCEL,
            (
                "early = preview_cancellation(request=request, by=by)\nLINE\n",
                "judged = early if isinstance(early, Judged) else None\n"
                "if judged is None:\n    LINE\n",
            ),
        ),
    ),
    "the look for an earlier result": (Cut(CANCEL, ("if repeated := None:\n",)),),
    "the snapshot comparison": (Cut(CANCEL, ("if False:\n",)),),
    "the unique constraint": (
        Cut(
            "cancellations/models/change_orders.py",
            ('fields=["order", "request_id", "created_at"],\n',),
        ),
        Cut(
            "cancellations/migrations/0001_initial.py",
            ('fields=("order", "request_id", "created_at"),\n',),
        ),
    ),
    "judged again on POST": (Cut(WIZARD, ("if missing := None:\n",)),),
    "judged again on GET": (Cut(WIZARD, ("if missing := None:\n",)),),
    "the scope of a token": (Cut("integrations/api/callers.py", ("if False:\n",)),),
    "the rights of a token's user": (Cut("integrations/api/callers.py", ("if False:\n",)),),
    "what was published is final": (Cut("integrations/migrations/guards.sql"),),
    "no token above its maker": (Cut("integrations/admin.py", ("if False:\n",)),),
    "endpoints hear what people see": (Cut("integrations/events/endpoints.py", ("if False:\n",)),),
    "the fingerprint": (Cut("cancellations/acts/requests.py", ("if False:\n",)),),
    "signed for its order": (
        Cut(SNAPSHOTS, ('return f"cancellations.review.{SNAPSHOT_VERSION}"\n',)),
    ),
    "the answers in the snapshot": (Cut(SNAPSHOTS),),
    "money set aside for refunds": (Cut("cancellations/arithmetic/quotes.py"),),
    "the bound on waiting": (Cut(LOCKING, ("if False:\n",)),),
    "beginning again": (Cut(LOCKING, ("ATTEMPTS = 1\n",)),),
    "free orders": (Cut(LOCKING, ("free = OrderSummary.objects.all()\n",)),),
    "short keys": (Cut("config/environment.py", ("return not key\n",)),),
    "metrics": (Cut("config/metrics.py", ("if False:\n",)),),
    "figures alone": (Cut("config/wsgi.py", ("if False:\n",)),),
    "nobody waits for the silent": (Cut("config/postgresql/pulse.py", ("if False:\n",)),),
    "the system user stays": (Cut("cancellations/seeds.py", ("if False:\n",)),),
    "migrations take turns": (
        Cut("cancellations/management/commands/migrate.py", ("while False:\n",)),
    ),
    "claims exclude": (Cut(WORK),),
    "the lease": (Cut(WORK),),
    "the look in between": (Cut("integrations/events/deliveries.py", ("if False:\n",)),),
    "no kept connection": (Cut("integrations/events/sending.py", ("pass\n",)),),
    "followers exclude": (Cut("integrations/events/followers.py"),),
    "no gap in an order": (Cut("integrations/events/followers.py"),),
    "nothing after a failure": (Cut("integrations/events/deliveries.py", ("if False:\n",)),),
    "a claim is seen": (Cut(CLAIMS, ("pass\n",)),),
    "only whose claim it is": (Cut(CARRYING_OUT, ("return True\n",)),),
    "what has ended": (Cut("cancellations/refunds/answers.py", ("if False:\n",)),),
    "doubts hold back": (Cut(CLAIMS, ("if False:\n",)),),
    "as it was seen": (Cut(PEOPLE, ("if False:\n",)),),
    "the same key while unknown": (Cut(PEOPLE, ("row.idempotency_key = new_key()\nLINE\n",)),),
    "a new key once refused": (Cut(PEOPLE),),
    "undo excludes workers": (Cut(UNDO),),
    "the customer was told": (Cut(UNDO, ("if False:\n",)),),
    "keys are forgotten": (
        Cut("cancellations/arithmetic/sending.py", ("is_known_again = True\n",)),
    ),
    "a mail is not sent again": (
        Cut("cancellations/mailing.py", ("row.was_being_sent = False\n",)),
    ),
    "nobody edits themselves": (Cut("console/people/editing.py", ("return people\n",)),),
    "nobody edits equals": (Cut("console/people/editing.py", ("for right in ():\n",)),),
    "nobody takes their own factors": (
        Cut("console/people/lost_factors.py", ("return people_to_edit(taker)\n",)),
    ),
    "the same person, asked just now": (
        Cut("console/people/again_elsewhere.py", ("if False:\n",)),
    ),
    "usernames are final": (Cut("console/admin/users.py", ("if False:\n",)),),
    **{
        name: (Cut("console/migrations/guards.sql"),)
        for name in (
            "the audit is final",
            "the audit is never emptied",
            "names in history are final",
        )
    },
    "a session ends": (Cut("config/sessions.py", ("if True:\n",)),),
    "nobody else's answers": (Cut("console/people/sessions.py", ("if False:\n",)),),
    "throttled, not looked at": (Cut("console/people/throttle.py", ("if False:\n",)),),
    "proved again": (Cut("console/people/gate.py", ("if False:\n",)),),
    "proved before": (Cut("console/people/gate.py", ("if False:\n",)),),
    "no way to prove it": (Cut("console/people/gate.py", ("if False:\n",)),),
    "one account": (Cut("console/people/single_sign_on.py", ("if False:\n",)),),
    "who left there has left here": (Cut("console/people/forms.py", ("if False:\n",)),),
    "strangers are not counted": (Cut("console/people/throttle.py", ("if False:\n",)),),
    "a second factor first": (Cut("console/people/gate.py", ("if False:\n",)),),
    "no passwords here": (Cut("console/people/doors.py", ("if False:\n",)),),
    "a second person": (Cut("cancellations/second_person.py", ("if False:\n",)),),
    "two people": (Cut("cancellations/acts/requests.py", ("return True\n",)),),
    "somebody else approves": (Cut("cancellations/acts/approve.py", ("if False:\n",)),),
    "who asked still may": (Cut("cancellations/acts/agreed.py", ("if False:\n",)),),
    "decided once": (Cut("cancellations/acts/approve.py", ("if False:\n",)),),
    "a note once": (Cut("cancellations/acts/write_note.py", ("if written := None:\n",)),),
    **{
        name: (Cut("orders/migrations/guards.sql"),)
        for name in (
            "what a payment goes by",
            "the events are final",
            "orders come with their import",
            "payments come with their order",
            "discounts come with their line",
            "taxes come with their line",
            "the figures of an order",
            "the counters of lines",
            "the figures of payments",
            "the last event is the order",
        )
    },
    **{
        name: (Cut("cancellations/migrations/guards.sql"),)
        for name in (
            "the triggers on history",
            "internal notes are final",
            "change orders come with their event",
            "items come with their change order",
            "refunds within what a payment has left",
            "releases of what nobody needs",
            "refunds go their way",
            "releases go their way",
            "counters of payments match their refunds",
            "what is set aside goes back with a refund",
            "refund due and refunds",
            "items make up their change order",
            "counters of lines match history",
            "approvals are decided once",
        )
    },
}
"""Guards by the name that marks them in the product."""


def main() -> None:
    """Run the suite on each mutant: its own tests on as many at once as there are cores."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.mutants")
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    names = parser.parse_args().names or list(MUTANTS)
    _pass_as_it_is(*sorted({test for name in names for test in _own_tests(name)}))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        caught = pool.map(lambda name: _is_caught(name, _own_tests(name)), names)
        left = [name for name, is_caught in zip(names, caught, strict=True) if not is_caught]
    for tests in (NEAREST, ("tests", NOT_THIS)):
        if left:
            _pass_as_it_is(*tests)
            left = [name for name in left if not _is_caught(name, (*IN_HANDS, *tests))]
    print(f"{len(names)} mutants, {len(left)} survived")
    sys.exit(bool(left))


def _own_tests(name: str) -> tuple[str, ...]:
    return mirrors(MUTANTS[name][0].path)


def _is_caught(guard: str, tests: tuple[str, ...]) -> bool:
    """Whether a test fails in a copy without that guard."""
    started = monotonic()
    caught = _failure_in_a_copy(tests, MUTANTS[guard], guard)
    print(f"{guard:<40} {monotonic() - started:4.0f} s  {caught or 'SURVIVED these'}", flush=True)
    return caught is not None


def _pass_as_it_is(*tests: str) -> None:
    """Tests that fail without a mutant judge none: the proof ends."""
    if caught := _failure_in_a_copy((*IN_HANDS, *tests)):
        sys.exit(f"the suite fails without a mutant: {caught}")


def _failure_in_a_copy(
    tests: tuple[str, ...], cuts: Sequence[Cut] = (), guard: str = ""
) -> str | None:
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        _copy(project)
        for cut in cuts:
            cut.apply(project, guard)
        return _failure(project, *tests)


def mirrors(path: str) -> tuple[str, ...]:
    """The tests of a file of the product: its own, where else it is tested, or NEAREST."""
    file = Path(path)
    if file.suffix == ".sql":
        return GUARDS_OF_THE_DATABASE
    tests = ELSEWHERE.get(path, f"tests/{file.parent}/test_{file.stem}.py").split()
    return tuple(tests) if all((PROJECT / each).exists() for each in tests) else NEAREST


def _copy(to: Path) -> None:
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listed, cwd=PROJECT, capture_output=True, text=True, check=True)
    for name in filter(None, files.stdout.split("\0")):
        if (PROJECT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, to / name)


def _failure(project: Path, *arguments: str) -> str | None:
    """The first test that fails; a suite that cannot run at all is no failure of a test."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *arguments],
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
