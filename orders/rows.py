"""Many rows of one table written by one statement."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def update_rows(rows: Sequence[Model], fields: Iterable[str]) -> None:
    """Write these fields of rows that are there, in one statement however many they are.

    PostgreSQL takes a list for each column; ``bulk_update``, which SQLite gets, spells a case
    out for each value.

    Args:
        rows: Of one model, each once.
    """
    if not rows:
        return
    model, names = type(rows[0]), list(fields)
    if connection.vendor != "postgresql":
        model._default_manager.bulk_update(rows, names)
        return
    fields_of = {field.name: field for field in model._meta.concrete_fields}
    columns = [model._meta.pk, *(fields_of[name] for name in names)]
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, columns), [_list(rows, column) for column in columns])


def _statement(model: type[Model], columns: Sequence[Any]) -> str:
    quoted = [connection.ops.quote_name(column.column) for column in columns]
    key, *others = quoted
    lists = ", ".join(f"%s::{_type(column)}[]" for column in columns)
    return (
        f"UPDATE {connection.ops.quote_name(model._meta.db_table)} AS written"
        f" SET {', '.join(f'{name} = given.{name}' for name in others)}"
        f" FROM unnest({lists}) AS given ({', '.join(quoted)})"
        f" WHERE written.{key} = given.{key}"
    )


def _type(column: "Field[Any, Any]") -> str:
    """Its type without a length: a cast would cut off in silence what is too long."""
    kind = column.rel_db_type(connection) if column.primary_key else column.db_type(connection)
    return re.sub(r"\(.*\)", "", str(kind))


def _list(rows: Sequence[Model], column: "Field[Any, Any]") -> list[Any]:
    return [column.get_db_prep_save(getattr(row, column.attname), connection) for row in rows]
