"""Static files for browsers in tests: each is read once, and the sheets come as one file.

So production has them (``config.sheets``). A browser that has nothing yet asks for sixty otherwise,
and Django's server for development looks for each of them anew.
"""

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
    kind = guess_type(name)[0] or "application/octet-stream"
    return HttpResponse(
        _content(name), content_type=kind, headers={"Cache-Control": f"max-age={SECONDS}"}
    )


@cache
def _content(name: str) -> bytes:
    found = finders.find(name)
    if found is None:
        raise Http404(name)
    content = Path(found).read_bytes()
    if name != SHEET:
        return content
    sheet = IMPORT.sub(lambda part: _content(f"css/{part[1]}").decode(), content.decode())
    return sheet.encode()
