"""Walks every kept page through the widths of screens, with the longest words there may be."""

from collections.abc import Iterator

from tests.proofs.looks.gallery import Gallery, Kept, script

WIDTHS = (
    320, 360, 400, 480, 599, 600, 640, 680, 768, 899, 900, 1000, 1100, 1180, 1280, 1440, 1680, 1920,
)  # fmt: skip
HEIGHT = 900


def narrow_places(gallery: Gallery, kept: Kept, widths=WIDTHS) -> Iterator[str]:
    """What has not room enough on a page as it is, with long words and with long names."""
    room, stretch = script("room"), script("stretch")
    for kind in ("as it is", "words", "names"):
        page = gallery.show(kept)
        if kind != "as it is":
            page.evaluate(stretch, kind)
        for width in widths:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            for found in page.evaluate(room):
                yield f"{kind}, {width}: {found}"
