"""An order's feed: its pages, and notes that are written on it."""

from cancellations.acts.write_note import write_note
from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput
from tests.proofs.bad_input.stage import (
    Stage,
    a_viewer,
    signed_in,
    signed_out,
    with_tokens_checked,
)
from tests.support.builders import UserFactory, imported

PAGE = "/order-summaries/E-1/feed/"
ONCE = "6f1c1f52-4a3e-4d87-9d2e-000000000009"
WRITE = "Write a note."
TOO_LONG = "Shorten the note to 1000 characters."
UNREADABLE = "This page could not be read back."
BEFORE = "Another note was written from this page before."
NO_NUL = "Null characters are not allowed."
NO_PLACE = "The page to show is not one of this list."
NOT_FOUND = "We can’t find this page"
NOT_ALLOWED = "You can’t do this"
SIGN_IN = "→ /sign-in/?next="
EXPIRED = "This page has expired"
REMOVE = "Remove the"
NOTE = "Note for colleagues"


def an_order(stage: Stage) -> None:
    """An agent is at the browser, and there is an order."""
    stage.client = signed_in(UserFactory(agent=True))
    imported(order_number="E-1")


def another_note(stage: Stage) -> None:
    """The same page has written another note before."""
    by = UserFactory(agent=True)
    write_note(order_number="E-1", text="Another.", request_id=f"note {ONCE}", by=by)


def write(path: str = PAGE, **fields: str) -> Request:
    """Write a note, with these fields in place of what they should be."""
    return Request("POST", path, fields, {"note": "Called.", "once": ONCE})


def get(path: str = PAGE, **query: str) -> Request:
    return Request("GET", path, query)


ROWS = (
    BadInput("no note", write(note=""), 400, WRITE, NOTE),
    BadInput("a note of spaces", write(note=" \u00a0 "), 400, WRITE, NOTE),
    BadInput("a note of line breaks", write(note="\r\n\r\n"), 400, WRITE, NOTE),
    BadInput("a note of 1,001 characters", write(note="x" * 1001), 400, TOO_LONG, NOTE),
    BadInput("501 line breaks", write(note="x\r\n" * 500 + "x"), 400, TOO_LONG, NOTE),
    BadInput("a note with NUL", write(note="a\0"), 400, NO_NUL, NOTE),
    BadInput("a note with a tab", write(note="a\tb"), 400, f"{REMOVE} control", NOTE),
    BadInput("a note with an override", write(note="\u202e"), 400, f"{REMOVE} char", NOTE),
    BadInput("no id", write(once=""), 400, UNREADABLE),
    BadInput("an id that is none", write(once="1"), 400, UNREADABLE),
    BadInput("an id with NUL", write(once=f"{ONCE}\0"), 400, UNREADABLE),
    BadInput("the id of another note", write(), 409, BEFORE, NOTE, given=(another_note,)),
    BadInput("no order", write("/order-summaries/X-1/feed/"), 404, NOT_FOUND),
    BadInput("an order with NUL", get("/order-summaries/~00/feed/"), 404, NOT_FOUND),
    BadInput("a viewer", write(), 403, NOT_ALLOWED, given=(a_viewer,)),
    BadInput("nobody", write(), 302, SIGN_IN, given=(signed_out,)),
    BadInput("nobody who looks", get(), 302, SIGN_IN, given=(signed_out,)),
    BadInput("no token", write(), 403, EXPIRED, given=(with_tokens_checked,)),
    BadInput("a feed deleted", Request("DELETE", PAGE), 405, "Allow: "),
    BadInput("a place that is none", get(after="x"), 400, NO_PLACE),
    BadInput("a place of two parts", get(before="1~1"), 400, NO_PLACE),
    BadInput("a negative place", get(before="-1"), 400, NO_PLACE),
    BadInput("a place out of range", get(after="9" * 19), 400, NO_PLACE),
    BadInput("a place with NUL", get(after="1\0"), 400, NO_NUL),
    BadInput("a full-width place", get(after="１"), 400, NO_PLACE),  # noqa: RUF001
)

WAY_IN = by_browser("an order's feed", ROWS, an_order)
