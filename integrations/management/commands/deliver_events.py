import signal
from threading import Event
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from cancellations.worker import Draining
from integrations.events.queues import queues


class Command(BaseCommand):
    help = (
        "Publish what happened and deliver it to webhook endpoints, until told to stop. "
        "process_refunds does that as well: this is for workers that do nothing else."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="work on what is due now, then end: for a timer"
        )

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        worker = Draining(queues(), hands=settings.REFUND_CALLS_AT_ONCE)
        stop = Event()

        def told(number: int, frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, told)
        worker.until(stop, once=once)
        self.stdout.write(f"{worker.done} worked on")
