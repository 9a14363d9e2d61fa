"""Where Django looks for a database by the name ``config.postgresql``."""

from typing import Any

import psycopg
from django.db.backends.postgresql import base

from config.postgresql import pulse
from config.postgresql.waiting import OF_A_REPLICA, OF_THE_PRIMARY, TimedConnection
from orders.replica import REPLICA


class _TimedPsycopg:
    """The driver, but for the connections that it makes."""

    connect = TimedConnection.connect

    def __getattr__(self, name: str) -> Any:
        return getattr(psycopg, name)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own; a database that was found silent is not waited for by everybody."""

    Database = _TimedPsycopg()  # type: ignore[assignment]

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        watch = OF_A_REPLICA if self.alias == REPLICA else OF_THE_PRIMARY
        pulse.refuse_if_silent(watch.alias)
        try:
            connection = super().get_new_connection(conn_params)
        except psycopg.errors.ConnectionTimeout:
            pulse.note_silence(watch.alias)
            raise
        connection.watch = watch
        return connection
