"""Databases that are made for one benchmark and gone after it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

from tests.support.database import POSTGRESQL_SCHEMES
from tests.support.postgres import find_programs, start_server


@contextmanager
def database_server(folder: Path) -> Iterator[str]:
    """The URL to make databases at: ``DATABASE_URL``, else a private PostgreSQL, else SQLite."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
    elif programs := find_programs():
        server = start_server(programs)
        try:
            yield server.url
        finally:
            server.stop()
    else:
        yield f"sqlite:///{folder}/benchmarks.sqlite3"


@contextmanager
def new_database(server: str, name: str, folder: Path, *, like: str = "") -> Iterator[str]:
    """The URL of an empty database beside the one of ``server``, which stays untouched.

    On PostgreSQL the user of the URL needs the right to create databases.

    Args:
        like: Another one by its name, which nobody is connected to: the new one begins as its copy.
    """
    if not server.startswith(POSTGRESQL_SCHEMES):
        if like:
            shutil.copy(folder / f"{like}.sqlite3", folder / f"{name}.sqlite3")
        yield f"sqlite:///{folder}/{name}.sqlite3"
        return
    parts = urlsplit(server)._replace(scheme="postgresql")
    database = _named(name)
    if like:
        _execute(urlunsplit(parts), "CREATE DATABASE {} TEMPLATE {}", database, _named(like))
    else:
        _execute(urlunsplit(parts), "CREATE DATABASE {}", database)
    try:
        yield urlunsplit(parts._replace(path=f"/{database}"))
    finally:
        _execute(urlunsplit(parts), "DROP DATABASE {} WITH (FORCE)", database)


def describe(server: str) -> str:
    """Which database it is, without the URL's password."""
    if not server.startswith(POSTGRESQL_SCHEMES):
        return "SQLite"
    with psycopg.connect(urlunsplit(urlsplit(server)._replace(scheme="postgresql"))) as connection:
        version = connection.info.parameter_status("server_version")
    where = "as DATABASE_URL says" if "DATABASE_URL" in os.environ else "a private server"
    return f"PostgreSQL {version}, {where}"


def _named(name: str) -> str:
    return f"countermand_{name}_{os.getpid()}"


def _execute(url: str, statement: str, *databases: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SQL(statement).format(*map(Identifier, databases)))
