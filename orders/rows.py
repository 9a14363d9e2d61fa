"""Many rows of one table written by one statement."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import Field, JSONField, Model
from django.utils import timezone


def new_keys(counts: Mapping[type[Model], int]) -> dict[type[Model], Iterator[int]]:
    """Primary keys for so many rows of each table that are still to be written, lowest first.

    With them rows can point at each other before any of them is there. Asked for within the
    transaction that writes the rows: SQLite has no other writer as long as that lasts.
    """
    tables = [model._meta.db_table for model in counts]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            keys = (
                "ARRAY(WITH keys AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, 'id') AS name)"
                " SELECT nextval(keys.name) FROM keys, generate_series(1, %s))"
            )
            names = map(connection.ops.quote_name, tables)
            wanted = [value for pair in zip(names, counts.values(), strict=True) for value in pair]
            cursor.execute(f"SELECT {', '.join([keys] * len(counts))}", wanted)
            return dict(zip(counts, map(iter, cursor.fetchone()), strict=True))
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        last = defaultdict(int, cursor.fetchall())
    return {
        model: iter(range(last[table] + 1, last[table] + 1 + count))
        for (model, count), table in zip(counts.items(), tables, strict=True)
    }


def insert(model: type[Model], rows: Sequence[Model]) -> None:
    """Write instances that are not saved yet, all of the same fields; theirs stay as they are."""
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(rows)
        return
    named = [field.attname for field in model._meta.concrete_fields if not _is_set_when(field)]
    if not rows:
        return
    if rows[0].pk is None:
        named.remove(model._meta.pk.attname)
    _copy(model, named, map(attrgetter(*named), rows))


def insert_rows(model: type[Model], names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Write new rows, given as the values of these attributes; all others have their defaults."""
    if not rows:
        return
    if connection.vendor != "postgresql":
        made = (model(**dict(zip(names, row, strict=True))) for row in rows)
        model._default_manager.bulk_create(made)
        return
    _copy(model, names, rows)


def _copy(model: type[Model], names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    left = [field for name, field in fields.items() if name not in names and not field.primary_key]
    defaults = tuple(
        timezone.now() if _is_set_when(field) else field.get_default() for field in left
    )
    columns = [str(field.column) for field in (*(fields[name] for name in names), *left)]
    statement = (
        f"COPY {connection.ops.quote_name(model._meta.db_table)}"
        f" ({', '.join(map(connection.ops.quote_name, columns))}) FROM STDIN"
    )
    json = [place for place, name in enumerate(names) if isinstance(fields[name], JSONField)]
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            values = [*row, *defaults]
            for place in json:
                values[place] = connection.ops.adapt_json_value(row[place], None)
            copy.write_row(values)


def _is_set_when(field: "Field[Any, Any]") -> bool:
    """Whether it says when its row was written."""
    return bool(getattr(field, "auto_now_add", False))


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
