"""Databases that are made for one benchmark and gone after it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

from tests.support.database import OF_THIS_RUN, POSTGRESQL_SCHEMES
from tests.support.postgres import find_programs, start_server

PROJECT = Path(__file__).parents[2]
MIGRATED = "countermand_as_migrated"
ONE_AT_A_TIME = 20_071_122
"""The advisory lock of whoever makes it."""


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
        model = like if like == MIGRATED else _named(like)
        _execute(urlunsplit(parts), "CREATE DATABASE {} TEMPLATE {}", database, model)
    else:
        _execute(urlunsplit(parts), "CREATE DATABASE {}", database)
    try:
        yield urlunsplit(parts._replace(path=f"/{database}"))
    finally:
        _execute(urlunsplit(parts), "DROP DATABASE {} WITH (FORCE)", database)


@contextmanager
def migrated_database(server: str, name: str, folder: Path) -> Iterator[str]:
    """The URL of a database as ``migrate`` leaves it.

    On a server that only this run of the tests uses it is a copy of one that is migrated once,
    by whoever comes first: ``migrate`` takes longer than most of what is tried on its database.
    """
    if os.environ.get(OF_THIS_RUN) == server:
        migrate_once(server)
        with new_database(server, name, folder, like=MIGRATED) as url:
            yield url
        return
    with new_database(server, name, folder) as url:
        _migrate(url)
        yield url


def migrate_once(server: str) -> None:
    """See to it that the database ``MIGRATED`` is there, and as ``migrate`` leaves it."""
    address = urlsplit(server)._replace(scheme="postgresql")
    with psycopg.connect(urlunsplit(address), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        named = connection.execute("SELECT FROM pg_database WHERE datname = %s", [MIGRATED])
        if named.fetchone() is not None:
            return
        begun = f"{MIGRATED}_begun"
        for once_more in ("DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}"):
            connection.execute(SQL(once_more).format(Identifier(begun)))
        _migrate(urlunsplit(address._replace(path=f"/{begun}")))
        rename = SQL("ALTER DATABASE {} RENAME TO {}")
        connection.execute(rename.format(Identifier(begun), Identifier(MIGRATED)))


def _migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "migrate", "--verbosity=0"],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": url, "DEBUG": "1"},
        check=True,
    )


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
