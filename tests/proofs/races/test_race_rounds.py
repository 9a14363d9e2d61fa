"""Races on one order each, with random pauses at every seam between statements.

Each thread has a connection of its own. A round that fails names itself; its pauses and
choices follow from that name. No race may end otherwise than it should. In many rounds (the long
form) every ending that a race is about must occur, too: quantities, and who begins, are such that
it does whatever the threads' timing.
"""

import pytest

from tests.proofs.races.aftermath import problems
from tests.proofs.races.kinds import KINDS, ending
from tests.proofs.races.rounds import Race
from tests.proofs.sizes import RACE_ROUNDS

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
]

ROUNDS = {2: 3, 4: 2, 16: 1}
"""By how many act at once; over ten kinds of races 60 in all, times ``RACE_ROUNDS``."""


@pytest.mark.parametrize("count", [2, 4, pytest.param(16, marks=pytest.mark.long)])
@pytest.mark.parametrize("kind", KINDS)
def test_races(kind, count, manager):
    seen = set()
    for number in range(ROUNDS[count] * RACE_ROUNDS if RACE_ROUNDS > 1 else 1):
        race = Race(kind, count, number, manager, **KINDS[kind].begins)

        backends, outcomes = race.run()

        assert len(backends) == count, race.name
        assert problems(race, outcomes) == [], race.name
        seen.update(map(ending, outcomes))
    if RACE_ROUNDS > 1:
        assert KINDS[kind].endings <= seen
