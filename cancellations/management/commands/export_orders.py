import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cancellations.documents.export import dump_whole_order, orders_exported
from cancellations.history import keys_to_export, orders_to_export
from orders.documents.jsonlines import DISK_FAILED
from orders.jobs import add_jobs, in_turn, refuse_jobs_there_cannot_be, taking_turns
from orders.models import OrderSummary
from orders.replica import ask, judge
from orders.texts import is_number


class Command(BaseCommand):
    help = "Write orders as they stand, with their change orders, as JSON Lines."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--order-number", action="append", metavar="N", help="repeatable")
        parser.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")
        add_jobs(parser)

    def handle(
        self,
        *args: Any,
        order_number: list[str] | None,
        output: Path | None,
        jobs: int,
        **options: Any,
    ) -> None:
        refuse_jobs_there_cannot_be(jobs)
        if order_number:
            self._refuse_unknown(order_number)
        judge.begin_here()
        orders_exported.send(Command, numbers=order_number)
        try:
            if output is None:
                _write(self.stdout, order_number, jobs)
            else:
                with output.open("w", encoding="utf-8") as file:
                    _write(file, order_number, jobs)
        except BrokenPipeError:
            sys.stderr.close()
        except OSError as error:
            if error.errno in DISK_FAILED:
                raise
            raise CommandError(f"{output}: {error.strerror}", returncode=2) from error

    def _refuse_unknown(self, numbers: list[str]) -> None:
        possible = [number for number in numbers if is_number(number)]
        known = OrderSummary.objects.filter(order_number__in=possible)
        unknown = sorted(set(numbers) - set(known.values_list("order_number", flat=True)))
        if unknown:
            named = ", ".join(
                number if number.isprintable() else ascii(number) for number in unknown
            )
            raise CommandError(f"There is no order summary {named}.")


def _write(file: IO[str] | Any, numbers: list[str] | None, jobs: int) -> None:
    for text in in_turn(_documents, taking_turns(keys_to_export(numbers), jobs), jobs=jobs):
        file.write(text)


def _documents(chunk: tuple[str, Sequence[int]]) -> str:
    """The documents of a chunk of orders, each on a line.

    Where a replica dies meanwhile, the whole chunk is read again from the primary.
    """
    alias, keys = chunk

    def written(alias: str) -> str:
        return "".join(
            json.dumps(dump_whole_order(order), ensure_ascii=False) + "\n"
            for order in orders_to_export(keys, database=alias)
        )

    return ask(alias, written)
