from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from console.audit.pruning import prune, to_prune


class Command(BaseCommand):
    help = "Remove sessions that have ended, and what is older than KEEP_…_DAYS say. For a timer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only, remove nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        now = timezone.now()
        counts = to_prune(now) if dry_run else prune(now)
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count} {'would go' if dry_run else 'removed'}")
