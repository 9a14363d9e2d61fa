"""Process exceptions: the list's filters, records that are not there, and Resolve."""

from cancellations.acts.exceptions import facts_name, resolve_exception
from cancellations.models import ProcessException
from orders.models import OrderSummary
from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput
from tests.proofs.bad_input.stage import (
    Stage,
    a_viewer,
    an_agent,
    signed_in,
    signed_out,
    with_tokens_checked,
)
from tests.support.builders import UserFactory, imported, report

LIST, PAGE = "/process-exceptions/", "/process-exceptions/{exception}/"
A_NOTE = "Write a note: what was done about it?"
TOO_LONG = "Shorten the note to 1000 characters."
NO_NUL = "Null characters are not allowed."
NEWER = "Newer facts have come meanwhile; nothing was resolved."
BEFORE = "This exception had been resolved before; nothing was changed."
NOT_FOUND = "We can’t find this page"
NOT_ALLOWED = "You can’t do this"
NOT_A_CHOICE = "Choose one from the list."
NO_PLACE = "The page to show is not one of this list."
SEARCH_TOO_LONG = "Ensure this value has at most 255 characters"
SIGN_IN = "→ /sign-in/?next="
EXPIRED = "This page has expired"
REMOVE = "Remove the"


def an_exception(stage: Stage) -> None:
    """A manager is at the browser; more was allocated of an order than it has."""
    stage.client = signed_in(UserFactory(manager=True, username="mary"))
    allocated(3)
    exception = ProcessException.objects.get()
    stage.named = {"exception": exception.pk, "seen": facts_name(exception)}


def newer_facts(stage: Stage) -> None:
    """Even more is reported meanwhile."""
    allocated(4)


def facts_that_fit(stage: Stage) -> None:
    """What fits is reported meanwhile, which resolves it."""
    allocated(2)


def resolved(stage: Stage) -> None:
    """Someone else resolves it meanwhile."""
    manager = UserFactory(manager=True)
    resolve_exception(exception_id=stage.named["exception"], note="Asked.", by=manager)


def allocated(count: int) -> None:
    """Others report so many units of the order's two as allocated."""
    order = OrderSummary.objects.filter(order_number="E-1").first()
    order = order or imported(order_number="E-1")
    report(order, {"key": "1", "quantity_allocated": count})


def resolve(path: str = PAGE, **fields: str) -> Request:
    """Resolve it, with these fields in place of what they should be."""
    return Request("POST", path, fields, {"note": "Asked for it.", "seen": "{seen}"})


def get(path: str = PAGE, **query: str) -> Request:
    return Request("GET", path, query)


RECORDS = (
    BadInput("one that is not there", get(f"{LIST}999999/"), 404, NOT_FOUND),
    BadInput("the one of 0", get(f"{LIST}0/"), 404, NOT_FOUND),
    BadInput("a negative one", get(f"{LIST}-1/"), 404, NOT_FOUND),
    BadInput("one in words", get(f"{LIST}first/"), 404, NOT_FOUND),
    BadInput("one with a zero before it", get(f"{LIST}0{{exception}}/"), 404, NOT_FOUND),
    BadInput("a full-width one", get(f"{LIST}１/"), 404, NOT_FOUND),  # noqa: RUF001
    BadInput("one of 18 digits", get(f"{LIST}{'9' * 18}/"), 404, NOT_FOUND),
    BadInput("one of 30 digits", get(f"{LIST}{'9' * 30}/"), 404, NOT_FOUND),
    BadInput("one with NUL", get(f"{LIST}1%00/"), 404, NOT_FOUND),
    BadInput("one deleted", Request("DELETE", PAGE), 405, "Allow: "),
    BadInput("nobody who looks", get(), 302, SIGN_IN, given=(signed_out,)),
)
RESOLVED = (
    BadInput("no note", resolve(note=""), 400, A_NOTE, "Note"),
    BadInput("a note of spaces", resolve(note=" \u00a0 "), 400, A_NOTE, "Note"),
    BadInput("a note of line breaks", resolve(note="\r\n\r\n"), 400, A_NOTE, "Note"),
    BadInput("a note of 1,001 characters", resolve(note="x" * 1001), 400, TOO_LONG, "Note"),
    BadInput("501 line breaks", resolve(note="x\r\n" * 500 + "x"), 400, TOO_LONG, "Note"),
    BadInput("a note of 10⁶", resolve(note="é" * 10**6), 400, TOO_LONG, "Note", is_slim=False),
    BadInput("a note with NUL", resolve(note="a\0"), 400, NO_NUL, "Note"),
    BadInput("a note with a tab", resolve(note="a\tb"), 400, f"{REMOVE} control", "Note"),
    BadInput("a note with an override", resolve(note="\u202e"), 400, f"{REMOVE} char", "Note"),
    BadInput("other facts than these", resolve(seen="1:abc"), 409, NEWER),
    BadInput("facts with NUL", resolve(seen="\0"), 400, NO_NUL),
    BadInput("10⁵ characters of facts", resolve(seen="1" * 10**5), 409, NEWER),
    BadInput("newer facts", resolve(), 409, NEWER, given=(newer_facts,)),
    BadInput("facts that fit since", resolve(), 302, BEFORE, given=(facts_that_fit,)),
    BadInput("resolved before", resolve(), 302, BEFORE, given=(resolved,)),
    BadInput("one not there", resolve(f"{LIST}999999/"), 404, NOT_FOUND),
    BadInput("an agent", resolve(), 403, NOT_ALLOWED, given=(an_agent,)),
    BadInput("a viewer", resolve(), 403, NOT_ALLOWED, given=(a_viewer,)),
    BadInput("nobody", resolve(), 302, SIGN_IN, given=(signed_out,)),
    BadInput("no token", resolve(), 403, EXPIRED, given=(with_tokens_checked,)),
)
FILTERS = (
    BadInput("a search with NUL", get(LIST, q="E\0"), 400, NO_NUL, "Search"),
    BadInput("a search of 256", get(LIST, q="x" * 256), 400, SEARCH_TOO_LONG, "Search"),
    BadInput("no category of ours", get(LIST, category="goods"), 400, NOT_A_CHOICE, "Category"),
    BadInput("a category by label", get(LIST, category="Payment"), 400, NOT_A_CHOICE, "Category"),
    BadInput("no state of ours", get(LIST, state="closed"), 400, NOT_A_CHOICE, "State"),
    BadInput("a state with NUL", get(LIST, state="open\0"), 400, NOT_A_CHOICE, "State"),
    BadInput("no age of ours", get(LIST, age="7"), 400, NOT_A_CHOICE, "Age"),
    BadInput("an age in capitals", get(LIST, age="WEEK"), 400, NOT_A_CHOICE, "Age"),
    BadInput("a place that is none", get(LIST, after="x"), 400, NO_PLACE),
    BadInput("a place of one part", get(LIST, before="1"), 400, NO_PLACE),
    BadInput("a place of three parts", get(LIST, after="1~1~1"), 400, NO_PLACE),
    BadInput("a place out of range", get(LIST, after=f"1~{'9' * 19}"), 400, NO_PLACE),
    BadInput("a negative place", get(LIST, before="1~-1"), 400, NO_PLACE),
    BadInput("a place with NUL", get(LIST, after="1~1\0"), 400, NO_NUL),
    BadInput("a full-width place", get(LIST, after="1~１"), 400, NO_PLACE),  # noqa: RUF001
)

WAYS_IN = (
    by_browser("exceptions", (*RECORDS, *FILTERS), an_exception),
    by_browser("exceptions, Resolve", RESOLVED, an_exception),
)
