import subprocess
import sys

import pytest

from tests.benchmarks.measuring import PROJECT


@pytest.mark.postgresql
def test_a_small_race_cancels_nothing_that_was_not_there():
    options = ["--clients", "3", "--workers", "2", "--attempts", "1", "--units", "4"]
    race = subprocess.run(
        [sys.executable, "-m", "tests.proofs.races", *options],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )

    assert (race.returncode, race.stderr) == (0, ""), race.stdout
    *table, over_cancellations, end = race.stdout.splitlines()
    [finished] = [row.split()[2] for row in table if row.startswith("finished runs")]
    assert int(finished) > 0
    assert over_cancellations.split() == ["over-cancellations", "0", "must", "be", "0"]
    assert end == "The race passed."


def test_a_race_without_postgresql_says_what_it_needs(tmp_path):
    race = subprocess.run(
        [sys.executable, "-m", "tests.proofs.races"],
        cwd=PROJECT,
        env={"DATABASE_URL": f"sqlite:///{tmp_path}/race.sqlite3"},
        capture_output=True,
        text=True,
    )

    assert (race.returncode, race.stdout) == (1, "")
    assert race.stderr == (
        "The race needs PostgreSQL: apt-get install postgresql, or set DATABASE_URL.\n"
    )
