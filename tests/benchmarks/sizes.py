"""What a filled shop takes on disk, per order: ``python -m tests.benchmarks.sizes 200000``.

One row for each table, in Markdown: the figures that ``SCALE.md`` goes on from.
"""

import argparse
import tempfile
from pathlib import Path

import psycopg

from tests.benchmarks.filling import fill
from tests.support.databases import database_server, migrated_database

LEAST_BYTES = 1
"""Per order; smaller tables are told of in one row."""
SIZES = """
SELECT relname, n_live_tup, pg_table_size(relid), pg_indexes_size(relid)
FROM pg_stat_user_tables WHERE schemaname = 'public' ORDER BY pg_total_relation_size(relid) DESC
"""


def main() -> None:
    """Fill a database of its own and print what its tables take."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.sizes")
    parser.add_argument("orders", type=int, nargs="?", default=200_000)
    orders = parser.parse_args().orders
    with (
        tempfile.TemporaryDirectory() as folder,
        database_server(Path(folder)) as server,
        migrated_database(server, "sizes", Path(folder)) as url,
    ):
        fill(url, orders)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            _print(connection.execute(SIZES).fetchall(), orders)


def _print(tables: list[tuple[str, int, int, int]], orders: int) -> None:
    print(f"| table ({orders:,} orders) | rows an order | bytes an order | of its indexes |")
    print("|---|---:|---:|---:|")
    large = [each for each in tables if (each[2] + each[3]) / orders >= LEAST_BYTES]
    for name, rows, table, indexes in large:
        print(
            f"| `{name}` | {rows / orders:.2f} | {table / orders:,.0f} | {indexes / orders:,.0f} |"
        )
    table, indexes = (sum(each[number] for each in tables) / orders for number in (2, 3))
    print(f"| all {len(tables)} | | {table:,.0f} | {indexes:,.0f} |")


if __name__ == "__main__":
    main()
