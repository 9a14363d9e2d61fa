from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from orders.schema import MadeByAnotherVersion, check_schema


class Command(migrate.Command):
    """Django's own, but for a database that it would take for one that is up to date."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        connection = connections[options["database"]]
        try:
            check_schema(MigrationLoader(connection))
        except MadeByAnotherVersion as refusal:
            name = connection.settings_dict["NAME"]
            raise CommandError(f"{refusal.message} It is {name}.") from refusal
        return super().handle(*args, **options)
