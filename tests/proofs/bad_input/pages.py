"""Reads a page as a person does who wants to know what went wrong."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "col", "hr", "img", "input", "link", "meta", "path", "source", "wbr"}


def told(page: str) -> str:
    """What a page tells: its errors; else its messages; else its heading and what follows it.

    Errors at fields come as "label: message".
    """
    reader = _Reader()
    reader.feed(page)
    at_fields = [
        f"{reader.labels[name]}: {error}" if name in reader.labels else error
        for name, error in reader.at_fields
    ]
    said = reader.alerts or at_fields or reader.messages or reader.heading[:2]
    return " · ".join(dict.fromkeys(said))


@dataclass(frozen=True, slots=True)
class _Element:
    tag: str
    attributes: dict[str, str | None]
    parts: list[str] = field(default_factory=list)

    def has_class(self, name: str) -> bool:
        return name in (self.attributes.get("class") or "").split()

    @property
    def is_alert(self) -> bool:
        return self.attributes.get("role") == "alert"

    @property
    def text(self) -> str:
        return re.sub(r" (?=[:.,])", "", " ".join(" ".join(self.parts).split()))


class _Reader(HTMLParser):
    """Collects, element by element, the few texts that tell what happened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[_Element] = []
        self.alerts: list[str] = []
        self.at_fields: list[tuple[str, str]] = []
        self.labels: dict[str, str] = {}
        self.messages: list[str] = []
        self.heading: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(_Element(tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.parts.append(data)

    def handle_endtag(self, tag: str) -> None:
        while any(element.tag == tag for element in self.open):
            element = self.open.pop()
            self._read(element)
            if element.tag == tag:
                return

    def _read(self, element: _Element) -> None:
        if element.tag == "label":
            self.labels[element.attributes.get("for") or ""] = element.text.removesuffix(":")
        elif element.is_alert:
            self.alerts += [] if self.alerts else [element.text]
        elif element.tag == "li":
            self._read_item(element)
        elif element.has_class("banner") and self._inside("messages"):
            self.messages.append(element.text)
        elif element.tag == "h1" or (element.tag == "p" and self.heading):
            self.heading.append(element.text)

    def _read_item(self, element: _Element) -> None:
        if any(each.is_alert for each in self.open):
            self.alerts.append(element.text)
        elif errors := self._inside("errorlist"):
            name = errors.attributes.get("id") or ""
            self.at_fields.append((name.removesuffix("_error"), element.text))
        elif self._inside("messagelist"):
            self.messages.append(element.text)

    def _inside(self, name: str) -> _Element | None:
        """The innermost open element of a class."""
        return next((each for each in reversed(self.open) if each.has_class(name)), None)
