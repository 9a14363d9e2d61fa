"""Where a wizard was opened: in the console, or outside it with a way back.

Outside there is no console frame, and the progress bar stands at the top and the bottom. The
URL's query carries it through every redirect, link and error: ``?outside=1&return_to=/admin/``.
"""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


@dataclass(frozen=True, slots=True)
class Frame:
    """A wizard's surroundings; ``return_to`` is "" or a path on this site."""

    is_outside: bool = False
    return_to: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Frame":
        """The frame that a request's query asks for."""
        if request.GET.get("outside") != "1":
            return cls()
        return cls(True, _safe_path(request, request.GET.get("return_to", "")))

    @classmethod
    def opened_by(cls, request: HttpRequest) -> "Frame":
        """The frame of a new run: without a way back in the query, the page it came from."""
        frame = cls.of(request)
        if frame.is_outside and not frame.return_to:
            return cls(True, _safe_path(request, request.headers.get("Referer", "")))
        return frame

    @property
    def template(self) -> str:
        return "frame/outside.html" if self.is_outside else "frame/console.html"

    def keep(self, url: str, **query: str) -> str:
        """``url`` with the query that keeps this frame, and what else it asks for."""
        asked = "&".join(filter(None, [self.query.removeprefix("?"), urlencode(query)]))
        return f"{url}?{asked}" if asked else url

    @property
    def query(self) -> str:
        if not self.is_outside:
            return ""
        query = {"outside": "1"} | ({"return_to": self.return_to} if self.return_to else {})
        return f"?{urlencode(query)}"

    def way_out(self, otherwise: str) -> str:
        """Where the wizard was opened from, else a page of the console."""
        return self.return_to or otherwise


def _safe_path(request: HttpRequest, url: str) -> str:
    """The path and query of a same-site URL, or "": never another host."""
    if not url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return ""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    # Judged again without its host: of http://here//there/ only //there/ is left, another host.
    is_path = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_path else ""
