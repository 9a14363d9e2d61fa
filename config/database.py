"""The database as settings have it: where it is, and how long anything may wait for it."""

from dataclasses import dataclass, replace
from typing import Any

from environs import Env

from config.environment import address_of_postgresql, within

CONNECT_TO_REPLICA = 2
"""Seconds, the least that there are: whoever waits for it in vain asks the primary next."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds, and who keeps the time.

    Attributes:
        statement: For one statement; 0 for as long as it takes, which ``manage.py`` asks for.
        idle: How long a transaction may do nothing; 0 for any time, which it asks for too.
        pooled: Whether a pooler stands between, which forwards no setting of a session: then
            statements are timed here alone, and by what the role of the database has set.
    """

    connect: int
    statement: int
    idle: int
    pooled: bool

    @property
    def options(self) -> dict[str, Any]:
        """Of every connection to PostgreSQL, for libpq and the server."""
        kept_by_the_network = {
            "connect_timeout": self.connect,
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 60_000,
        }
        if self.pooled:
            return kept_by_the_network
        limits = (
            f"-c statement_timeout={self.statement}s"
            f" -c idle_in_transaction_session_timeout={self.idle}s"
        )
        return {**kept_by_the_network, "options": limits}


def read_patience(env: Env) -> Patience:
    return Patience(
        connect=env.int("DATABASE_CONNECT_SECONDS", 3, validate=within(2, 60)),
        statement=env.int("DATABASE_STATEMENT_SECONDS", 30, validate=within(0, 3600)),
        idle=env.int("DATABASE_IDLE_SECONDS", 60, validate=within(0, 3600)),
        pooled=env.bool("DATABASE_POOLER", False),
    )


def read_database(env: Env, default: str, patience: Patience) -> dict[str, Any]:
    """The default database: SQLite made fit for concurrent requests, or as the URL says."""
    database: dict[str, Any] = dict(env.dj_db_url("DATABASE_URL", default))
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,  # as long as acts wait on PostgreSQL
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
        return database
    return _postgresql(database, patience)


def read_replica(env: Env, primary: dict[str, Any], patience: Patience) -> dict[str, Any]:
    """The database ``replica``, if there is one; it can be read, and nothing else.

    Raises:
        ValueError: The primary is none that can have a replica.
    """
    name = "REPLICA_DATABASE_URL"
    if not env.str(name, "", validate=address_of_postgresql):
        return {}
    if primary["ENGINE"] != "config.postgresql":
        raise ValueError(f"{name}: DATABASE_URL is not of PostgreSQL, which alone has replicas.")
    replica = _postgresql(dict(env.dj_db_url(name)), replace(patience, connect=CONNECT_TO_REPLICA))
    if not patience.pooled:
        replica["OPTIONS"]["options"] += " -c default_transaction_read_only=on"
    return {"replica": replica | {"TEST": {"MIRROR": "default"}}}


def _postgresql(database: dict[str, Any], patience: Patience) -> dict[str, Any]:
    asked = database.get("OPTIONS", {})
    options = {**patience.options, **asked}
    if both := [each["options"] for each in (patience.options, asked) if "options" in each]:
        options["options"] = " ".join(both)  # what the URL says comes last, and wins
    database |= {
        "ENGINE": "config.postgresql",
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # They die behind a transaction-mode pooler; long reads go in keyset chunks.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
    return database
