"""Twelve strangers at the door leave an agent's pages nearly as quick as without them."""

import pytest

from tests.proofs.hostile.door_load import measured

TRIES = 3
"""A machine that others keep busy measures them; what holds, holds once it is left alone."""


@pytest.mark.slow
@pytest.mark.postgresql
def test_strangers_at_the_door_do_not_starve_the_house(tmp_path):
    loads = []
    for number in range(TRIES):
        folder = tmp_path / str(number)
        folder.mkdir()
        loads.append(measured(folder, clients=12))
        if loads[-1].is_passed:
            return

    pytest.fail("\n".join(map(str, loads)))
