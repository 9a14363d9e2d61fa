"""Collect the style sheets as one file, so that a page paints after one round trip."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/console.css"
IMPORT = re.compile(r'@import "([^"]+)";\n')


class OneSheetStorage(CompressedManifestStaticFilesStorage):
    """Puts each sheet in the place of its import, then hashes and compresses all files."""

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        if SHEET in paths and not dry_run:
            whole = IMPORT.sub(lambda found: _read(paths, f"css/{found[1]}"), _read(paths, SHEET))
            self.delete(SHEET)
            self.save(SHEET, ContentFile(whole))
            paths = {**paths, SHEET: (self, SHEET)}
        yield from super().post_process(paths, dry_run, **options)


def _read(paths: dict[str, tuple[Storage, str]], name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        content: bytes = file.read()
    return content.decode()
