"""Prints the table with what came back, as a plugin of a pytest run."""

from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from tests.proofs.bad_input.row import Answer, BadInput, WayIn, shorten

RECORDED = "bad_input"
"""The property under which a test leaves its row for the report."""

NAME, SENT, MESSAGE = 40, 46, 110
"""Columns, in characters."""


def recorded(
    number: int, way_in: WayIn, row: BadInput, answer: Answer, *, wrote: bool
) -> dict[str, Any]:
    """A row with what came back, in terms that one process can hand to another."""
    return {
        "number": number,
        "way_in": way_in.name,
        "name": shorten(row.name, NAME),
        "sent": shorten(str(row.sent), SENT),
        "status": answer.status,
        "message": shorten(answer.message, MESSAGE),
        "wrote": wrote,
        "is_fault": answer.is_fault,
    }


@dataclass
class Printer:
    """Collects what the tests recorded, and prints it."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.when == "call":
            self.rows += [value for name, value in report.user_properties if name == RECORDED]

    def print(self) -> None:
        """The table by ways in, and the count."""
        rows = sorted(self.rows, key=lambda row: row["number"])
        for way_in, group in groupby(rows, key=lambda row: row["way_in"]):
            print(f"\n{way_in}")
            for row in group:
                what = f"{row['name']:<{NAME}}  {row['sent']:<{SENT}}"
                print(f"  {row['status']:>3}  {what}  {row['message']}")
        print(f"\n{self.summary}")

    @property
    def summary(self) -> str:
        written = sum(row["wrote"] for row in self.rows)
        faults = sum(row["is_fault"] for row in self.rows)
        return f"{len(self.rows)} inputs, {written} written, {faults} server errors"
