"""Sends requests as browsers and other programs do, and reads what comes back."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode

from django.http import HttpResponse

from tests.proofs.bad_input.pages import told
from tests.proofs.bad_input.row import Answer, BadInput, Given, WayIn
from tests.proofs.bad_input.stage import RUN, Stage

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Request:
    """A request; ``{names}`` in it stand for what only the stage knows.

    Attributes:
        fields: A form's fields; for a GET, the query.
        usual: More fields, as they should be.
        body: In place of fields, with its content type.
    """

    method: str
    path: str
    fields: dict[str, Any] = field(default_factory=dict)
    usual: dict[str, Any] = field(default_factory=dict)
    body: str | bytes = ""
    content_type: str = FORM
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        fields = "&".join(f"{name}={_spelled(value)}" for name, value in self.fields.items())
        extra = [f"{name}: {value}" for name, value in (self.headers | self.cookies).items()]
        return " ".join(filter(None, [fields, str(self.body), *extra, self.method, self.path]))


def by_browser(name: str, rows: tuple[BadInput, ...], *given: Given) -> WayIn:
    """Rows that are requests of an agent who is signed in, after what is given."""
    return WayIn(name, send, rows, (_signed_in, *given))


def send(stage: Stage, row: BadInput) -> Answer:
    """Send a row's request, follow where it leads, and read the page there."""
    request: Request = row.sent
    for name, value in request.cookies.items():
        stage.client.cookies[name] = value
    path, sent = stage.fill(request.path), stage.fill(request.usual | request.fields)
    if request.method == "GET" and sent:
        path, sent = f"{path}?{urlencode(sent)}", {}
    body = {"data": stage.fill(request.body), "content_type": request.content_type}
    response = getattr(stage.client, request.method.lower())(
        path,
        **(body if request.body else {"data": sent} if sent else {}),
        headers=stage.fill(request.headers),
        follow=True,
    )
    return _answer(response)


def _signed_in(stage: Stage) -> None:
    assert stage.client


def _answer(response: HttpResponse) -> Answer:
    redirects = getattr(response, "redirect_chain", [])
    fails = response.status_code >= 400
    status = response.status_code if fails or not redirects else redirects[0][1]
    page = response.content.decode()
    message = told(page) if page.lstrip().startswith("<") else page
    if response.status_code == 405:
        message = f"Allow: {response.headers['Allow']}"
    if redirects:
        address = unquote(redirects[-1][0]).replace(str(RUN), "{run}")
        message = f"→ {address}: {message}"
    return Answer(status, message, page)


def _spelled(value: object) -> str:
    return f"{len(value)} values" if isinstance(value, list) and len(value) > 5 else str(value)
