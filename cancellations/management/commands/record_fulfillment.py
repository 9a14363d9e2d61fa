import re
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandParser

from cancellations.acts.record_fulfillment import record_fulfillment
from cancellations.documents.fulfillment import read_fulfillment
from cancellations.seeds import SYSTEM_USER
from orders.arithmetic.money import Currency
from orders.documents.fields import NO_CURRENCY, NUMBER, DocumentRefused, Problem
from orders.documents.jsonlines import JsonLine, NotADocument, UnreadableFile
from orders.documents.progress import lines_of, print_problems
from orders.locking import OrderBusy, OrderRefused, UnknownOrder
from orders.models import OrderSummary


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
        try:
            currency = _currency(line.value.get("order_number"))
            record_fulfillment(report=read_fulfillment(line.value, currency=currency), by=self.by)
        except DocumentRefused as refusal:
            return refusal.problems
        except UnknownOrder as refusal:
            return (Problem("order_number", refusal.message),)
        except (OrderBusy, OrderRefused) as refusal:
            return (Problem("", refusal.message),)
        return ()


def _currency(order_number: object) -> Currency:
    """The currency of the reported order; without an order any will do for the checks."""
    if not isinstance(order_number, str) or not re.fullmatch(NUMBER, order_number):
        return NO_CURRENCY
    order = OrderSummary.objects.filter(order_number=order_number).first()
    return order.currency if order else NO_CURRENCY
