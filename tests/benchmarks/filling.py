"""A shop's orders at any size, seeded and with real distributions, written by the database itself.

``python -m tests.benchmarks.filling 200000`` fills the migrated, empty PostgreSQL of
``DATABASE_URL``.
"""

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from time import perf_counter

import psycopg
from psycopg.sql import Literal

SQL = Path(__file__).with_suffix(".sql")


def _words(text: str) -> list[str]:
    return text.split()


FIRST_NAMES = _words(
    "James Mary John Patricia Robert Jennifer Michael Linda David Elizabeth William Barbara"
    " Sophie Richard Susan Joseph Jessica Thomas Sarah Charles Karen Lauren Daniel Lisa"
    " Matthew Nancy Anthony Betty Mark Sandra Donald Ashley Steven Emily Paul Kimberly"
    " Andrew Margaret Joshua Donna Kenneth Michelle Kevin Carol Brian Amanda George Melissa"
    " Zoë José Søren Wei Yuki Aïcha Bartholomew Persephone"
)
LAST_NAMES = _words(
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez"
    " Lopez Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson"
    " White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott"
    " Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell"
    " Carter Roberts Boyle Müller O'Brien Li Ng Wu 王小明 Núñez Kowalski Rosewarne"
)
BEGINNINGS = _words(
    "Ash Bark Cald Dray Elms Fair Garth Hart Ink Jes Kirk Lang Mar Nor Oak Pem Quill Rad"
    " Sel Thorn Un Val Wex Yar Zell Brad Crow Dun Fen Hol"
)
ENDINGS = _words(
    "by ton ham ley worth ford wick shaw bury den field gate house land man mere more ridge"
    " stead stone well wood yard bridge brook combe croft dale thwaite quist"
)
DOMAINS = _words("gmail.com outlook.com yahoo.com example.com icloud.com posteo.example")
QUALITIES = _words(
    "Blue Black Small Large Classic Organic Steel Wooden Double Travel Folding Vintage"
    " Quiet Warm Soft Ceramic"
)
THINGS = _words(
    "Mug Lamp Chair Kettle Blanket Notebook Backpack Bottle Cushion Teapot Shelf Speaker"
    " Jacket Candle Basket Umbrella Toaster Espresso"
)
LISTS = {
    "first_names": FIRST_NAMES,
    "last_names": LAST_NAMES,
    "beginnings": BEGINNINGS,
    "endings": ENDINGS,
    "domains": DOMAINS,
    "qualities": QUALITIES,
    "things": THINGS,
}

_OTHER_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid::regclass::text ~ '^"?(orders|cancellations)_' AND NOT indisunique
"""
_STATISTICS = """
    SELECT format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s', attrelid::regclass, attnum,
                  attstattarget)
    FROM pg_attribute JOIN pg_index ON indexrelid = attrelid
    WHERE attstattarget > 0 AND indrelid::regclass::text ~ '^"?(orders|cancellations)_'
"""
_SEQUENCES = """
    SELECT table_name, pg_get_serial_sequence(table_name, 'id') FROM information_schema.tables
    WHERE table_name ~ '^(orders|cancellations)_' AND pg_get_serial_sequence(table_name, 'id') > ''
"""


def fill(url: str, orders: int, *, until: datetime | None = None) -> None:
    """Fill a migrated database that has no order yet, and analyze it.

    Args:
        url: Of a superuser, who may write without triggers.
        orders: So many, with three lines each and an account to twenty.
        until: When the newest was ordered; now unless given.
    """
    until = until or datetime.now(UTC)
    values = {"orders": orders, "until": until, **LISTS}
    with psycopg.connect(url) as connection:
        text = {name: Literal(value).as_string(connection) for name, value in values.items()}
        text["until"] += "::timestamptz"
        connection.execute("SET session_replication_role = replica; SET work_mem = '256MB'")
        connection.execute("SET maintenance_work_mem = '512MB'; SET jit = off")
        indexes = connection.execute(_OTHER_INDEXES).fetchall()
        statistics = connection.execute(_STATISTICS).fetchall()
        for name, _definition in indexes:
            connection.execute(f"DROP INDEX {name}")
        connection.execute(Template(SQL.read_text()).substitute(text))
        for _name, definition in indexes:
            connection.execute(definition)
        for (target,) in statistics:
            connection.execute(target)
        for table, sequence in connection.execute(_SEQUENCES).fetchall():
            connection.execute(f"SELECT setval('{sequence}', max(id) + 1) FROM {table}")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.filling")
    parser.add_argument("orders", type=int)
    started = perf_counter()
    orders = parser.parse_args().orders
    fill(os.environ["DATABASE_URL"], orders)
    print(f"{orders:,} orders in {perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
