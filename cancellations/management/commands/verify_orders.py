import re
from argparse import ArgumentTypeError
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from cancellations.acts.note_differences import Noted, note_differences
from cancellations.history import keys_by_number, orders_to_replay
from cancellations.verification import differences
from orders.jobs import add_jobs, in_turn, refuse_jobs_there_cannot_be, taking_turns

UNITS = {"m": "minutes", "h": "hours", "d": "days"}
RESULT = """\
# TYPE countermand_verify_orders gauge
countermand_verify_orders {orders}
# TYPE countermand_verify_differences gauge
countermand_verify_differences {found}
# TYPE countermand_verify_timestamp_seconds gauge
countermand_verify_timestamp_seconds {at:.0f}
"""
"""In Prometheus's words: read by ``/metrics``, or by its node exporter."""


class Command(BaseCommand):
    help = "Recompute every order summary from its original lines and change orders."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since",
            type=_moment,
            metavar="TIME",
            help="only orders to which something happened since: 26h, 3d, 2026-01-05T00:00Z",
        )
        parser.add_argument(
            "--result",
            type=Path,
            default=settings.VERIFY_RESULT_FILE or None,
            metavar="FILE",
            help="where to leave the result for Prometheus; default: VERIFY_RESULT_FILE",
        )
        add_jobs(parser)

    def handle(
        self,
        *args: Any,
        since: datetime | None,
        result: Path | None,
        jobs: int,
        **options: Any,
    ) -> None:
        refuse_jobs_there_cannot_be(jobs)
        orders = found = 0
        chunks = taking_turns(keys_by_number(since=since), jobs)
        for verified in in_turn(_verified, chunks, jobs=jobs):
            orders += verified.orders
            for number, noted in verified.differing:
                found += len(noted.differences)
                for difference in noted.differences:
                    self.stdout.write(f"order {number}, {difference}")
                if noted.why_not:
                    self.stderr.write(f"order {number}, only told here: {noted.why_not}")
        self.stdout.write(f"{orders} orders verified, {found} differences")
        if result:
            _leave(result, RESULT.format(orders=orders, found=found, at=timezone.now().timestamp()))
        if found:
            raise SystemExit(1)


@dataclass(frozen=True, slots=True)
class _Verified:
    """How many orders of a chunk there were, and those that differ by their numbers."""

    orders: int
    differing: list[tuple[str, Noted]]


def _verified(keys: Sequence[int]) -> _Verified:
    orders = 0
    differing = []
    for order in orders_to_replay(keys):
        orders += 1
        if any(differences(order)):
            differing.append((order.order_number, note_differences(order)))
    return _Verified(orders, differing)


def _moment(text: str) -> datetime:
    """So long ago, or a moment with an offset."""
    if found := re.fullmatch(r"(\d{1,5})([mhd])", text, re.ASCII):
        return timezone.now() - timedelta(**{UNITS[found[2]]: int(found[1])})
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ArgumentTypeError("such as 26h, 3d or 2026-01-05T00:00Z")
    return moment


def _leave(path: Path, text: str) -> None:
    """Whole or not at all: whoever reads it meanwhile has the one before."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text)
    beside.replace(path)
