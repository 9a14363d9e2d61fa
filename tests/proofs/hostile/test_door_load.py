"""A little load at the door, left to ``make proofs``; how it slows an agent is measured apart."""

import pytest

from tests.proofs.hostile.door_load import measured


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.postgresql
def test_agents_and_strangers_are_answered_while_many_sign_in(tmp_path):
    load = measured(tmp_path, clients=4, turns=1)

    assert load.are_answered, load
