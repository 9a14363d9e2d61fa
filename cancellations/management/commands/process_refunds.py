import signal
from threading import Event
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cancellations.queues import every_queue
from cancellations.worker import Draining, workers_alive


class Command(BaseCommand):
    help = "Carry refunds and releases out as they fall due, until told to stop (SIGTERM, Ctrl-C)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="work on what is due now, then end: for a timer"
        )
        parser.add_argument(
            "--alive",
            action="store_true",
            help="only say whether one is at work; else exit 1",
        )

    def handle(self, *args: Any, once: bool, alive: bool, **options: Any) -> None:
        if alive:
            if not (count := workers_alive(timezone.now())):
                raise CommandError("No worker was seen in the last minute.")
            self.stdout.write(f"{count} at work")
            return
        worker = Draining(every_queue(), hands=settings.REFUND_CALLS_AT_ONCE)
        stop = _stopped_by_signals()
        if not once:
            self.stdout.write(f"Carrying refunds out as {worker.name}. Ctrl-C stops.")
        worker.until(stop, once=once)
        self.stdout.write(f"{worker.done} worked on")


def _stopped_by_signals() -> Event:
    """Set by SIGTERM and SIGINT: what is in hand is finished then."""
    stop = Event()

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    return stop
