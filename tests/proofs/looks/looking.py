"""What is asked of every kept page; each question gives what is wrong, in words."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from os import cpu_count

from tests.proofs.looks.gallery import Gallery, Kept, chromium
from tests.proofs.looks.senses import (
    borders_are_weak,
    focus_is_lost,
    forced_colors_lose_it,
    something_moves,
    spacing_breaks_it,
)
from tests.proofs.looks.widths import narrow_places
from tests.support.accessible import findings

DJANGOS = ("empty-table-header", "label-title-only", "scrollable-region-focusable")
"""What axe finds in Django's own templates of the admin, and no style sheet can mend."""

Question = Callable[[Gallery, Kept], Iterable[str]]


def axe_finds(gallery: Gallery, kept: Kept) -> Iterator[str]:
    """Whatever axe finds, wide and narrow, light and dark."""
    found = findings(gallery.show(kept))
    yield from (
        one for one in found if not (kept.is_admins and any(rule in one for rule in DJANGOS))
    )


def breaks_its_policy(gallery: Gallery, kept: Kept) -> Iterator[str]:
    """Whatever the page logs as an error, and whatever it asks of other hosts."""
    gallery.show(kept).wait_for_load_state("networkidle")
    yield from gallery.complaints


QUESTIONS: dict[str, tuple[Question, bool]] = {
    "widths": (narrow_places, True),
    "axe": (axe_finds, False),
    "policy": (breaks_its_policy, True),
    "focus": (focus_is_lost, True),
    "spacing": (spacing_breaks_it, False),
    "borders": (borders_are_weak, True),
    "forced_colors": (forced_colors_lose_it, True),
    "motion": (something_moves, True),
}
"""By name, with whether the page's policy stands: what looks into a page may write into it."""


def answers(name: str, kept: list[Kept]) -> Iterator[str]:
    """What a question finds on all the pages, by as many browsers as there are cores."""
    shares = min(cpu_count() or 1, len(kept)) or 1
    with ProcessPoolExecutor(shares) as pool:
        for found in pool.map(
            partial(_ask, name), [kept[share::shares] for share in range(shares)]
        ):
            yield from found


def _ask(name: str, kept: list[Kept]) -> list[str]:
    question, policy = QUESTIONS[name]
    with chromium() as browser:
        gallery = Gallery(browser, policy=policy)
        return [f"{one.name}: {found}" for one in kept for found in question(gallery, one)]
