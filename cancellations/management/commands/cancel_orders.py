import json
from pathlib import Path
from typing import IO, Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cancellations.acts.requests import may_cancel
from cancellations.documents.results import CancellationResult, Outcome, apply_cancellation
from cancellations.seeds import SYSTEM_USER
from orders.documents.fields import Problem
from orders.documents.jsonlines import DISK_FAILED, JsonLine, NotADocument, UnreadableFile
from orders.documents.progress import lines_of


class Command(BaseCommand):
    help = "Apply cancellation documents in file order; writes one JSON result line for each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help=".jsonl or .jsonl.gz"
        )
        parser.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")
        parser.add_argument("--dry-run", action="store_true", help="judge only, change nothing")
        parser.add_argument(
            "--as", dest="username", default=SYSTEM_USER, metavar="USERNAME", help="acting user"
        )

    def handle(
        self,
        *args: Any,
        files: list[Path],
        output: Path | None,
        dry_run: bool,
        username: str,
        **options: Any,
    ) -> None:
        self.by = _acting_user(username)
        self.dry_run = dry_run
        self.refused = self.unreadable = False
        if output is not None and output.resolve() in {path.resolve() for path in files}:
            raise CommandError(f"{output}: is read, and cannot be written over.", returncode=2)
        try:
            if output is None:
                self._apply_all(files, self.stdout)
            else:
                with output.open("w", encoding="utf-8") as file:
                    self._apply_all(files, file)
        except BrokenPipeError:
            raise SystemExit(2) from None  # whoever read the results stopped reading
        except OSError as error:
            if error.errno in DISK_FAILED:
                raise
            raise CommandError(f"{output}: {error.strerror}", returncode=2) from error
        if self.unreadable or self.refused:
            raise SystemExit(2 if self.unreadable else 1)

    def _apply_all(self, files: list[Path], results: IO[str] | Any) -> None:
        for path in files:
            try:
                for line in lines_of(path, "documents"):
                    result = self._apply(line)
                    self.refused |= result.outcome is Outcome.REFUSED
                    results.write(json.dumps(result.as_document()) + "\n")
                    results.flush()  # what is canceled is told, whatever comes next
            except UnreadableFile as error:
                self.stderr.write(self.style.ERROR(str(error)))
                self.unreadable = True

    def _apply(self, line: JsonLine) -> CancellationResult:
        if isinstance(line.value, NotADocument):
            problem = Problem(f"line {line.number}", str(line.value))
            return CancellationResult.refused({}, problem)
        return apply_cancellation(line.value, by=self.by, dry_run=self.dry_run)


def _acting_user(username: str) -> User:
    users = User.objects.filter(is_active=True)
    user = users.filter(username=username).first() if username.isprintable() else None
    if user is None:
        shown = username if username.isprintable() else ascii(username)
        raise CommandError(f"There is no active user {shown}.")
    if not may_cancel(user):
        raise CommandError(f"The user {username} has no right to cancel order items.")
    return user
