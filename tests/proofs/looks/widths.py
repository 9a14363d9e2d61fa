"""Takes every kept page through the widths of screens, with the longest words there may be."""

from collections.abc import Iterator

from tests.proofs.looks.gallery import Gallery, script

WIDTHS = (
    320, 360, 400, 480, 599, 600, 640, 680, 768, 899, 900, 1000, 1100, 1180, 1280, 1440, 1680, 1920,
)  # fmt: skip
KINDS = ["names", "words", "as it is"]
"""How long texts are made; in the end they are what they were."""

_STRETCH, _ROOM = script("stretch"), script("room")
_LOOK = f"kinds => kinds.map(kind => {{ ({_STRETCH})(kind); return ({_ROOM})(); }})"


def narrow_places(gallery: Gallery, widths=WIDTHS) -> Iterator[str]:
    """What has not room enough on a page as it is, with long words and with long names."""
    found: dict[tuple[str, str], list[int]] = {}
    for width in widths:
        gallery.resize(width)
        for kind, places in zip(KINDS, gallery.page.evaluate(_LOOK, KINDS), strict=True):
            for place in places:
                found.setdefault((kind, place), []).append(width)
    for (kind, place), where in found.items():
        yield f"{kind}, {', '.join(map(str, where))}: {place}"
