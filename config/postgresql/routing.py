"""What keeps a replica to what it is for: it is read where somebody asks for it by name."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

from orders.replica import REPLICA


class KeptOffTheReplica:
    """Nothing is written to it, and nothing is migrated there: all of that comes by itself.

    Rows that were read there are read on there, and saved in the primary, whose rows they are.
    """

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, database: str, app_label: str, **hints: Any) -> bool | None:
        return False if database == REPLICA else None
