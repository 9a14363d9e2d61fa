"""Races of workers, people and gateways for the same refunds; see ``test_race_rounds.py``.

The sandbox's ledger, which no transaction holds, judges each round.
"""

import pytest

from tests.proofs.races.kinds import ending
from tests.proofs.races.refund_aftermath import refund_problems
from tests.proofs.races.refund_kinds import REFUND_KINDS
from tests.proofs.races.refund_rounds import RefundRace
from tests.proofs.sizes import RACE_ROUNDS

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
]

ROUNDS = {2: 2, 4: 1, 16: 1}
"""By how many act at once; over five kinds of races 20 in all, times ``RACE_ROUNDS``."""


@pytest.mark.parametrize("count", [2, 4, pytest.param(16, marks=pytest.mark.long)])
@pytest.mark.parametrize("kind", REFUND_KINDS)
def test_refund_races(kind, count, manager):
    seen = set()
    for number in range(ROUNDS[count] * RACE_ROUNDS if RACE_ROUNDS > 1 else 1):
        race = RefundRace(kind, count, number, manager, **REFUND_KINDS[kind].begins)

        backends, outcomes = race.run()

        assert len(backends) == count, race.name
        assert refund_problems(race, outcomes) == [], race.name
        seen.update(map(ending, outcomes))
    if RACE_ROUNDS > 1:
        assert REFUND_KINDS[kind].endings <= seen
