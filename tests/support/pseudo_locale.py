"""A language in which every translated text stands in brackets, and what of a page does not.

Plural forms and contexts are bracketed too; Django's own texts are translated like ours. What a
sentence is filled in with stands outside its brackets: a word does not pass as translated
because the sentence around it is.
"""

import re
from contextlib import contextmanager
from functools import lru_cache
from html.parser import HTMLParser

from django.utils import translation
from django.utils.safestring import SafeData, mark_safe

from console.lists import columns
from console.templatetags import bar

OPEN, CLOSE = "⟦", "⟧"
READ_ALOUD = {"aria-label", "title", "placeholder", "alt", "label", "data-label"}
"""Attributes that people read or hear; style sheets show ``data-label``."""
SPOKEN_BY_SCRIPTS = re.compile(r"data-say")
UNREAD = {"script", "style", "time", "svg", "code", "kbd"}
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
_NUMBER_OR_MOMENT = re.compile(r"CO-\d{8}|[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d\d\s[AP]M")
"""Of a change order; and as the formats of the language write it, which no catalog holds."""
_FILLED_IN = re.compile(r"%\(\w+\)[sdi]|%[sdi]|\{[^{}]*\}")


_KEPT = columns._labels, bar._menu_links
"""Keep words of the language, which is still called the same here."""


@contextmanager
def pseudo_locale():
    """Brackets whatever goes through gettext, as long as the block lasts."""
    fakes = {
        "gettext": _bracketed,
        "pgettext": lambda context, text: _bracketed(text),
        "ngettext": lambda one, many, number: _bracketed(one if number == 1 else many),
        "npgettext": lambda context, one, many, number: _bracketed(one if number == 1 else many),
    }
    real = {name: getattr(translation._trans, name) for name in fakes}
    _speak(fakes)
    try:
        yield
    finally:
        _speak(real)


def _speak(functions):
    for name, function in functions.items():
        setattr(translation._trans, name, function)
    for kept in _KEPT:
        kept.cache_clear()


def untranslated(html, data=()):
    """The words of a page that are neither translated nor data, in the page's order.

    Args:
        data: What the page shows of the database: names, numbers, notes.
    """
    names = "|".join(re.escape(text) for text in sorted(data, key=len, reverse=True) if text)
    known = re.compile(rf"(?<!\w)(?:{names})(?!\w)" if names else r"(?!)")
    found = []
    for text in _read(html).outside:
        rest = _NUMBER_OR_MOMENT.sub(" ", known.sub(" ", text))
        if re.search(r"[^\W\d_]{2,}", rest):
            found.append(" ".join(rest.split()))
    return found


def words(html):
    """What a page says between its tags, without the brackets."""
    text = "".join(_read(html).said)
    return " ".join(text.replace(OPEN, "").replace(CLOSE, "").split())


@lru_cache(maxsize=1)
def _read(html):
    """The page; what is asked of it twice is read once."""
    return _Page(html)


def _bracketed(text):
    if not text:
        return text
    inside = _FILLED_IN.sub(lambda filled: f"{CLOSE}{filled[0]}{OPEN}", text)
    bracketed = f"{OPEN}{inside}{CLOSE}"
    return mark_safe(bracketed) if isinstance(text, SafeData) else bracketed


class _Page(HTMLParser):
    """Gathers the text outside brackets; an element inside a bracketed sentence is inside."""

    def __init__(self, html):
        super().__init__()
        self.depth = 0
        self.unread: list[str] = []
        self.outside: list[str] = []
        self.said: list[str] = []
        self.feed(html)
        self.close()
        assert self.depth == 0, "a bracket is not closed"

    def handle_starttag(self, tag, attrs):
        if tag in UNREAD or (self.unread and tag not in VOID):
            self.unread.append(tag)
        if self.unread:
            return
        is_button = tag == "input" and dict(attrs).get("type") in ("submit", "button", "reset")
        for name, value in attrs:
            is_read = name in READ_ALOUD or SPOKEN_BY_SCRIPTS.match(name)
            if value and (is_read or (is_button and name == "value")):
                self.outside.append(_outside_brackets(value, self.depth)[0])

    def handle_endtag(self, tag):
        if self.unread and self.unread[-1] == tag:
            self.unread.pop()

    def handle_data(self, data):
        text, depth = _outside_brackets(data, self.depth)
        self.depth = depth
        if not self.unread:
            self.outside.append(text)
            self.said.append(data)


def _outside_brackets(text, depth):
    outside = []
    for character in text:
        if character in OPEN + CLOSE:
            depth += 1 if character == OPEN else -1
            outside.append(" ")
        elif depth == 0:
            outside.append(character)
    return "".join(outside), depth
