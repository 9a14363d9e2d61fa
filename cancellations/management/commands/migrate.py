from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from orders.schema import MadeByAnotherVersion, check_schema

TURN = 7_203_041_155
"""The advisory lock of whoever migrates; any number that nobody else takes."""
ASKED_EVERY_SECONDS = 0.5


class Command(migrate.Command):
    """Django's own, but for a database that it would take for one that is up to date.

    Two of them on one database take turns: what the first has done, the second finds done.
    """

    def handle(self, *args: Any, **options: Any) -> str | None:
        connection = connections[options["database"]]
        with self._turn(connection, options["verbosity"]):
            try:
                check_schema(MigrationLoader(connection))
            except MadeByAnotherVersion as refusal:
                name = connection.settings_dict["NAME"]
                raise CommandError(f"{refusal.message} It is {name}.") from refusal
            return super().handle(*args, **options)

    @contextmanager
    def _turn(self, connection: BaseDatabaseWrapper, verbosity: int) -> Iterator[None]:
        """Asked for again and again: who waits in a statement keeps indexes from being made."""
        if connection.vendor != "postgresql":
            yield
            return
        is_told = False
        while not _is_had(connection, "pg_try_advisory_lock"):  # guard: migrations take turns
            if verbosity and not is_told:
                self.stderr.write("Another migrate is at work on this database; waiting for it.")
                is_told = True
            sleep(ASKED_EVERY_SECONDS)
        try:
            yield
        finally:
            if connection.is_usable():  # else its session has ended, and the lock with it
                _is_had(connection, "pg_advisory_unlock")


def _is_had(connection: BaseDatabaseWrapper, function: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [TURN])
        [had] = cursor.fetchone()
    return bool(had)
