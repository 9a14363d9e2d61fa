"""How PostgreSQL reads the lists of a large shop: never a table that grows from end to end."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.benchmarks.filling import fill
from tests.benchmarks.measuring import PROJECT, environment
from tests.proofs.sizes import SHOP_ORDERS
from tests.support.databases import database_server, migrated_database

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]

CODE = "from tests.benchmarks.list_pages import print_scans; print_scans()"


@pytest.mark.budget
def test_no_page_of_a_list_reads_a_table_that_grows_from_end_to_end(tmp_path):
    with database_server(tmp_path) as server, migrated_database(server, "plans", tmp_path) as url:
        fill(url, SHOP_ORDERS)
        without_compiling(url)

        assert manage(url, "shell", "--no-imports", "--command", CODE) == ""


def without_compiling(url: str) -> None:
    """To compile queries takes long, and says nothing of how they read."""
    with psycopg.connect(url, autocommit=True) as connection:
        name = Identifier(connection.info.dbname)
        connection.execute(SQL("ALTER DATABASE {} SET jit = off").format(name))


def manage(url: str, *arguments: str) -> str:
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", *arguments],
        cwd=Path(PROJECT),
        env=environment(url) | {"DEBUG": "1"},
        check=True,
        capture_output=True,
        text=True,
    )
    return run.stdout
