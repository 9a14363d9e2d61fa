"""A pytest plugin that decides, before Django starts, on which database the tests run.

``DATABASE_URL`` if it is set; else a private PostgreSQL server if the machine has
PostgreSQL's programs; else SQLite. ``--database sqlite`` asks for SQLite in any case.
"""

import os

import pytest

from tests.support.postgres import ServerNotStarted, find_programs, start_server

POSTGRESQL_SCHEMES = ("postgres:", "postgresql:", "pgsql:")

described = pytest.StashKey[str]()


def pytest_addoption(parser):
    parser.getgroup("countermand").addoption(
        "--database",
        choices=["auto", "sqlite"],
        default="auto",
        help="auto: DATABASE_URL, else a private PostgreSQL server, else SQLite",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config):
    os.environ.setdefault("DEBUG", "1")
    os.environ.setdefault("DATABASE_IDLE_SECONDS", "0")  # a test may wait for whoever debugs it
    early_config.stash[described] = _prepare_database(early_config)


def pytest_report_header(config):
    return f"database: {config.stash[described]}"


OF_THIS_RUN = "SERVER_OF_THIS_RUN"
"""Names the variable with the URL of a server that this run started and nobody else uses."""


def on_postgresql() -> bool:
    """Whether the tests run on PostgreSQL, known once the plugin has decided."""
    return os.environ.get("DATABASE_URL", "").startswith(POSTGRESQL_SCHEMES)


def _prepare_database(config: pytest.Config) -> str:
    """Set ``DATABASE_URL``, which pytest-xdist's workers inherit; describe it."""
    os.environ.pop("REPLICA_DATABASE_URL", None)  # it is none of the database of the tests
    asked_for_sqlite = config.known_args_namespace.database == "sqlite"
    if os.environ.get("DATABASE_URL") and not asked_for_sqlite:
        return "as DATABASE_URL says"

    for name in ("DATABASE_URL", OF_THIS_RUN):
        os.environ.pop(name, None)
    if asked_for_sqlite:
        return "SQLite, as asked for"
    if not (programs := find_programs()):
        return "SQLite, for there is no PostgreSQL here; what needs it is skipped"

    try:
        server = start_server(programs)
    except ServerNotStarted as refusal:
        raise pytest.UsageError(
            f"PostgreSQL did not start (--database sqlite does without):\n{refusal}"
        ) from None
    config.add_cleanup(server.stop)
    os.environ |= {"DATABASE_URL": server.url, OF_THIS_RUN: server.url}
    return f"PostgreSQL, a private server from {programs}"
