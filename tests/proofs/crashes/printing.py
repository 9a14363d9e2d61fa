"""What a trial found, and how it is printed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.proofs.crashes.killing import What, When

COLUMNS = (
    "statements",
    "COMMITs",
    "crash points",
    "random kills",
    "left nothing",
    "left some",
    "left all",
)


@dataclass
class Report:
    """What came of one act's trial.

    Attributes:
        met: How many statements and COMMITs an act passes, as found on the way to the last.
        points: How many times it was killed at one.
        moments: How many times it was killed at random.
        nothing, some, everything: What the kills left of its steps.
        halves: How many times it left half a change.
        problems: All that is wrong, each with the act and where it was killed.
    """

    act: str
    met: dict[tuple[When, What], int] = field(default_factory=dict)
    points: int = 0
    moments: int = 0
    nothing: int = 0
    some: int = 0
    everything: int = 0
    halves: int = 0
    problems: list[str] = field(default_factory=list)

    def count(self, done: int | None, of: int) -> None:
        """Note what one kill left; None: half a step, which is allowed."""
        if done == 0:
            self.nothing += 1
        elif done == of:
            self.everything += 1
        else:
            self.some += 1


def print_head() -> None:
    print(f"{'act':<18}", *COLUMNS, sep="  ", flush=True)


def print_row(report: Report) -> None:
    figures = (
        report.met.get(("before", "statement"), "–"),
        report.met.get(("before", "COMMIT"), "–"),
        report.points,
        report.moments,
        report.nothing,
        report.some,
        report.everything,
    )
    cells = (f"{figure:>{len(name)}}" for name, figure in zip(COLUMNS, figures, strict=True))
    print(f"{report.act:<18}", *cells, sep="  ", flush=True)


def print_summary(reports: Iterable[Report]) -> None:
    """Every problem in full, then one line that counts."""
    problems = [problem for report in reports for problem in report.problems]
    for problem in problems:
        print(f"\n{problem}")
    points = sum(report.points for report in reports)
    moments = sum(report.moments for report in reports)
    halves = sum(report.halves for report in reports)
    print(
        f"\n{points} crash points and {moments} random kills, {halves} left half a change;"
        f" {len(problems)} problems"
    )
