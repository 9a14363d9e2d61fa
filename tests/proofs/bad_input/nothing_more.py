"""Nothing more is coming: answers that are none, and amounts that are not expected."""

from orders.models import OrderSummary
from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput
from tests.proofs.bad_input.stage import (
    Stage,
    an_agent,
    became_unmanaged,
    signed_in,
    signed_out,
    with_tokens_checked,
)
from tests.support.builders import UserFactory, imported, report

PAGE = "/order-summaries/E-1/nothing-more/"
UNREADABLE = "This page could not be read back. Check the amounts below and submit again."
NOT_FOUND = "We can’t find this page"
CHANGED = "This order changed while you were working"
NOT_ALLOWED = "You can’t do this"
UNMANAGED = "This order summary is unmanaged."
UNMANAGED_SINCE = "This order summary is unmanaged; nothing was written."
NOT_A_CHOICE = "Choose whose it is."
NOTHING = "Nothing is expected"
SIGN_IN = "→ /sign-in/?next="
EXPIRED = "This page has expired"


def expected(stage: Stage) -> None:
    """A manager is at the browser; 10.00 of an order are expected to go back elsewhere."""
    stage.client = signed_in(UserFactory(manager=True))
    report(imported(order_number="E-1"), {"key": "1", "quantity_canceled": 1})


def came_back(stage: Stage) -> None:
    """All of it is reported to have gone back."""
    _refunded("10.00")


def part_came_back(stage: Stage) -> None:
    """A part of it is reported to have gone back."""
    _refunded("4.00")


def say(path: str = PAGE, **fields: str) -> Request:
    """Say that nothing more is coming, but for these fields."""
    return Request("POST", path, fields, {"answer": "owed", "expected": "1000"})


def get(path: str = PAGE) -> Request:
    return Request("GET", path)


def _refunded(amount: str) -> None:
    order = OrderSummary.objects.get(order_number="E-1")
    report(order, payments=[{"key": "P1", "refunded": amount}])


ROWS = (
    BadInput("no answer", say(answer=""), 400, "Choose whose it is."),
    BadInput("an answer there is none of", say(answer="both"), 400, NOT_A_CHOICE),
    BadInput("an answer in capitals", say(answer="KEPT"), 400, NOT_A_CHOICE),
    BadInput("an answer with NUL", say(answer="kept\0"), 400, NOT_A_CHOICE),
    BadInput("no amount", say(expected=""), 400, UNREADABLE),
    BadInput("an amount in words", say(expected="all"), 400, UNREADABLE),
    BadInput("an amount as a document has it", say(expected="10.00"), 400, UNREADABLE),
    BadInput("a negative amount", say(expected="-1000"), 400, UNREADABLE),
    BadInput("a full-width amount", say(expected="１０００"), 400, UNREADABLE),  # noqa: RUF001
    BadInput("an amount of 19 digits", say(expected="9" * 19), 400, UNREADABLE),
    BadInput("an amount with NUL", say(expected="1000\0"), 400, UNREADABLE),
    BadInput("another amount", say(expected="999"), 302, CHANGED),
    BadInput("an amount that fell", say(), 302, CHANGED, given=(part_came_back,)),
    BadInput("what came back since", say(), 302, NOTHING, given=(came_back,)),
    BadInput("an order unmanaged since", say(), 302, UNMANAGED_SINCE, given=(became_unmanaged,)),
    BadInput("nothing expected", say("/order-summaries/W-1/nothing-more/"), 302, NOTHING),
    BadInput("nothing to come", get("/order-summaries/W-1/nothing-more/"), 200, NOTHING),
    BadInput("an unmanaged order", get("/order-summaries/U-1/nothing-more/"), 200, UNMANAGED),
    BadInput("no order", say("/order-summaries/X-1/nothing-more/"), 404, NOT_FOUND),
    BadInput("an order with NUL", get("/order-summaries/~00/nothing-more/"), 404, NOT_FOUND),
    BadInput("an agent", say(), 403, NOT_ALLOWED, given=(an_agent,)),
    BadInput("an agent who looks", get(), 403, NOT_ALLOWED, given=(an_agent,)),
    BadInput("nobody", say(), 302, SIGN_IN, given=(signed_out,)),
    BadInput("no token", say(), 403, EXPIRED, given=(with_tokens_checked,)),
    BadInput("an order put", Request("PUT", PAGE), 405, "Allow: "),
)

WAY_IN = by_browser("nothing more is coming", ROWS, expected)
