"""What stands behind the question mark: searches, filters and places in lists."""

from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput

NO_PLACE = "The page to show is not one of this list."
TOO_LONG = "Ensure this value has at most 255 characters"
NO_NUL = "Null characters are not allowed."
NOT_A_CHOICE = "Choose one from the list."
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

NO_SORT, NO_COLUMN = "This list cannot be sorted like that.", "This list has no such columns."
NO_NUMBER, NO_DAY = "Enter a number.", "Enter a valid date."
CHANGES = "/change-orders/"


def order_filter(words: str, says: str, at: str = "", **fields: str) -> BadInput:
    return BadInput(f"order filters, {words}", query(**fields), 400, says, at)


def change_filter(words: str, says: str, at: str = "", **fields: str) -> BadInput:
    return BadInput(f"change order filters, {words}", query(CHANGES, **fields), 400, says, at)


FILTERS = (
    order_filter("a sort that is none", NO_SORT, sort="name"),
    order_filter("a sort with NUL", NO_NUL, sort="total\0"),
    order_filter("a long sort", NO_SORT, sort="-" * 10_000),
    order_filter("a surrogate for a sort", NO_SORT, sort="\ufffd"),
    order_filter("a column that is none", NO_COLUMN, columns="password"),
    order_filter("a column twice", NO_COLUMN, columns="total,total"),
    order_filter("the first column", NO_COLUMN, columns="number"),
    order_filter("columns of 10,000 commas", NO_COLUMN, columns="," * 10_000),
    order_filter("columns with NUL", NO_NUL, columns="total\0"),
    order_filter("a place of another sort", NO_PLACE, sort="total", after="2026-10-01T00:00:00Z~1"),
    order_filter("a place without a currency", NO_PLACE, sort="total", after="total~1~1"),
    order_filter("a total that is no place", NO_PLACE, sort="total", after="total~USD~x~1"),
    order_filter("a total of 30 digits", NO_PLACE, sort="total", after=f"total~USD~{'9' * 30}~1"),
    order_filter("a number that is no place", NO_PLACE, sort="number", before="number~ "),
    order_filter("a total of words", NO_NUMBER, "Total from", total_from="much"),
    order_filter("a total with NUL", NO_NUMBER, "Total to", total_to="1\0"),
    order_filter("a total that is none", NO_NUMBER, "Total from", total_from="NaN"),
    order_filter(
        "a total below nothing",
        "Enter an amount of 0 or more.",
        "Total to",
        total_to="-1",
    ),
    order_filter(
        "a huge total", "Ensure that there are no more than 15 digits", "Total to", total_to="1e300"
    ),
    order_filter("a currency of digits", "Three letters", "Currency", currency="123"),
    order_filter("a currency with NUL", NO_NUL, "Currency", currency="U\0D"),
    order_filter("a currency of two letters", "Three letters", "Currency", currency="US"),
    order_filter("a day that is none", NO_DAY, "Ordered from", ordered_from="2026-02-30"),
    order_filter("a day with NUL", NO_DAY, "Ordered to", ordered_to="2026-02-01\0"),
    order_filter("a day of words", NO_DAY, "Ordered from", ordered_from="yesterday"),
    order_filter(
        "a day before all time",
        "Ensure this value is greater than or equal",
        "Ordered to",
        ordered_to="0001-01-01",
    ),
    order_filter(
        "a day after all time",
        "Ensure this value is less than or equal",
        "Ordered to",
        ordered_to="9999-12-31",
    ),
    order_filter("a channel with NUL", NO_NUL, "Channel", channel="W\0"),
    order_filter("a long channel", TOO_LONG, "Channel", channel="W" * 256),
    order_filter("canceled when nobody knows", NOT_A_CHOICE, "Canceled here", canceled="x"),
    order_filter("a tick of 2", NOT_A_CHOICE, "Cancelable only", cancelable="2"),
    order_filter("a tick with NUL", NOT_A_CHOICE, "Needs attention", attention="1\0"),
    order_filter("a tick of words", NOT_A_CHOICE, "Has exceptions", exceptions="yes"),
    order_filter("a tick that is true", NOT_A_CHOICE, "Recently viewed by me", recent="True"),
    change_filter("a sort of another list", NO_SORT, sort="total"),
    change_filter("a column of another list", NO_COLUMN, columns="status"),
    change_filter("a place of another sort", NO_PLACE, sort="who", after="1"),
    change_filter("an agent with NUL", NO_NUL, "Agent", agent="a\0"),
    change_filter(
        "a long agent", "Ensure this value has at most 150 characters", "Agent", agent="a" * 151
    ),
    change_filter("a customer with NUL", NO_NUL, "Customer", customer="a\0"),
    change_filter("a long customer", TOO_LONG, "Customer", customer="a" * 256),
    change_filter("a reason that is none", NOT_A_CHOICE, "Reason", reason="Boredom"),
    change_filter("a reason with NUL", NO_NUL, "Reason", reason="Changed Mind\0"),
    change_filter("made when nobody knows", NOT_A_CHOICE, "Made", since="x"),
    change_filter("a day that is none", NO_DAY, "Made from", made_from="2026-02-30"),
    change_filter(
        "a day after all time",
        "Ensure this value is less than or equal",
        "Made to",
        made_to="9999-12-31",
    ),
    change_filter("a tick of 2", NOT_A_CHOICE, "Made by me", mine="2"),
)

WAY_IN = by_browser("queries", (*SEARCHES, *PLACES, *OTHER_LISTS, *FILTERS))
