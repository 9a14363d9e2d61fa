"""What axe cannot see: focus by the keyboard, wide spacing, borders, colours that are forced."""

from collections.abc import Iterator

from tests.proofs.looks.gallery import Gallery, script

MOST_STOPS = 80
SPACING = """
* {
  letter-spacing: 0.12em !important; word-spacing: 0.16em !important;
  line-height: 1.5 !important;
}
p { margin-block-end: 2em !important; }
"""
"""WCAG 1.4.12."""

_STOP = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const box = at.getBoundingClientRect();
    const style = getComputedStyle(at);
    const x = Math.min(Math.max(box.x + box.width / 2, 1), innerWidth - 1);
    const y = Math.min(Math.max(box.y + Math.min(box.height, 40) / 2, 1), innerHeight - 1);
    const above = document.elementFromPoint(x, y);
    const isSeen = above && (at.contains(above) || above.contains(at) || above.closest("label"));
    window.stops ??= [];
    const before = window.stops.at(-1);
    const isInOrder = !before ||
        before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING;
    const isKnown = window.stops.includes(at);
    window.stops.push(at);
    return {
        name: `${at.localName} ${(at.name || at.textContent || "").trim().slice(0, 30)}`,
        isOutside: box.bottom < 0 || box.top > innerHeight || box.right < 0 || box.x > innerWidth,
        isFirst: Boolean(before) && at.matches(".skip-link, .skip-to-content-link"),
        isCovered: !isSeen, isInOrder: Boolean(isInOrder), isKnown,
        isMarked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1.5,
        isSmall: box.width < 1,
    };
}"""

_AT_THE_TOP = """() => {
    const start = document.createElement("span");
    start.tabIndex = -1;
    document.body.prepend(start);
    start.focus();
    start.remove();
    scrollTo(0, 0);
    window.stops = [];
}"""
"""As a page is opened of which no field asks for the focus: the next press of Tab goes to its first
stop."""


def focus_is_lost(gallery: Gallery) -> Iterator[str]:
    """Stops of the Tab key that cannot be seen, are covered, or are out of order."""
    page = gallery.page
    for width in (1280, 400):
        gallery.resize(width, height=700)
        page.evaluate(_AT_THE_TOP)
        for _stop in range(MOST_STOPS):
            page.keyboard.press("Tab")
            stop = page.evaluate(_STOP)
            if stop is None or stop["isKnown"] or stop["isFirst"]:
                break
            yield from (f"{width}: {stop['name']} {wrong}" for wrong in _wrongs(stop))
    page.evaluate(_AT_THE_TOP)


def _wrongs(stop: dict) -> Iterator[str]:
    if stop["isOutside"]:
        yield "is off the screen when it has the focus"
    elif stop["isCovered"]:
        yield "is covered when it has the focus"
    if not stop["isInOrder"]:
        yield "comes out of order"
    if not stop["isMarked"]:
        yield "does not show the focus"


def spacing_breaks_it(gallery: Gallery) -> Iterator[str]:
    """What has no room with the spacing of WCAG 1.4.12; zoom is asked for by narrow widths."""
    style = gallery.page.add_style_tag(content=SPACING)
    for width in (1280, 1000, 400):
        gallery.resize(width)
        yield from (f"{width}: {found}" for found in gallery.page.evaluate(script("room")))
    style.evaluate("style => style.remove()")


def borders_are_weak(gallery: Gallery) -> Iterator[str]:
    """Controls whose border has less than 3:1 against what they stand on, light and dark."""
    for scheme in ("dark", "light"):
        gallery.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        yield from (f"{scheme}: {found}" for found in gallery.page.evaluate(script("senses")))


_CURRENT = """() => [...document.querySelectorAll(
    ".bar-links, .tabs, .progress ol")].filter(list => list.checkVisibility()).map(list => {
    const line = one => {
        const style = getComputedStyle(one);
        const dot = one.querySelector(".dot");
        const edge = dot && getComputedStyle(dot).borderTopWidth;
        return [style.borderBottomColor, edge, dot && style.fontWeight].join();
    };
    const items = [...list.children].filter(one => one.checkVisibility());
    const current = items.filter(one => one.matches("[aria-current]"));
    const rest = items.filter(one => !one.matches("[aria-current]"));
    const alike = current.length && rest.some(one => line(one) === line(current[0]));
    const steps = [...list.querySelectorAll("li + li")];
    const lost = steps.some(one => getComputedStyle(one, "::before").borderTopWidth !== "2px");
    return [alike && `the current one of ${list.className || "the steps"} looks like the others`,
        lost && "the line of the steps is lost"];
}).flat().filter(Boolean)"""


def forced_colors_lose_it(gallery: Gallery) -> Iterator[str]:
    """What is not told any more where the reader's own colours are forced upon the page."""
    page = gallery.page
    gallery.resize(1280)
    page.emulate_media(forced_colors="active")
    yield from page.evaluate(_CURRENT)
    page.emulate_media(forced_colors="none")


_MOVING = """() => document.getAnimations().filter(one => one.playState === "running")
    .map(one => `${one.effect.target.className} moves`)"""


def something_moves(gallery: Gallery) -> Iterator[str]:
    """What moves although less motion was asked for."""
    gallery.page.emulate_media(reduced_motion="reduce")
    yield from gallery.page.evaluate(_MOVING)
