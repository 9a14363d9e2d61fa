"""Static files for browsers in tests: each is read once, and the sheets come as one file.

So production has them (``config.sheets``). A browser that has nothing yet asks for sixty otherwise,
and Django's server for development looks for each of them anew.
"""

import re
from functools import cache
from mimetypes import guess_type
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import Http404, HttpRequest, HttpResponse

from config.sheets import IMPORT, SHEET

SECONDS = 3600


def serve(handler: StaticFilesHandler, request: HttpRequest) -> HttpResponse:
    """In place of the handler's own ``serve``."""
    name = handler.file_path(request.path)
    found = content(name)
    if found is None:
        raise Http404(name)
    return HttpResponse(
        found, content_type=kind(name), headers={"Cache-Control": f"max-age={SECONDS}"}
    )


def kind(name: str) -> str:
    """What a browser is told that it is."""
    return guess_type(name)[0] or "application/octet-stream"


@cache
def content(name: str) -> bytes | None:
    """What browsers get; None if there is no such file."""
    found = finders.find(name)
    if not isinstance(found, str):
        return None
    told = Path(found).read_bytes()
    return IMPORT.sub(_imported, told.decode()).encode() if name == SHEET else told


def _imported(part: re.Match[str]) -> str:
    return (content(f"css/{part[1]}") or b"").decode()
