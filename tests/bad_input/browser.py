"""Sends requests as browsers and other programs do, and reads what comes back."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from django.http import HttpResponse

from tests.bad_input.pages import told
from tests.bad_input.row import Answer, BadInput
from tests.bad_input.stage import Stage


@dataclass(frozen=True, slots=True)
class Request:
    """A request; ``{names}`` in it stand for what only the stage knows.

    Attributes:
        fields: A form's fields, or a body as it is.
    """

    method: str
    path: str
    fields: dict[str, Any] | str | bytes = field(default_factory=dict)
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        fields = self.fields
        if isinstance(fields, dict):
            shown = {name: value for name, value in fields.items() if "current_step" not in name}
            fields = "&".join(f"{name}={_spelled(value)}" for name, value in shown.items())
        extra = [f"{name}: {value}" for name, value in (self.headers | self.cookies).items()]
        return " ".join([self.method, self.path, *extra, str(fields)])


def send(stage: Stage, row: BadInput) -> Answer:
    """Send a row's request, follow where it leads, and read the page there."""
    request: Request = row.sent
    for name, value in request.cookies.items():
        stage.client.cookies[name] = stage.fill(value)
    response = getattr(stage.client, request.method.lower())(
        stage.fill(request.path),
        **_body(stage, request),
        headers=stage.fill(request.headers),
        follow=True,
    )
    return _answer(response)


def _body(stage: Stage, request: Request) -> dict[str, Any]:
    if not request.fields:
        return {}
    if request.method == "GET":
        return {"query_params": stage.fill(request.fields)}
    if request.content_type:
        return {"data": stage.fill(request.fields), "content_type": request.content_type}
    return {"data": stage.fill(request.fields)}


def _answer(response: HttpResponse) -> Answer:
    redirects = getattr(response, "redirect_chain", [])
    status = redirects[0][1] if redirects else response.status_code
    page = response.content.decode()
    is_page = page and response.headers["Content-Type"].startswith("text/html")
    message = told(page) if is_page else page or f"Allow: {response.headers.get('Allow')}"
    if redirects:
        message = f"→ {unquote(redirects[-1][0])}: {message}"
    return Answer(max(status, response.status_code) if response.status_code >= 500 else status, message, page)


def _spelled(value: object) -> str:
    return f"{len(value)} of them" if isinstance(value, list) and len(value) > 5 else str(value)
