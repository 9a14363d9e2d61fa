"""Pictures of every page in every state: ``python -m tests.proofs.looks.screenshots FOLDER``."""

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from os import cpu_count
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from tests.proofs.looks.__main__ import pages_of
from tests.proofs.looks.gallery import Gallery, Kept, chromium, few_of_a_kind
from tests.support.accessible import SHAPES

TALLEST = 4000


def main() -> None:
    """Write the pictures into the folder, which is made if need be."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.looks.screenshots")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=Path, help="the folder of a walk, with its pages")
    parser.add_argument("--of-a-kind", type=int, default=1000, help="states of one page, at most")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        kept = few_of_a_kind(pages_of(asked.pages or Path(folder)), asked.of_a_kind)
        take_pictures(kept, asked.folder)
    print(f"{len(kept) * len(SHAPES)} pictures of {len(kept)} pages and states in {asked.folder}")


def take_pictures(kept: list[Kept], folder: Path) -> None:
    """One of each page in each shape, by as many browsers as there are cores."""
    shares = cpu_count() or 1
    with ProcessPoolExecutor(shares) as pool:
        parts = [kept[share::shares] for share in range(shares)]
        list(pool.map(partial(_take, folder), parts))


def _take(folder: Path, kept: list[Kept]) -> None:
    with chromium() as room:
        gallery = Gallery(room)
        for one in kept:
            page = gallery.show(one)
            for width, scheme in SHAPES:
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                file = folder / f"{one.name}-{width}-{scheme}.png"
                height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
                area = {"x": 0, "y": 0, "width": width, "height": height}
                page.screenshot(path=file, full_page=True, clip=area)


if __name__ == "__main__":
    main()
