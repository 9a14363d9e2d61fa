"""What every database has from the start: the feed, and on SQLite the notes of its triggers.

SQLite loses the triggers of a table whenever a migration writes that table anew.
"""

from pathlib import Path
from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps
from django.db import connections
from django.utils import timezone

SQLITE = Path(__file__).with_name("migrations") / "sqlite.sql"


def seed(sender: object, using: str, **kwargs: Any) -> None:
    """Put back what is missing, after every ``migrate`` and flush."""
    apps: Apps = kwargs.get("apps", installed)
    try:
        feed = apps.get_model("integrations", "Feed")
        apps.get_model("cancellations", "ProcessException")
    except LookupError:
        return  # migrated to where there is none
    feed.objects.using(using).get_or_create(pk=1, defaults={"due_at": timezone.now()})
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for statement in SQLITE.read_text().split("\n\n"):
                cursor.execute(statement)
