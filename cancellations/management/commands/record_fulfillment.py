from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cancellations.acts.record_fulfillment import Recorded
from cancellations.documents.results import apply_fulfillment
from cancellations.seeds import system_user
from orders.documents.fields import Problem
from orders.documents.jsonlines import JsonLine, NotADocument, UnreadableFile
from orders.documents.progress import lines_of, print_problems


class Command(BaseCommand):
    help = "Take over what others report: counters, returns, cancellations, payments."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help=".jsonl or .jsonl.gz"
        )

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        self.by = system_user()
        self.tally: Counter[str] = Counter(recorded=0, repeated=0, stale=0, refused=0)
        unreadable = False
        for path in files:
            try:
                for line in lines_of(path, "reports"):
                    self._count(line, self._record(line))
            except UnreadableFile as error:
                self.stderr.write(self.style.ERROR(str(error)))
                unreadable = True
        self.stdout.write(self._summary())
        if unreadable or self.tally["refused"]:
            raise SystemExit(2 if unreadable else 1)

    def _summary(self) -> str:
        """How many of each; of what is rare only where there is any."""
        shown = (what for what in self.tally if self.tally[what] or what in ("recorded", "refused"))
        return ", ".join(f"{self.tally[what]} {what}" for what in shown)

    def _count(self, line: JsonLine, result: Recorded | tuple[Problem, ...]) -> None:
        if isinstance(result, Recorded):
            self.tally["repeated" if result.is_repeat else "recorded"] += 1
            self.tally["stale"] += result.stale
        else:
            self.tally["refused"] += 1
            print_problems(self.stderr, line.where, result)

    def _record(self, line: JsonLine) -> Recorded | tuple[Problem, ...]:
        if isinstance(line.value, NotADocument):
            return (Problem("", str(line.value)),)
        return apply_fulfillment(line.value, by=self.by)
