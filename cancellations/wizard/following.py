"""What ticking or unticking a bundle does to its children, where no script has done it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from orders.formats import Text

COME_ALONG = _("The items of the bundle are now selected too. Leave out what stays, then go on.")
GONE_ALONG = _("The bundle’s items on other pages are not selected any more either.")


@dataclass(frozen=True, slots=True)
class Followed:
    """Which lines are ticked once all children have followed, and what is to be said of it."""

    ticked: frozenset[int]
    said: tuple[Text, ...]


def follow_bundles(
    bundle_of: Mapping[int, int | None],
    *,
    ticked: frozenset[int],
    followed: frozenset[int],
    shown: frozenset[int],
) -> Followed | None:
    """The children that go along with their bundles; None where nothing is left to follow.

    A bundle takes its children along once: whoever unticks one afterwards leaves it out. Children
    in view stay as they are seen; of a bundle that is unticked none stays ticked out of sight.

    Args:
        bundle_of: The bundle, if any, of each line that can be canceled; all by primary key.
        followed: Bundles whose children have come along.
        shown: The lines of the page.
    """
    come = _children(bundle_of, ticked - followed) - ticked
    go = (_children(bundle_of, (followed - ticked) & shown) & ticked) - shown
    said = [words for words, lines in ((COME_ALONG, come), (GONE_ALONG, go)) if lines]
    return Followed((ticked | come) - go, tuple(said)) if said else None


def _children(bundle_of: Mapping[int, int | None], bundles: frozenset[int]) -> frozenset[int]:
    return frozenset(pk for pk, bundle in bundle_of.items() if bundle in bundles)
