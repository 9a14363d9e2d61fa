"""What stands behind the question mark: searches, filters and places in lists."""

from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput

NO_PLACE = "The page to show is not one of this list."
TOO_LONG = "Ensure this value has at most 255 characters"
NO_NUL = "Null characters are not allowed."
NOT_A_CHOICE = "Select a valid choice."
YEAR_1, YEAR_9999 = "0001-01-01T00:00:00+23:59~1", "9999-12-31T23:59:59-23:59~1"


def query(path: str = "/order-summaries/", **fields: str) -> Request:
    return Request("GET", path, fields)


SEARCHES = (
    BadInput("a search with NUL", query(q="W\0"), 400, NO_NUL, "Search"),
    BadInput("a search of 256 characters", query(q="x" * 256), 400, TOO_LONG, "Search"),
    BadInput("a search of 10,000 characters", query(q="x" * 10_000), 400, TOO_LONG, "Search"),
    BadInput("a status that is none", query(status="Nonsense"), 400, NOT_A_CHOICE, "Status"),
    BadInput("a status by its label", query(status="Created"), 400, NOT_A_CHOICE, "Status"),
    BadInput("a status with NUL", query(status="created\0"), 400, NOT_A_CHOICE, "Status"),
)
PLACES = (
    BadInput("a place that is none", query(after="x"), 400, NO_PLACE),
    BadInput("a place before that is none", query(before="x"), 400, NO_PLACE),
    BadInput("a place without an order", query(after="2026-10-01T00:00:00Z"), 400, NO_PLACE),
    BadInput("a place without an offset", query(after="2026-10-01T00:00:00~1"), 400, NO_PLACE),
    BadInput("a place without a time", query(before="~1"), 400, NO_PLACE),
    BadInput("a place with NUL", query(after="\0"), 400, NO_NUL),
    BadInput("a place 1_000", query(after="2026-10-01T00:00:00Z~1_000"), 400, NO_PLACE),
    BadInput("a place in full width", query(after="2026-10-01T00:00:00Z~１"), 400, NO_PLACE),  # noqa: RUF001
    BadInput("a place of 30 digits", query(after=f"2026-10-01T00:00:00Z~{9**30}"), 400, NO_PLACE),
    BadInput(
        "a place of 5,000 digits", query(after="2026-10-01T00:00:00Z~" + "9" * 5000), 400, NO_PLACE
    ),
    BadInput("a negative place", query(before="2026-10-01T00:00:00Z~-1"), 400, NO_PLACE),
    BadInput("a place before all time", query(after=YEAR_1), 400, NO_PLACE),
    BadInput("a place after all time", query(before=YEAR_9999), 400, NO_PLACE),
    BadInput("a place on February 30", query(after="2026-02-30T00:00:00Z~1"), 400, NO_PLACE),
    BadInput("a place of three parts", query(after="2026-10-01T00:00:00Z~1~1"), 400, NO_PLACE),
)
OTHER_LISTS = (
    BadInput("accounts, a search with NUL", query("/accounts/", q="\0"), 400, NO_NUL, "Search"),
    BadInput("accounts, a long search", query("/accounts/", q="y" * 256), 400, TOO_LONG, "Search"),
    BadInput(
        "accounts, a place that is none", query("/accounts/", after="A\u202e1"), 400, NO_PLACE
    ),
    BadInput(
        "an account, a place that is none", query("/accounts/A-1001/", after="x"), 400, NO_PLACE
    ),
    BadInput(
        "an order's lines, no place", query("/order-summaries/W-1/", after="x\0"), 400, NO_PLACE
    ),
    BadInput(
        "an order's lines, none of its own",
        query("/order-summaries/W-1/", after="9" * 9),
        400,
        NO_PLACE,
    ),
    BadInput(
        "an order's lines, 5,000 digits",
        query("/order-summaries/W-1/", after="9" * 5000),
        400,
        NO_PLACE,
    ),
    BadInput(
        "change orders, an unknown kind",
        query("/change-orders/", kind="x"),
        400,
        NOT_A_CHOICE,
        "Kind",
    ),
    BadInput("change orders, no place", query("/change-orders/", after="CO-1"), 400, NO_PLACE),
    BadInput(
        "change orders, a search with NUL", query("/change-orders/", q="\0"), 400, NO_NUL, "Search"
    ),
    BadInput(
        "refunds, an unknown state", query("/refunds/", status="paid"), 400, NOT_A_CHOICE, "State"
    ),
    BadInput("refunds, a place that is none", query("/refunds/", before="1"), 400, NO_PLACE),
    BadInput(
        "refunds, a place out of range",
        query("/refunds/", before=f"{'9' * 18}~{'9' * 19}"),
        400,
        NO_PLACE,
    ),
)

WAY_IN = by_browser("queries", (*SEARCHES, *PLACES, *OTHER_LISTS))
