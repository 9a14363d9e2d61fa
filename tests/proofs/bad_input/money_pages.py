"""Refund what is owed, Nothing more is coming, and Resolve, as an operations manager uses them."""

import re

from cancellations.acts.exceptions import facts_name
from cancellations.acts.record_fulfillment import record_fulfillment
from cancellations.acts.take_order import import_orders
from cancellations.documents.fulfillment import read_fulfillment
from orders.documents.order import read_order
from orders.models import OrderSummary, PaymentSummary
from tests.proofs.bad_input.admin_pages import a_manager
from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput
from tests.proofs.bad_input.stage import Stage
from tests.support.builders import USD, item, order_document, payment, system_user

OWED, EXPECTED, EXCEPTION = (
    "/order-summaries/M-1/refund-owed/",
    "/order-summaries/M-2/nothing-more/",
    "/process-exceptions/{exception}/",
)
NOT_FOUND = "We can’t find this page"
UNREADABLE = "This page could not be read back."
NOTHING = "Nothing to refund"
UNMANAGED = "This order summary is unmanaged."
NOT_MONEY = "Enter an amount such as 12.50."
OVER = "Over Visa ending 1111, at most $15.00"
NO_NUL = "Null characters are not allowed."
NO_NOTE = "Write a note: what was done about it?"
LONG_NOTE = "Shorten the note to 1000 characters."
OVERRIDE = "Remove the character U+202E"

_BACK = {f"quantity_{name}": 1 for name in ("allocated", "fulfilled", "return_initiated")}
DOCUMENTS = [
    order_document(order_number="M-1", payments=[payment("15.00"), payment("15.00", "P2")]),
    order_document(
        order_number="M-2",
        items=[item(**_BACK, quantity_returned=1)],
        payments=[payment("20.00")],
    ),
    order_document(order_number="M-3", payments=[payment("20.00", charged_back="30.00")]),
    order_document(order_number="M-4", life_cycle="unmanaged", payments=[payment("25.00")]),
]


def money_that_is_owed(stage: Stage) -> None:
    """An order is overpaid, one expects a refund elsewhere, one has an exception."""
    import_orders([read_order(document) for document in DOCUMENTS], by=system_user())
    exception = OrderSummary.objects.get(order_number="M-3").process_exceptions.get()
    first = PaymentSummary.objects.filter(order__order_number="M-1").earliest("position")
    stage.named |= {
        "exception": exception.pk,
        "seen": facts_name(exception),
        "over": f"payment-{first.pk}",
    }


def reviewed(stage: Stage) -> None:
    """The manager reviewed what is owed."""
    page = stage.client.get(stage.fill(OWED)).content.decode()
    stage.named["agreed"] = re.search(r'name="agreed"\s+id="id_agreed"\s+value="([^"]+)"', page)[1]


def reviewed_elsewhere(stage: Stage) -> None:
    """The manager reviewed what is owed, of another order as well."""
    document = order_document(order_number="M-5", payments=[payment("30.00")])
    import_orders([read_order(document)], by=system_user())
    page = stage.client.get("/order-summaries/M-5/refund-owed/").content.decode()
    stage.named["agreed"] = re.search(r'name="agreed"\s+id="id_agreed"\s+value="([^"]+)"', page)[1]


def then_captured(stage: Stage) -> None:
    """More is captured after the review."""
    reviewed(stage)
    figures = {"key": "P2", "authorized": "16.00", "captured": "16.00"}
    report = {"order_number": "M-1", "items": [], "payments": [figures]}
    record_fulfillment(report=read_fulfillment(report, currency=USD), by=system_user())


def get(path: str, **query: str) -> Request:
    return Request("GET", path, query)


def submit(**fields: str) -> Request:
    """A submit that is right but for these fields."""
    usual = {"run": "{run}", "agreed": "{agreed}"}
    return Request("POST", OWED, fields, usual)


def expect(**fields: str) -> Request:
    return Request("POST", EXPECTED, fields, {"answer": "kept", "expected": "1000"})


def resolve(**fields: str) -> Request:
    return Request("POST", EXCEPTION, fields, {"note": "Seen to.", "seen": "{seen}"})


REVIEWS = (
    BadInput("no order", get("/order-summaries/X/refund-owed/"), 404, NOT_FOUND),
    BadInput("nothing owed", get("/order-summaries/W-1/refund-owed/"), 200, NOTHING),
    BadInput("an unmanaged order", get("/order-summaries/M-4/refund-owed/"), 200, UNMANAGED),
    BadInput("a run that is none", get(OWED, run="x"), 400, UNREADABLE),
    BadInput("a run with NUL", get(OWED, run="\0"), 400, UNREADABLE),
    BadInput("an amount in words", get(OWED, **{"{over}": "all"}), 400, NOT_MONEY, OVER),
    BadInput("an amount with a comma", get(OWED, **{"{over}": "1,5"}), 400, NOT_MONEY, OVER),
    BadInput("an amount of 1e1", get(OWED, **{"{over}": "1e1"}), 400, NOT_MONEY, OVER),
    BadInput("an amount in full width", get(OWED, **{"{over}": "１"}), 400, NOT_MONEY, OVER),  # noqa: RUF001
    BadInput("an amount with NUL", get(OWED, **{"{over}": "1\0"}), 400, NO_NUL, OVER),
    BadInput("an amount of three decimals", get(OWED, **{"{over}": "1.001"}), 400, NOT_MONEY, OVER),
    BadInput("an amount below 0", get(OWED, **{"{over}": "-1"}), 400, "Enter an amount of 0", OVER),
    BadInput(
        "more than the payment has", get(OWED, **{"{over}": "15.01"}), 400, "At most $15.00", OVER
    ),
    BadInput(
        "more than is owed", get(OWED, **{"{over}": "11"}), 400, "more than the $10.00 to refund"
    ),
    BadInput("nothing of what is owed", get(OWED, **{"{over}": "0"}), 400, "Say how much"),
    BadInput("an amount of 5,000 digits", get(OWED, **{"{over}": "9" * 5000}), 400, "at most 20"),
)
SUBMITS = (
    BadInput("a submit of nothing", Request("POST", OWED, {"x": "1"}), 400, UNREADABLE),
    BadInput("a submit without a review", submit(agreed=""), 400, UNREADABLE, given=(reviewed,)),
    BadInput("a made-up review", submit(agreed="x:y:z"), 400, UNREADABLE, given=(reviewed,)),
    BadInput("a review with NUL", submit(agreed="\0"), 400, NO_NUL, given=(reviewed,)),
    BadInput("a submit without a run", submit(run=""), 400, UNREADABLE, given=(reviewed,)),
    BadInput("a submit of no run", submit(run="1"), 400, UNREADABLE, given=(reviewed,)),
    BadInput("a long note", submit(note="x" * 1001), 400, LONG_NOTE, "Note", given=(reviewed,)),
    BadInput("a note that turns around", submit(note="a\u202eb"), 400, OVERRIDE, given=(reviewed,)),
    BadInput("another order's review", submit(), 400, UNREADABLE, given=(reviewed_elsewhere,)),
    BadInput(
        "other amounts than reviewed",
        submit(**{"{over}": "4.00"}),
        409,
        "This order changed while you were working.",
        given=(reviewed,),
    ),
    BadInput(
        "a review of before",
        submit(),
        409,
        "This order changed while you were working.",
        given=(then_captured,),
    ),
    BadInput("a PUT", Request("PUT", OWED), 405, "Allow: GET, HEAD, POST"),
)
EXPECTATIONS = (
    BadInput("nothing more, no order", get("/order-summaries/X/nothing-more/"), 404, NOT_FOUND),
    BadInput(
        "nothing more of nothing",
        get("/order-summaries/W-1/nothing-more/"),
        200,
        "Nothing is expected",
    ),
    BadInput("no answer", expect(answer=""), 400, "Choose whose it is."),
    BadInput("an answer that is none", expect(answer="mine"), 400, "Select a valid choice."),
    BadInput("an answer with NUL", expect(answer="kept\0"), 400, "Select a valid choice."),
    BadInput("no expectation", expect(expected=""), 400, UNREADABLE),
    BadInput("an expectation in words", expect(expected="ten"), 400, UNREADABLE),
    BadInput("an expectation below 0", expect(expected="-1"), 400, UNREADABLE),
    BadInput("an expectation of 30 digits", expect(expected="9" * 30), 400, UNREADABLE),
    BadInput("another expectation", expect(expected="999"), 302, "nothing was written."),
    BadInput(
        "an answer for an unmanaged order",
        Request("POST", "/order-summaries/M-4/nothing-more/", {"answer": "kept", "expected": "1"}),
        302,
        "nothing was written.",
    ),
)
RESOLUTIONS = (
    BadInput("no exception", get("/process-exceptions/999999/"), 404, NOT_FOUND),
    BadInput("an exception of 0", get("/process-exceptions/0/"), 404, NOT_FOUND),
    BadInput("an exception of 30 digits", get(f"/process-exceptions/{9**30}/"), 404, NOT_FOUND),
    BadInput("an exception in words", get("/process-exceptions/x/"), 404, NOT_FOUND),
    BadInput("no note", resolve(note=""), 400, NO_NOTE, "Note"),
    BadInput("a note of blanks", resolve(note=" \r\n\t "), 400, NO_NOTE, "Note"),
    BadInput("a note of 1,001", resolve(note="x" * 1001), 400, LONG_NOTE, "Note"),
    BadInput("a note with NUL", resolve(note="a\0b"), 400, NO_NUL, "Note"),
    BadInput("a note with an override", resolve(note="a\u202eb"), 400, OVERRIDE, "Note"),
    BadInput("other facts than there are", resolve(seen="1:x"), 409, "Newer facts have come"),
    BadInput("an exception deleted", Request("DELETE", EXCEPTION), 405, "Allow: GET, HEAD, POST"),
)
LISTS = (
    BadInput(
        "a category that is none",
        get("/process-exceptions/", category="x"),
        400,
        "Select a valid choice.",
        "Category",
    ),
    BadInput(
        "a state that is none",
        get("/process-exceptions/", state="x"),
        400,
        "Select a valid choice.",
        "State",
    ),
    BadInput(
        "an age that is none",
        get("/process-exceptions/", age="-1"),
        400,
        "Select a valid choice.",
        "Age",
    ),
    BadInput("a search with NUL", get("/process-exceptions/", q="\0"), 400, NO_NUL, "Search"),
    BadInput(
        "a place that is none",
        get("/process-exceptions/", after="2~x"),
        400,
        "The page to show is not one of this list.",
    ),
)

WAY_IN = by_browser(
    "money pages",
    (*REVIEWS, *SUBMITS, *EXPECTATIONS, *RESOLUTIONS, *LISTS),
    money_that_is_owed,
    a_manager,
)


def forbidden(method: str, path: str) -> Request:
    return Request(method, path, {"note": "Seen to."} if method == "POST" else {})


NEEDS = "needs a right of its own; your operations manager has it."
BY_AN_AGENT = by_browser(
    "money pages, by an agent",
    (
        BadInput("an agent reviews", forbidden("GET", OWED), 403, NEEDS),
        BadInput("an agent submits", forbidden("POST", OWED), 403, NEEDS),
        BadInput("an agent looks at what is expected", forbidden("GET", EXPECTED), 403, NEEDS),
        BadInput("an agent expects nothing more", forbidden("POST", EXPECTED), 403, NEEDS),
        BadInput("an agent resolves", forbidden("POST", EXCEPTION), 403, NEEDS),
    ),
    money_that_is_owed,
)
WAYS_IN = (WAY_IN, BY_AN_AGENT)
