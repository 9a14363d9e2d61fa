import json
from pathlib import Path
from typing import IO, Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cancellations.acts.cancel import may_cancel, preview_cancellation, submit_cancellation
from cancellations.documents.requests import CancellationDocument, read_cancellation
from cancellations.models import ChangeOrder
from cancellations.seeds import SYSTEM_USER
from cancellations.selection import NotAllowed, RequestReused, SelectionRefused
from cancellations.snapshots import NotReviewed
from orders.arithmetic.money import Currency, Minor, show
from orders.documents.fields import DocumentRefused, Problem
from orders.documents.jsonlines import JsonLine, NotADocument, UnreadableFile
from orders.documents.progress import lines_of
from orders.locking import OrderBusy, OrderRefused, UnknownOrder


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
            raise CommandError(f"{output}: {error.strerror}", returncode=2) from error
        if self.unreadable or self.refused:
            raise SystemExit(2 if self.unreadable else 1)

    def _apply_all(self, files: list[Path], results: IO[str] | Any) -> None:
        for path in files:
            try:
                for line in lines_of(path, "documents"):
                    result = self._apply(line)
                    self.refused |= result["outcome"] == "refused"
                    results.write(json.dumps(result) + "\n")
                    results.flush()  # what is canceled is told, whatever comes next
            except UnreadableFile as error:
                self.stderr.write(self.style.ERROR(str(error)))
                self.unreadable = True

    def _apply(self, line: JsonLine) -> dict[str, Any]:
        if isinstance(line.value, NotADocument):
            return _refused({}, Problem(f"line {line.number}", str(line.value)))
        try:
            document = read_cancellation(line.value)
        except DocumentRefused as refusal:
            return _refused(line.value, *refusal.problems)
        try:
            return self._preview(document) if self.dry_run else self._submit(document)
        except SelectionRefused as refusal:
            return _refused(line.value, *dict.fromkeys(map(document.problem, refusal.refusals)))
        except UnknownOrder as refusal:
            return _refused(line.value, Problem("order_number", refusal.message))
        except RequestReused as refusal:
            return _refused(line.value, Problem("idempotency_key", refusal.message))
        except (OrderBusy, OrderRefused, NotAllowed) as refusal:
            return _refused(line.value, Problem("", refusal.message))

    def _submit(self, document: CancellationDocument) -> dict[str, Any]:
        done = submit_cancellation(request=document.request, agreed=NotReviewed(), by=self.by)
        return _result(
            document,
            "repeated" if done.is_repeat else "canceled",
            done.change_order.number,
            done.change_order.refund_due_minor,
            done.change_order.order.currency,
        )

    def _preview(self, document: CancellationDocument) -> dict[str, Any]:
        found = preview_cancellation(request=document.request, by=self.by)
        if isinstance(found, ChangeOrder):
            due, currency = found.refund_due_minor, found.order.currency
            return _result(document, "repeated", found.number, due, currency)
        quoted = found.quote
        return _result(document, "would_cancel", None, quoted.refund_due, quoted.currency)


def _acting_user(username: str) -> User:
    users = User.objects.filter(is_active=True)
    user = users.filter(username=username).first() if username.isprintable() else None
    if user is None:
        shown = username if username.isprintable() else ascii(username)
        raise CommandError(f"There is no active user {shown}.")
    if not may_cancel(user):
        raise CommandError(f"The user {username} has no right to cancel order items.")
    return user


def _result(
    document: CancellationDocument, outcome: str, number: str | None, due: Minor, currency: Currency
) -> dict[str, Any]:
    return {
        "idempotency_key": document.idempotency_key,
        "order_number": document.order_number,
        "outcome": outcome,
        "change_order": number,
        "refund_due": show(due, currency),
        "errors": [],
    }


def _refused(value: dict[str, Any], *problems: Problem) -> dict[str, Any]:
    """A refusal, with as much of the document's identity as is text."""
    key, number = value.get("idempotency_key"), value.get("order_number")
    return {
        "idempotency_key": key if isinstance(key, str) else None,
        "order_number": number if isinstance(number, str) else None,
        "outcome": "refused",
        "change_order": None,
        "refund_due": None,
        "errors": [{"path": problem.path, "message": problem.message} for problem in problems],
    }
