from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cancellations.acts.take_order import ImportOutcome, import_orders
from cancellations.seeds import system_user
from orders.documents.fields import DocumentRefused, Problem
from orders.documents.jsonlines import JsonLine, NotADocument, UnreadableFile
from orders.documents.order import OrderDocument, read_order
from orders.documents.progress import lines_of, print_problems

BATCH_ORDERS = 100
BATCH_LINES = 2000


class Command(BaseCommand):
    help = "Load order documents from JSON Lines files. Each order is all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help=".jsonl or .jsonl.gz"
        )
        parser.add_argument("--dry-run", action="store_true", help="check only, store nothing")

    def handle(self, *args: Any, files: list[Path], dry_run: bool, **options: Any) -> None:
        self.by = system_user()
        self.tally: Counter[ImportOutcome] = Counter()
        self.dry_run = dry_run
        self.batch: list[tuple[JsonLine, OrderDocument]] = []
        unreadable = False
        for path in files:
            try:
                self._load(path)
            except UnreadableFile as error:
                self.stderr.write(self.style.ERROR(str(error)))
                unreadable = True
            finally:
                self._flush()
        self.stdout.write(self._summary())
        if unreadable or self.tally[ImportOutcome.REFUSED]:
            raise SystemExit(2 if unreadable else 1)

    def _load(self, path: Path) -> None:
        lines = 0
        for line in lines_of(path, "orders"):
            try:
                document = read_order(_object(line))
            except DocumentRefused as refusal:
                self._refuse(line, refusal.problems)
                continue
            self.batch.append((line, document))
            lines += len(document.items)
            if len(self.batch) == BATCH_ORDERS or lines >= BATCH_LINES:
                self._flush()
                lines = 0

    def _flush(self) -> None:
        batch, self.batch = self.batch, []
        if not batch:
            return
        results = import_orders(
            [document for _, document in batch], by=self.by, dry_run=self.dry_run
        )
        for (line, _), result in zip(batch, results, strict=True):
            if result.problems:
                self._refuse(line, result.problems)
            else:
                self.tally[result.outcome] += 1

    def _refuse(self, line: JsonLine, problems: tuple[Problem, ...]) -> None:
        self.tally[ImportOutcome.REFUSED] += 1
        print_problems(self.stderr, line, problems)

    def _summary(self) -> str:
        """How many of each; amended ones only where there are any."""
        would = "would be " if self.dry_run else ""
        imported, amended, skipped, refused = (self.tally[outcome] for outcome in ImportOutcome)
        changed = f"{amended} {would}amended, " if amended else ""
        return f"{imported} {would}imported, {changed}{skipped} skipped, {refused} refused"


def _object(line: JsonLine) -> dict[str, Any]:
    if isinstance(line.value, NotADocument):
        raise DocumentRefused(Problem("", str(line.value)))
    return line.value
