"""Reads a page as a person does who wants to know what went wrong."""

import re

from django.test.html import Element, parse_html


def told(page: str) -> str:
    """What a page tells: its errors; else its messages; else its heading and what follows it.

    Errors at fields come as "label: message".
    """
    root = parse_html(page)
    for find in (_errors, _messages, _heading):
        if said := list(dict.fromkeys(find(root))):
            return " · ".join(said)
    return ""


def _errors(root: Element) -> list[str]:
    """Alerts first: they hold every error of a form; then the errors at fields."""
    found = []
    for alert in _all(root, lambda e: _attribute(e, "role") == "alert"):
        found += map(_text, _all(alert, lambda e: e.name == "li") or [alert])
    if found:
        return found
    labels = {
        _attribute(label, "for"): _text(label) for label in _all(root, lambda e: e.name == "label")
    }
    for errors in _all(root, lambda e: "errorlist" in _attribute(e, "class").split()):
        label = labels.get(_attribute(errors, "id").removesuffix("_error"), "")
        for error in _all(errors, lambda e: e.name == "li"):
            found.append(f"{label}: {_text(error)}" if label else _text(error))
    return found


def _messages(root: Element) -> list[str]:
    boxes = _all(root, lambda e: _attribute(e, "class") == "messages")
    return [_text(banner) for box in boxes for banner in box.children if _is_element(banner)]


def _heading(root: Element) -> list[str]:
    for parent in _all(root, lambda e: any(_name(child) == "h1" for child in e.children)):
        said = [child for child in parent.children if _name(child) in ("h1", "p", "form")]
        return [_text(child) for child in said if _name(child) != "form"][:3]
    return []


def _all(element: Element, wanted) -> list[Element]:
    """The outermost elements inside that are wanted."""
    found = []
    for child in filter(_is_element, element.children):
        found += [child] if wanted(child) else _all(child, wanted)
    return found


def _text(element: Element) -> str:
    parts = [_text(child) if _is_element(child) else child for child in element.children]
    return re.sub(r" (?=[:.,])", "", " ".join(" ".join(parts).split()))


def _attribute(element: Element, name: str) -> str:
    return dict(element.attributes).get(name) or ""


def _name(child: object) -> str:
    return child.name if isinstance(child, Element) else ""


def _is_element(child: object) -> bool:
    return isinstance(child, Element)
