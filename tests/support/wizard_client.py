"""A browser small enough for many to race: it keeps cookies, follows redirects and reads forms."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

LONGEST_WAIT_SECONDS = 60


@dataclass(slots=True)
class Control:
    """A named field of a form; ``most`` is the limit of a number, ``options`` those of a choice."""

    kind: str
    name: str
    value: str
    is_on: bool
    most: int = 0
    options: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Form:
    """A form as served, to be filled in by changing its controls; buttons are left out."""

    controls: list[Control] = field(default_factory=list)

    @property
    def boxes(self) -> list[Control]:
        return [control for control in self.controls if control.kind == "checkbox"]

    @property
    def data(self) -> bytes:
        """What a browser would post."""
        return urlencode([(c.name, c.value) for c in self.controls if c.is_on]).encode()


@dataclass(frozen=True, slots=True)
class Page:
    """What came back after any redirects; ``path`` says where that ended."""

    status: int
    path: str
    text: str

    @property
    def title(self) -> str:
        found = re.search(r"<title>(.*?)</title>", self.text, re.DOTALL)
        return _words(found[1]) if found else ""

    @property
    def step(self) -> str:
        """Of a wizard run: ``/order-summaries/<order>/<wizard>/<run>/<step>/``; else ""."""
        parts = self.path.split("/")
        return parts[5] if len(parts) == 7 else ""

    def form(self, name: str) -> Form | None:
        """The form that has a field whose name ends like this."""
        reader = _FormReader()
        reader.feed(self.text)
        for form in reader.forms:
            if any(control.name.endswith(name) for control in form.controls):
                return form
        return None

    def describe(self) -> str:
        """Enough of it, in one line, to see what went wrong."""
        body = re.split(r"<main class=[^>]*>", self.text)[-1]
        return f"{self.status} {self.path} “{self.title}”: {_words(body)[:300]}"


class Browser:
    """One session with a site."""

    def __init__(self, site: str) -> None:
        self.site = site
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor())

    def get(self, path: str) -> Page:
        return self._open(path)

    def post(self, path: str, data: bytes) -> Page:
        """Post from a connection of its own; may be called by several threads at once."""
        return self._open(path, data)

    def _open(self, path: str, data: bytes | None = None) -> Page:
        try:
            response = self._opener.open(self.site + path, data, LONGEST_WAIT_SECONDS)
        except HTTPError as error:
            response = error
        with response:
            text = response.read().decode(errors="replace")
            return Page(response.status, urlsplit(response.url).path, text)


class _FormReader(HTMLParser):
    """Collects the forms of a page; what stands in a textarea is not read."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.forms.append(Form())
        elif tag in ("input", "select", "textarea") and self.forms and given.get("name"):
            self.forms[-1].controls.append(_control(tag, given))
        elif tag == "option":
            self._option(self.forms[-1].controls[-1], given)

    def _option(self, choice: Control, given: dict[str, str | None]) -> None:
        value = given.get("value") or ""
        choice.options.append(value)
        if "selected" in given:
            choice.value = value


def _control(tag: str, given: dict[str, str | None]) -> Control:
    kind = given.get("type") or "text" if tag == "input" else tag
    return Control(
        kind=kind,
        name=given["name"] or "",
        value=given.get("value") or ("on" if kind == "checkbox" else ""),
        is_on=kind != "checkbox" or "checked" in given,
        most=int(given.get("max") or 0),
    )


def _words(html: str) -> str:
    """The text of a piece of HTML, in one line."""
    without_code = re.sub(r"(?s)<(style|script)\b.*?</\1>", " ", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", without_code)).split())
