"""Addresses: numbers of orders, accounts and change orders as somebody may type them."""

from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput

NOT_FOUND = "We can’t find this page"
NOT_AN_ORDER = (
    "We don't think you meant to come here. · Start a cancellation from an order summary."
)
UNMANAGED = "This order summary is unmanaged."
NOTHING = "Nothing to cancel"


def order(number: str, rest: str = "") -> Request:
    return Request("GET", f"/order-summaries/{number}/{rest}")


def get(path: str) -> Request:
    return Request("GET", path)


ORDERS = (
    BadInput("an order that is not there", order("X-1"), 404, NOT_FOUND),
    BadInput("an order number with a slash", order("W%2F1"), 404, NOT_FOUND),
    BadInput("an order number with a backslash", order("W%5C1"), 404, NOT_FOUND),
    BadInput("an order number in Greek", order("%CE%A9-1"), 404, NOT_FOUND),
    BadInput("an order number with an emoji", order("%F0%9F%98%80"), 404, NOT_FOUND),
    BadInput("an order number in full width", order("Ｗ-１"), 404, NOT_FOUND),  # noqa: RUF001
    BadInput("an order number that is not UTF-8", order("%FF%FE"), 404, NOT_FOUND),
    BadInput("an order number of 65 characters", order("x" * 65), 404, NOT_FOUND),
    BadInput("an order number of 300 characters", order("x" * 300), 404, NOT_FOUND),
    BadInput("an order number of 10,000", order("9" * 10_000), 404, NOT_FOUND),
    BadInput("an order number with NUL", order("W-1%00"), 404, NOT_FOUND),
    BadInput("NUL in place of an order number", order("%00"), 404, NOT_FOUND),
    BadInput("an order number with a line break", order("W-1%0A"), 404, NOT_FOUND),
    BadInput("an order number with a space", order("W%20-1"), 404, NOT_FOUND),
    BadInput("an order number of a dot", order("%2E"), 404, NOT_FOUND),
    BadInput("an order number of two dots", order("%2E%2E"), 404, NOT_FOUND),
    BadInput("an order number with a path", order("..%2F..%2Fetc%2Fpasswd"), 404, NOT_FOUND),
    BadInput("an order number with a script", order("%3Cscript%3E"), 404, NOT_FOUND),
    BadInput("an order number with SQL", order("W-1'%20OR%201=1--"), 404, NOT_FOUND),
    BadInput("an order number in small letters", order("w-1"), 404, NOT_FOUND),
    BadInput("a slash spelled out, not there", order("W~2F2"), 404, NOT_FOUND),
    BadInput("a slash in small letters", order("W~2f1"), 404, NOT_FOUND),
    BadInput("a letter spelled out", order("W-~31"), 404, NOT_FOUND),
    BadInput("half a spelling", order("W-1~2"), 404, NOT_FOUND),
    BadInput("a tilde alone", order("~"), 404, NOT_FOUND),
    BadInput("a spelling in full width", order("W-1~２F"), 404, NOT_FOUND),  # noqa: RUF001
    BadInput("a percent sign encoded twice", order("W%252F1"), 404, NOT_FOUND),
    BadInput("bytes spelled out, not UTF-8", order("~FF~FE"), 404, NOT_FOUND),
    BadInput("a slash in too many bytes", order("W~C0~AF1"), 404, NOT_FOUND),
    BadInput("half a surrogate pair spelled out", order("~ED~A0~80"), 404, NOT_FOUND),
    BadInput("NUL spelled out", order("W-1~00"), 404, NOT_FOUND),
    BadInput("a line break spelled out", order("W-1~0A"), 404, NOT_FOUND),
    BadInput("a space at the end, spelled out", order("W-1~20"), 404, NOT_FOUND),
    BadInput("an override spelled out", order("W-1~E2~80~AE"), 404, NOT_FOUND),
    BadInput("65 characters spelled out", order("~C3~A4" * 65), 404, NOT_FOUND),
    BadInput("10,000 characters spelled out", order("~2F" * 10_000), 404, NOT_FOUND),
)
WIZARDS = (
    BadInput("a wizard on no order", order("X-1", "cancel-items/"), 404, NOT_AN_ORDER),
    BadInput("Cancel All on no order", order("X-1", "cancel-all/"), 404, NOT_AN_ORDER),
    BadInput("a step on no order", order("X-1", "cancel-items/{run}/select/"), 404, NOT_AN_ORDER),
    BadInput("a wizard on two dots", order("%2E%2E", "cancel-items/"), 404, NOT_FOUND),
    BadInput("one on them spelled out", order("~2E~2E", "cancel-items/"), 404, NOT_AN_ORDER),
    BadInput("a wizard on another spelling", order("W-~31", "cancel-items/"), 404, NOT_FOUND),
    BadInput("a wizard on no UTF-8", order("~FF", "cancel-all/"), 404, NOT_FOUND),
    BadInput(
        "a step on NUL spelled out", order("~00", "cancel-all/{run}/details/"), 404, NOT_FOUND
    ),
    BadInput("a wizard on a slash", order("W%2F1", "cancel-items/"), 404, NOT_FOUND),
    BadInput("a wizard on 300 characters", order("x" * 300, "cancel-all/"), 404, NOT_FOUND),
    BadInput("a wizard on NUL", order("%00", "cancel-all/"), 404, NOT_FOUND),
    BadInput("a wizard on an unmanaged order", order("U-1", "cancel-items/"), 200, UNMANAGED),
    BadInput(
        "a step on an unmanaged order", order("U-1", "cancel-all/{run}/details/"), 200, UNMANAGED
    ),
    BadInput("a wizard with nothing to cancel", order("N-1", "cancel-items/"), 200, NOTHING),
    BadInput(
        "a form with nothing to cancel",
        Request("POST", "/order-summaries/N-1/cancel-items/{run}/select/", {"select-lines": "1"}),
        200,
        "This order changed while you were working. Nothing was canceled.",
    ),
    BadInput("a wizard that is none", order("W-1", "cancel-some/"), 404, NOT_FOUND),
)
OTHERS = (
    BadInput("an account that is not there", get("/accounts/X-1/"), 404, NOT_FOUND),
    BadInput("an account with a slash", get("/accounts/A%2F1/"), 404, NOT_FOUND),
    BadInput("an account of 300 characters", get(f"/accounts/{'a' * 300}/"), 404, NOT_FOUND),
    BadInput("an account with NUL", get("/accounts/%00/"), 404, NOT_FOUND),
    BadInput("an account spelled otherwise", get("/accounts/A-100~31/"), 404, NOT_FOUND),
    BadInput("an account of no UTF-8", get("/accounts/~FF~FE/"), 404, NOT_FOUND),
    BadInput("an account with NUL spelled out", get("/accounts/~00/"), 404, NOT_FOUND),
    BadInput("a change order not there", get("/change-orders/CO-99999999/"), 404, NOT_FOUND),
    BadInput("a change order, short", get("/change-orders/CO-1/"), 404, NOT_FOUND),
    BadInput("a change order of 30 digits", get(f"/change-orders/CO-{'9' * 30}/"), 404, NOT_FOUND),
    BadInput("a change order of 18 digits", get(f"/change-orders/CO-{'9' * 18}/"), 404, NOT_FOUND),
    BadInput("a full-width one", get("/change-orders/CO-0000000１/"), 404, NOT_FOUND),  # noqa: RUF001
    BadInput("a change order with NUL", get("/change-orders/CO-0000000%00/"), 404, NOT_FOUND),
    BadInput("a page that is none", get("/orders/"), 404, NOT_FOUND),
)

WAY_IN = by_browser("addresses", (*ORDERS, *WIZARDS, *OTHERS))
