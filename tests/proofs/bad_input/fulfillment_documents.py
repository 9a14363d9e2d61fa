"""Fulfilment documents that break a rule of contract.md §3."""

from typing import Any

from tests.proofs.bad_input.row import BadInput, WayIn
from tests.proofs.bad_input.shell import Changes, document_to, done_before
from tests.support.specimens import ABSENT

GOOD = {
    "order_number": "W-1",
    "items": [{"key": "1", "quantity_allocated": 1}],
    "payments": [{"key": "P1", "captured": "1.00"}],
}
COUNTERS = ("allocated", "canceled", "canceled_total")
ALLOCATED, CANCELED, CANCELED_TOTAL = (f"items[0].quantity_{name}" for name in COUNTERS)
FULFILLED, INITIATED, RETURNED = (
    f"quantity_{name}" for name in ("fulfilled", "return_initiated", "returned")
)
DELIVERY = "items[0].refund_delivery"
WHOLE = "must be a whole number"
TEXT = "must be text"
UNKNOWN = "is not a field of this document"
REQUIRED = "is required"
BOOLEAN = "must be true or false"

TWO_WAYS = "is given in two ways: leave out this or the figure without _total"
TOO_MUCH = "must be at most 1000000"

ALL_BUT_ONE_ALLOCATED = done_before(
    "record_fulfillment",
    {"order_number": "W-1", "items": [{"key": "1", "quantity_allocated": 2}]},
)
TWO_RETURNED = done_before(
    "record_fulfillment",
    {
        "order_number": "W-1",
        "items": [
            {
                "key": "1",
                "quantity_allocated": 3,
                "quantity_fulfilled": 3,
                "quantity_return_initiated": 2,
                "quantity_returned": 2,
            }
        ],
    },
)


def row(name: str, at: str, value: Any, says: str, **others: Any) -> BadInput:
    """The good document with one field changed, refused at that field."""
    return BadInput(name, Changes({at: value}), 1, says, at, **others)


def item(name: str, at: str, says: str, *given: Any, **fields: Any) -> BadInput:
    """Line 1 reported with these fields, refused at one of them."""
    reported = {"key": "1", **fields}
    return BadInput(name, Changes({"items[0]": reported}), 1, says, f"items[0].{at}", given)


ORDERS = (
    row("no order number", "order_number", ABSENT, REQUIRED),
    row("an order that is not there", "order_number", "X-1", "There is no order summary with this"),
    BadInput(
        "an unmanaged order with an unknown line",
        Changes({"order_number": "U-1", "items[0].key": "9"}),
        1,
        "'9' is not a product line of this order",
        "items[0].key",
    ),
    row("an order number as a number", "order_number", 5, TEXT),
    row("an order number with NUL", "order_number", "W\0", "must"),
    row("an unknown field", "status", "shipped", UNKNOWN),
    row("items that are a word", "items", "all", "must be a list"),
    row("items that are null", "items", None, "must be a list"),
    row("payments as an object", "payments", {"P1": "1.00"}, "must be a list"),
)
LINES = (
    row("an unknown line", "items[0].key", "9", "'9' is not a product line of this order"),
    row("a delivery charge", "items[0].key", "1001", "'1001' is not a product line of this order"),
    row("a line as a number", "items[0].key", 1, TEXT),
    row("no line", "items[0].key", ABSENT, REQUIRED),
    row("an item that is text", "items[0]", "1", "must be an object"),
    row("a line with half a pair", "items[0].key", "\ud800", "must"),
    BadInput(
        "a line named twice",
        Changes({"items": [{"key": "1"}, {"key": "1"}]}),
        1,
        "'1' is there twice",
        "items[1].key",
    ),
    row("an unknown counter", "items[0].quantity_ordered", 5, UNKNOWN),
    row("a counter of -1", ALLOCATED, -1, "must be at least 0"),
    row("a counter of 1.5", ALLOCATED, 1.5, WHOLE),
    row("a counter as text", f"items[0].{FULFILLED}", "1", WHOLE),
    row("a counter of true", f"items[0].{INITIATED}", True, WHOLE),
    row("a counter as a list", f"items[0].{RETURNED}", [], WHOLE),
    row("a counter of 10⁹", ALLOCATED, 10**9, "must be at most 1000000"),
    row("a counter of 31 digits", ALLOCATED, 10**30, "must be at most 1000000"),
    row("a counter that is null in a list", ALLOCATED, [None], WHOLE),
    row("a fee", "items[0].key", "2001", "'2001' is not a product line of this order"),
    row("a line with an override", "items[0].key", "1\u202e", "must hold printable characters"),
    row("-1 canceled", CANCELED, -1, "must be at least 0"),
    row("1.0 canceled", CANCELED, 1.0, WHOLE),
    row("canceled as text", CANCELED, "1", WHOLE),
    row("canceled as true", CANCELED, True, WHOLE),
    row("1,000,001 canceled", CANCELED, 1_000_001, TOO_MUCH),
    row("-1 canceled in all", CANCELED_TOTAL, -1, "must be at least 0"),
    row("0.5 canceled in all", CANCELED_TOTAL, 0.5, WHOLE),
    row("10³⁰ canceled in all", CANCELED_TOTAL, 10**30, TOO_MUCH),
    item(
        "canceled in two ways",
        "quantity_canceled_total",
        TWO_WAYS,
        quantity_canceled=1,
        quantity_canceled_total=1,
    ),
    item(
        "canceled in two ways, both 0",
        "quantity_canceled_total",
        TWO_WAYS,
        quantity_canceled=0,
        quantity_canceled_total=0,
    ),
    row("delivery given back in words", DELIVERY, "yes", BOOLEAN),
    row("delivery given back as 1", DELIVERY, 1, BOOLEAN),
    row("delivery given back as null", DELIVERY, None, BOOLEAN),
    item("more fulfilled than allocated", FULFILLED, "1 is above", quantity_fulfilled=1),
    item(
        "more returns initiated than fulfilled",
        INITIATED,
        "2 is above quantity_fulfilled (1)",
        quantity_allocated=1,
        quantity_fulfilled=1,
        quantity_return_initiated=2,
    ),
    item(
        "more returned than initiated",
        RETURNED,
        "1 is above quantity_return_initiated (0)",
        quantity_allocated=1,
        quantity_fulfilled=1,
        quantity_returned=1,
    ),
    item(
        "more fulfilled than was allocated before",
        FULFILLED,
        "3 is above quantity_allocated (2)",
        ALL_BUT_ONE_ALLOCATED,
        quantity_fulfilled=3,
    ),
    item(
        "fulfilled units unallocated",
        FULFILLED,
        "3 is above quantity_allocated (0)",
        TWO_RETURNED,
        quantity_allocated=0,
    ),
    item(
        "returned units not initiated",
        RETURNED,
        "2 is above quantity_return_initiated (1)",
        TWO_RETURNED,
        quantity_return_initiated=1,
    ),
    BadInput(
        "a line that fits and one that contradicts itself",
        Changes({"items": [*GOOD["items"], {"key": "2", "quantity_fulfilled": 1}]}),
        1,
        "1 is above quantity_allocated (0)",
        "items[1].quantity_fulfilled",
    ),
)
WAY_IN = WayIn(
    "record_fulfillment, documents",
    document_to("record_fulfillment", GOOD),
    (*ORDERS, *LINES),
)
