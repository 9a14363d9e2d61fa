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
ALLOCATED, FULFILLED, INITIATED, RETURNED = (
    f"items[0].quantity_{name}"
    for name in ("allocated", "fulfilled", "return_initiated", "returned")
)
WHOLE = "must be a whole number"
TEXT = "must be text"
UNKNOWN = "is not a field of this document"
REQUIRED = "is required"
AN_AMOUNT = "must be an amount such as 12.50, as text"
AS_TEXT = "must be an amount as text"

ALL_BUT_ONE_CANCELED = done_before(
    "cancel_orders",
    {
        "idempotency_key": "K-1",
        "order_number": "W-1",
        "reason": "Outdated",
        "items": [{"key": "1", "quantity": 2}],
    },
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


def counters(name: str, says: str, *given: Any, **changes: int) -> BadInput:
    """Line 1 reported with these counters, refused at the line."""
    reported = {"key": "1"} | {f"quantity_{name}": count for name, count in changes.items()}
    return BadInput(name, Changes({"items[0]": reported}), 1, says, "items[0]", given)


ORDERS = (
    row("no order number", "order_number", ABSENT, REQUIRED),
    row("an order that is not there", "order_number", "X-1", "There is no order summary with this"),
    row("an unmanaged order", "order_number", "U-1", "this order summary is unmanaged"),
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
    row("a counter as text", FULFILLED, "1", WHOLE),
    row("a counter of true", INITIATED, True, WHOLE),
    row("a counter as a list", RETURNED, [], WHOLE),
    row("a counter of 10⁹", ALLOCATED, 10**9, "must be at most 1000000"),
    row("a counter of 31 digits", ALLOCATED, 10**30, "must be at most 1000000"),
    counters("more allocated than ordered", "quantity_allocated (4) is above the", allocated=4),
    counters("more fulfilled than allocated", "quantity_fulfilled (1) is above", fulfilled=1),
    counters(
        "more returns initiated than fulfilled",
        "quantity_return_initiated (2) is above quantity_fulfilled (1)",
        allocated=1,
        fulfilled=1,
        return_initiated=2,
    ),
    counters(
        "more returned than initiated",
        "quantity_returned (1) is above quantity_return_initiated (0)",
        allocated=1,
        fulfilled=1,
        returned=1,
    ),
    counters(
        "canceled units allocated",
        "quantity_allocated (2) is above the quantity ordered and not canceled (1)",
        ALL_BUT_ONE_CANCELED,
        allocated=2,
    ),
    BadInput(
        "a return taken back",
        Changes({"items[0]": {"key": "1", "quantity_returned": 1}}),
        1,
        "is below the 2 already returned; a return is final",
        RETURNED,
        (TWO_RETURNED,),
    ),
    counters(
        "fulfilled units unallocated",
        "quantity_fulfilled (3) is above quantity_allocated (0)",
        TWO_RETURNED,
        allocated=0,
    ),
)
PAYMENTS = (
    row("an unknown payment", "payments[0].key", "P9", "'P9' is not a payment of this order"),
    row("no payment", "payments[0].key", ABSENT, REQUIRED),
    row("a payment that is null", "payments[0]", None, "must be an object"),
    BadInput(
        "a payment named twice",
        Changes({"payments": [{"key": "P1"}, {"key": "P1"}]}),
        1,
        "'P1' is there twice",
        "payments[1].key",
    ),
    row("an unknown field of a payment", "payments[0].method", "Visa", UNKNOWN),
    row("a capture above its authorization", "payments[0].captured", "999.00", "is above what was"),
    BadInput(
        "an authorization below its capture",
        Changes({"payments[0]": {"key": "P1", "authorized": "1.00"}}),
        1,
        "is below what is captured",
        "payments[0].authorized",
    ),
    row(
        "a refund above its capture", "payments[0].refunded", "999.00", "is above what is captured"
    ),
    row("a negative refund", "payments[0].refunded", "-1.00", "must not be negative"),
    row("a capture as a number", "payments[0].captured", 46, AS_TEXT),
    row("too many decimals", "payments[0].captured", "1.001", "has more than USD's 2 decimals"),
    row("a capture of 1_000", "payments[0].captured", "1_000", AN_AMOUNT),
    row("a capture of 1e3", "payments[0].captured", "1e3", AN_AMOUNT),
    row("a capture of NaN", "payments[0].captured", "NaN", AN_AMOUNT),
    row("a capture in full width", "payments[0].captured", "１.00", AN_AMOUNT),  # noqa: RUF001
    BadInput(
        "money set aside, uncaptured",
        Changes({"payments[0]": {"key": "P1", "captured": "1.00"}}),
        1,
        "is below what is refunded or set aside for refunds",
        "payments[0].captured",
        (ALL_BUT_ONE_CANCELED,),
    ),
)

WAY_IN = WayIn(
    "record_fulfillment, documents",
    document_to("record_fulfillment", GOOD),
    (*ORDERS, *LINES, *PAYMENTS),
)
