from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandParser

from cancellations.documents.results import apply_fulfillment
from cancellations.seeds import SYSTEM_USER
from orders.documents.fields import Problem
from orders.documents.jsonlines import JsonLine, NotADocument, UnreadableFile
from orders.documents.progress import lines_of, print_problems


class Command(BaseCommand):
    help = "Take over counters, payments and returns from the fulfilment system."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help=".jsonl or .jsonl.gz"
        )

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        self.by = User.objects.get(username=SYSTEM_USER)
        recorded = refused = 0
        unreadable = False
        for path in files:
            try:
                for line in lines_of(path, "reports"):
                    problems = self._record(line)
                    recorded += not problems
                    refused += bool(problems)
                    print_problems(self.stderr, line, problems)
            except UnreadableFile as error:
                self.stderr.write(self.style.ERROR(str(error)))
                unreadable = True
        self.stdout.write(f"{recorded} recorded, {refused} refused")
        if unreadable or refused:
            raise SystemExit(2 if unreadable else 1)

    def _record(self, line: JsonLine) -> tuple[Problem, ...]:
        if isinstance(line.value, NotADocument):
            return (Problem("", str(line.value)),)
        return apply_fulfillment(line.value, by=self.by)
