"""Pages as they are looked at: wide and narrow, light and dark; and what axe finds wrong there."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

SHAPES = [(width, scheme) for width in (1280, 400) for scheme in ("light", "dark")]
"""Two widths, as the styles have two breakpoints, and both schemes of colors."""

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_FIND = """async rules => {
    const isEndless = one => one.effect.getComputedTiming().endTime === Infinity;
    document.getAnimations().forEach(one => isEndless(one) || one.finish());
    const found = await axe.run({runOnly: rules, preload: false, resultTypes: ["violations"]});
    const places = nodes => nodes.map(node => [node.target.join(" "), node.failureSummary]);
    return found.violations.map(violation => [violation.id, places(violation.nodes)]);
}"""
_IS_THERE = "typeof axe !== 'undefined'"
_WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def find_axe() -> Path | None:
    return AXE if AXE.exists() else None


def findings(page, resize: Callable[[int], None] | None = None) -> list[str]:
    """What is wrong with a page in any of the shapes: axe's rules, or that it scrolls sideways.

    Axe writes styles into the page: its policy has to be off.
    """
    found = []
    if not page.evaluate(_IS_THERE):
        page.evaluate(AXE.read_text())
    for width, scheme in SHAPES:
        (resize or partial(_resize, page))(width)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{width} {scheme}: {one}" for one in _found_now(page)]
    return found


def _resize(page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})


def _found_now(page) -> list[str]:
    violations = [f"{rule}: {nodes}" for rule, nodes in page.evaluate(_FIND, RULES)]
    return violations + (["it scrolls sideways"] if page.evaluate(_WIDER) else [])
