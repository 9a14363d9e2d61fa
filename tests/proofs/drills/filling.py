"""A disk that is full: a small one of memory where this machine lets us mount it."""

import os
import subprocess
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Literal

from tests.support.postgres import _account

SIZE = "1m"
TRIGGER = """
CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
END $$;
CREATE TRIGGER disk_full BEFORE INSERT ON orders_ordersummary
FOR EACH ROW EXECUTE FUNCTION disk_full();
"""


@cache
def may_mount():
    """Whether a file system of memory can be mounted here: by root, where that is allowed."""
    with tempfile.TemporaryDirectory() as folder:
        if _mount(folder).returncode != 0:
            return False
        _unmount(folder)
    return True


@contextmanager
def small_disk(stage):
    """The orders' table moves to a disk of its own, which is filled; then there is room again."""
    with (
        tempfile.TemporaryDirectory() as folder,
        psycopg.connect(stage.url, autocommit=True) as owner,
    ):
        _mount(folder).check_returncode()
        try:
            owner.execute(SQL("CREATE TABLESPACE small LOCATION {}").format(Literal(folder)))
            owner.execute("ALTER TABLE orders_ordersummary SET TABLESPACE small")
            ballast = Path(folder, "ballast")
            _fill(ballast)
            yield "a disk without a free block"
            ballast.unlink()
            owner.execute("ALTER TABLE orders_ordersummary SET TABLESPACE pg_default")
            owner.execute("DROP TABLESPACE small")
        finally:
            _unmount(folder)


@contextmanager
def said_by_a_trigger(stage):
    """Where nothing can be mounted: what PostgreSQL says of a full disk, and none is filled."""
    with psycopg.connect(stage.url, autocommit=True) as owner:
        owner.execute(TRIGGER)
        yield "SQLSTATE 53100 by a trigger, as nothing can be mounted here"
        owner.execute("DROP FUNCTION disk_full CASCADE")


def _mount(folder):
    owner = _account()
    whose = f",uid={owner['user']},gid={owner['group']}" if owner else ""
    options = f"size={SIZE},mode=0700{whose}"
    mount = ["mount", "-t", "tmpfs", "-o", options, "countermand-drill", folder]
    try:
        return subprocess.run(mount, capture_output=True)
    except FileNotFoundError:
        return subprocess.CompletedProcess(mount, 127)


def _unmount(folder):
    subprocess.run(["umount", "--lazy", folder], check=True, capture_output=True)


def _fill(ballast):
    with ballast.open("wb", buffering=0) as opened:
        try:
            while True:
                opened.write(os.urandom(4096))
        except OSError:
            return
