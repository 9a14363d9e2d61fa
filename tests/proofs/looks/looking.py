"""What is asked of every kept page; each question gives what is wrong, in words.

A page is opened once for all the questions that leave its policy standing, and once for the rest.
Each question finds the page as it was opened and leaves it so, but for its size and its media.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.proofs.looks.answers import Answers, Errand
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

WIDE, HIGH = 1280, 900
_HEIGHT = "document.documentElement.scrollHeight"

Question = Callable[[Gallery], Iterable[str]]


def axe_finds(gallery: Gallery) -> Iterator[str]:
    """Whatever axe finds, wide and narrow, light and dark.

    In a window as high as the page: what sticks to its edge lies over nothing then, and axe takes
    what can be scrolled away for a neighbour that is too near.
    """

    def resize(width: int) -> None:
        gallery.resize(width)
        gallery.resize(width, max(HIGH, gallery.page.evaluate(_HEIGHT)))

    for one in findings(gallery.page, resize):
        if not (gallery.shown.is_admins and any(rule in one for rule in DJANGOS)):
            yield one


def breaks_its_policy(gallery: Gallery) -> Iterator[str]:
    """Whatever the page logged as an error since it was opened, and asked of other hosts."""
    gallery.page.wait_for_load_state("networkidle")
    yield from gallery.complaints


QUESTIONS: dict[str, tuple[Question, bool]] = {
    "motion": (something_moves, True),
    "forced_colors": (forced_colors_lose_it, True),
    "borders": (borders_are_weak, True),
    "focus": (focus_is_lost, True),
    "widths": (narrow_places, True),
    "policy": (breaks_its_policy, True),
    "axe": (axe_finds, False),
    "spacing": (spacing_breaks_it, False),
}
"""By name, with whether the page's policy stands: what looks into a page may write into it.

In the order they are asked in; the policy comes last of its kind: it has nothing to wait for then.
"""


def walk(kept: list[Kept], questions: Collection[str], answers: Answers, at_once: int) -> None:
    """Ask the pages whatever they have not answered yet, in so many browsers."""
    errands = answers.left(kept, questions)
    shares = min(at_once, len(errands))
    if shares:
        with ProcessPoolExecutor(shares) as pool:
            parts = [errands[share::shares] for share in range(shares)]
            list(pool.map(partial(_ask, answers), parts))


def _ask(answers: Answers, errands: list[Errand]) -> None:
    with chromium() as room:
        windows = [Gallery(room, policy=policy) for policy in (True, False)]
        for done, (one, names) in enumerate(errands, 1):
            for gallery in windows:
                _ask_in(gallery, one, names, answers)
            if done % 25 == 0:
                print(f"{done} of {len(errands)}", flush=True)


def _ask_in(gallery: Gallery, kept: Kept, names: list[str], answers: Answers) -> None:
    ours = [name for name in QUESTIONS if name in names and QUESTIONS[name][1] == gallery.policy]
    if not ours:
        return
    gallery.resize(WIDE)
    gallery.show(kept)
    for name in ours:
        answers.add(kept, name, list(QUESTIONS[name][0](gallery)))
