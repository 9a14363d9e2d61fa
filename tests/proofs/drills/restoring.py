"""A backup is one when it was restored: whole, into a new cluster, and found to agree."""

import psycopg

from tests.proofs.drills.stage import command, database, expect

GUARDS = """
SELECT (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal),
    (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
    (SELECT count(*) FROM pg_constraint WHERE connamespace = 'public'::regnamespace)
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


def restore(source, folder):
    """pg_dump, then pg_restore into a cluster that has never seen the database."""
    with database() as target:
        dump = source.folder.parent / "countermand.dump"
        source.run("pg_dump", "--format=custom", f"--file={dump}", source.url)
        whole = ("--exit-on-error", "--no-owner", "--single-transaction")
        target.run("pg_restore", *whole, f"--dbname={target.url}", dump)
        before, after = _counted(source.url), _counted(target.url)
        expect(after, before, "guards and rows")
        expect(command(target.url, "verify_orders")[0], 0, "verify_orders")
        _guards_hold(target.url)
    triggers, functions, constraints = after[0]
    return (
        f"{sum(after[1].values())} rows, {triggers} triggers, {functions} functions and"
        f" {constraints} constraints came back; verify_orders found no difference"
    )


def _counted(url):
    with psycopg.connect(url) as opened:
        names = [name for (name,) in opened.execute(TABLES)]
        rows = {
            name: opened.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names
        }
        return opened.execute(GUARDS).fetchone(), rows


def _guards_hold(url):
    with psycopg.connect(url) as opened:
        try:
            opened.execute("UPDATE cancellations_changeorder SET note = 'x'")
        except psycopg.Error:
            return
    expect("a change order was rewritten", "refused", "a guard after the restore")
