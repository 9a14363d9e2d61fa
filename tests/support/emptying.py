"""Between tests that commit, the database as it was migrated: emptied, its seeds put back.

Django's flush writes every content type, right and group anew, which takes longer than most tests.
Here PostgreSQL keeps a copy of what the migrations left, and its triggers are not asked.
"""

from collections.abc import Sequence

from django.db import connection
from django.test import TransactionTestCase

COPIES = "as_migrated"


def can_be_emptied_by_copies() -> bool:
    """Whether triggers can be left out, which takes a superuser of PostgreSQL."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def copy_what_is_there() -> None:
    """Keep what every table holds now, and empty and fill them so between tests that commit."""
    tables = connection.introspection.django_table_names(only_existing=True)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {COPIES} CASCADE; CREATE SCHEMA {COPIES}")
        for table in tables:
            cursor.execute(f"CREATE TABLE {COPIES}.{table} AS TABLE public.{table}")
        filled = [table for table in tables if _has_rows(cursor, table)]
    statement = _as_it_was(tables, filled)

    def put_back(self: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    TransactionTestCase._fixture_teardown = put_back


def _has_rows(cursor, table: str) -> bool:
    cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
    return bool(cursor.fetchone()[0])


def _as_it_was(tables: Sequence[str], filled: Sequence[str]) -> str:
    return "; ".join(
        [
            "BEGIN; SET LOCAL session_replication_role = replica",
            *(f"DELETE FROM public.{table}" for table in tables),
            *(f"INSERT INTO public.{table} TABLE {COPIES}.{table}" for table in filled),
            "COMMIT",
        ]
    )
