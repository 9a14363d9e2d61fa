from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandParser

from cancellations.acts.take_order import ImportOutcome, Result, import_orders
from cancellations.seeds import system_user
from orders.documents.fields import DocumentRefused, Problem
from orders.documents.jsonlines import JsonLine, Line, NotADocument, UnreadableFile
from orders.documents.lanes import lane_of
from orders.documents.order import OrderDocument, read_order
from orders.documents.progress import print_problems, unparsed_lines_of
from orders.jobs import add_jobs, ahead, in_turn, refuse_jobs_there_cannot_be

BATCH_ORDERS = 250
BATCH_LINES = 2000
BATCH_BYTES = 1024 * 1024


class Command(BaseCommand):
    help = (
        "Load order documents from JSON Lines files. Each order is all or nothing; started again, "
        "the command skips what is stored already."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help=".jsonl or .jsonl.gz"
        )
        parser.add_argument("--dry-run", action="store_true", help="check only, store nothing")
        add_jobs(parser)

    def handle(
        self, *args: Any, files: list[Path], dry_run: bool, jobs: int, **options: Any
    ) -> None:
        refuse_jobs_there_cannot_be(jobs)
        tally: Counter[ImportOutcome] = Counter()
        store = partial(_store, by=system_user(), dry_run=dry_run)
        unreadable = False
        for path in files:
            file = _File(path)
            for told in file.stored(store, jobs):
                tally[told.result.outcome] += 1
                if told.result.problems:
                    print_problems(self.stderr, told.where, told.result.problems)
            if file.trouble:
                self.stderr.write(self.style.ERROR(file.trouble))
                unreadable = True
        self.stdout.write(_summary(tally, dry_run))
        if unreadable or tally[ImportOutcome.REFUSED]:
            raise SystemExit(2 if unreadable else 1)


@dataclass(frozen=True, slots=True)
class _Told:
    """What became of the document on a line."""

    number: int
    where: str
    result: Result


_Read: TypeAlias = "tuple[JsonLine, OrderDocument | Result]"
"""A line with its document, or with the refusal of what is none."""


class _File:
    """A file that is read batch by batch; ``trouble`` says why it could not be read on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.trouble = ""

    def stored(self, store: "partial[list[_Told]]", jobs: int) -> Iterator[_Told]:
        """What becomes of its documents, in their sequence; one job reads beside storing."""
        if jobs == 1:
            for read in ahead(_read(batch) for batch in self._batches(BATCH_ORDERS)):
                yield from store(read)
            return
        tasks = (
            (lane, lines)
            for batch in self._batches(BATCH_ORDERS * jobs)
            for lane, lines in enumerate(_by_lane(batch, jobs))
        )
        done = in_turn(lambda lines: store(_read(lines)), tasks, jobs=jobs)
        for first in done:
            batch = [*first, *(told for _ in range(jobs - 1) for told in next(done))]
            yield from sorted(batch, key=lambda told: told.number)

    def _batches(self, most: int) -> Iterator[list[Line]]:
        batch: list[Line] = []
        size = 0
        try:
            for line in unparsed_lines_of(self.path, "orders"):
                batch.append(line)
                size += len(line.text)
                if len(batch) >= most or size >= BATCH_BYTES:
                    yield batch
                    batch, size = [], 0
        except UnreadableFile as error:
            self.trouble = str(error)
        if batch:
            yield batch


def _by_lane(batch: Sequence[Line], jobs: int) -> list[list[Line]]:
    lanes: list[list[Line]] = [[] for _ in range(jobs)]
    for line in batch:
        lanes[lane_of(line.text, jobs)].append(line)
    return lanes


def _read(lines: Sequence[Line]) -> list[_Read]:
    return [_read_one(line.parsed()) for line in lines]


def _read_one(line: JsonLine) -> _Read:
    try:
        if isinstance(line.value, NotADocument):
            raise DocumentRefused(Problem("", str(line.value)))
        return line, read_order(line.value)
    except DocumentRefused as refusal:
        return line, Result(ImportOutcome.REFUSED, refusal.problems)


def _store(read: Sequence[_Read], *, by: User, dry_run: bool) -> list[_Told]:
    documents = [document for _, document in read if isinstance(document, OrderDocument)]
    results = iter(
        [
            result
            for batch in _short_enough(documents)
            for result in import_orders(batch, by=by, dry_run=dry_run)
        ]
    )
    return [
        _Told(line.number, line.where, found if isinstance(found, Result) else next(results))
        for line, found in read
    ]


def _short_enough(documents: Sequence[OrderDocument]) -> Iterator[list[OrderDocument]]:
    """Batches that end where they have so many lines."""
    batch: list[OrderDocument] = []
    lines = 0
    for document in documents:
        batch.append(document)
        lines += len(document.items)
        if lines >= BATCH_LINES:
            yield batch
            batch, lines = [], 0
    if batch:
        yield batch


def _summary(tally: Counter[ImportOutcome], dry_run: bool) -> str:
    """How many of each; amended ones only where there are any."""
    would = "would be " if dry_run else ""
    imported, amended, skipped, refused = (tally[outcome] for outcome in ImportOutcome)
    changed = f"{amended} {would}amended, " if amended else ""
    return f"{imported} {would}imported, {changed}{skipped} skipped, {refused} refused"
