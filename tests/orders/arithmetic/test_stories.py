"""What has become of a line's units."""

import pytest
from hypothesis import given

from orders.arithmetic.statuses import Quantities
from orders.arithmetic.stories import Fate, Stretch, story_of
from tests.support.strategies import orders_and_units, with_canceled


@pytest.mark.parametrize(
    ("line", "story"),
    [
        (Quantities(2), [(Fate.OPEN, 0, 2)]),
        (Quantities(3, canceled=3), [(Fate.CANCELED, 0, 3)]),
        (
            Quantities(7, canceled=1, allocated=5, fulfilled=4, return_initiated=3, returned=2),
            [
                (Fate.OPEN, 0, 1),
                (Fate.ALLOCATED, 1, 1),
                (Fate.FULFILLED, 2, 1),
                (Fate.COMING_BACK, 3, 1),
                (Fate.RETURNED, 4, 2),
                (Fate.CANCELED, 6, 1),
            ],
        ),
    ],
)
def test_each_unit_is_told_once(line, story):
    assert story_of(line) == tuple(Stretch(*stretch) for stretch in story)


@given(orders_and_units())
def test_together_they_are_what_was_ordered(order_and_units):
    order, units = order_and_units

    for line in with_canceled(order, units).lines.values():
        story = story_of(line.quantities)
        assert sum(stretch.units for stretch in story) == line.quantities.ordered
        assert all(stretch.units > 0 for stretch in story)
