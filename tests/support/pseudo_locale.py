"""A language in which every translated text stands in brackets, and what of a page does not.

Plural forms and contexts are bracketed too; Django's own texts are translated like ours.
"""

import re
from contextlib import contextmanager
from html.parser import HTMLParser

from django.utils import translation

OPEN, CLOSE = "⟦", "⟧"
READ_ALOUD = ("aria-label", "title", "placeholder", "alt")
"""Attributes that people read or hear; a button's value is not shown."""
SPOKEN_BY_SCRIPTS = re.compile(r"data-say")
UNREAD = {"script", "style", "time", "svg", "code", "kbd"}
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


@contextmanager
def pseudo_locale():
    """Brackets whatever goes through gettext, as long as the block lasts."""

    def bracketed(text):
        return f"{OPEN}{text}{CLOSE}" if text else text

    fakes = {
        "gettext": bracketed,
        "pgettext": lambda context, text: bracketed(text),
        "ngettext": lambda one, many, number: bracketed(one if number == 1 else many),
        "npgettext": lambda context, one, many, number: bracketed(one if number == 1 else many),
    }
    real = {name: getattr(translation._trans, name) for name in fakes}
    for name, fake in fakes.items():
        setattr(translation._trans, name, fake)
    try:
        yield
    finally:
        for name, function in real.items():
            setattr(translation._trans, name, function)


class _Page(HTMLParser):
    """Gathers the text outside brackets; an element inside a bracketed sentence is inside."""

    def __init__(self):
        super().__init__()
        self.depth = 0
        self.unread: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in UNREAD or (self.unread and tag not in VOID):
            self.unread.append(tag)
        for name, value in attrs:
            is_read = name in READ_ALOUD or SPOKEN_BY_SCRIPTS.match(name)
            is_button = name == "value" and dict(attrs).get("type") in ("submit", "button")
            if value and (is_read or is_button):
                self.outside.append(_without_brackets(value, 0)[0])

    def handle_endtag(self, tag):
        if self.unread and self.unread[-1] == tag:
            self.unread.pop()

    def handle_data(self, data):
        if not self.unread:
            text, self.depth = _without_brackets(data, self.depth)
            self.outside.append(text)


def _without_brackets(text, depth):
    outside = []
    for character in text:
        if character == OPEN:
            depth += 1
        elif character == CLOSE:
            depth -= 1
        elif depth == 0:
            outside.append(character)
    return "".join(outside), depth


def untranslated(html, data=()):
    """The words of a page that are neither translated nor data, in the page's order.

    Args:
        data: What the page shows of the database: names, numbers, notes.
    """
    page = _Page()
    page.feed(html)
    known = re.compile("|".join(re.escape(text) for text in sorted(data, key=len, reverse=True)))
    found = []
    for text in page.outside:
        rest = known.sub(" ", text) if data else text
        rest = re.sub(r"CO-\d{8}|\w\w\w \d{1,2}, \d{4}, \d{1,2}:\d\d\s[AP]M", " ", rest)
        if re.search(r"[^\W\d_]{2,}", rest):
            found.append(" ".join(rest.split()))
    return found
