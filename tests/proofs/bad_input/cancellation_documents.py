"""Cancellation documents that break a rule of contract.md §2, or of domain.md §7."""

from typing import Any

from cancellations.models import CancellationReason
from tests.proofs.bad_input.row import BadInput, WayIn
from tests.proofs.bad_input.shell import Changes, document_to, done_before
from tests.proofs.bad_input.stage import Stage
from tests.support.builders import imported, item
from tests.support.specimens import ABSENT

GOOD = {
    "idempotency_key": "K-1",
    "order_number": "W-1",
    "reason": "Changed Mind",
    "note": "",
    "items": [{"key": "1", "quantity": 1, "refund_delivery": False}],
}
WHOLE = "must be a whole number"
NOT_A_LINE = "This is not a product line of this order."
NOT_LISTED = "Choose a reason from the list."
A_LIST = 'must be a list of items, or "all"'
REQUIRED = "is required"
UNKNOWN = "is not a field of this document"
TEXT = "must be text"
AT_MOST = "At most 100 items can be canceled at a time; use Cancel All."


def row(name: str, at: str, value: Any, says: str, **others: Any) -> BadInput:
    """The good document with one field changed, refused at that field."""
    return BadInput(name, Changes({at: value}), 1, says, at, **others)


def document(name: str, at: str, says: str, *given: Any, **changes: Any) -> BadInput:
    """The good document with several fields changed."""
    return BadInput(name, Changes(changes), 1, says, at, given)


def retire(stage: Stage) -> None:
    """The reason is retired."""
    CancellationReason.objects.filter(name="Changed Mind").update(retired=True)


def many_lines(stage: Stage) -> None:
    """There is an order of 101 lines."""
    imported(order_number="M-101", items=[item(f"{n}") for n in range(101)])


def many_items(count: int) -> dict[str, Any]:
    items = [{"key": f"{n}", "quantity": 1} for n in range(count)]
    return {"order_number": "M-101", "items": items}


IDENTITY = (
    row("no idempotency key", "idempotency_key", ABSENT, REQUIRED),
    row("an empty idempotency key", "idempotency_key", "", "must not be empty"),
    row(
        "a key of 201 characters", "idempotency_key", "k" * 201, "must have at most 200 characters"
    ),
    row("a key that is a number", "idempotency_key", 5, TEXT),
    row("a key that is null", "idempotency_key", None, TEXT),
    row("a key with NUL", "idempotency_key", "a\0", "must not hold NUL or broken characters"),
    row(
        "a key of half a surrogate pair", "idempotency_key", "\ud800", "must not hold NUL or broken"
    ),
    row("no order number", "order_number", ABSENT, REQUIRED),
    row("an order that is not there", "order_number", "X-1", "There is no order summary with this"),
    row("an order number after a space", "order_number", " W-1", "must be 1 to 64 printable"),
    row("an order number with a tab", "order_number", "W\t1", "must be 1 to 64 printable"),
    row("an order number with a slash", "order_number", "W/1", "There is no order summary with"),
    row("an order number as a number", "order_number", 1401, TEXT),
    row("an order number as a list", "order_number", ["W-1"], TEXT),
    row("an order number of 300", "order_number", "9" * 300, "must be 1 to 64 printable"),
    row("an unknown field", "comment", "x", UNKNOWN),
    document(
        "a key used with other content",
        "idempotency_key",
        "This key was used before with other content.",
        done_before("cancel_orders", GOOD),
        note="now",
    ),
    BadInput(
        "an unmanaged order",
        Changes({"order_number": "U-1"}),
        1,
        "This order summary is unmanaged.",
    ),
)
LINES = (
    row("no items", "items", ABSENT, REQUIRED),
    row("an empty list", "items", [], "must have at least 1 entry"),
    row("items that are null", "items", None, A_LIST),
    row("items that are a word", "items", "some", A_LIST),
    row("ALL in capitals", "items", "ALL", A_LIST),
    row("items as an object", "items", {"1": 1}, A_LIST),
    row("an item that is text", "items[0]", "1", "must be an object"),
    row("an item that is null", "items[0]", None, "must be an object"),
    row("an unknown line", "items[0].key", "9", NOT_A_LINE),
    row("a delivery charge", "items[0].key", "1001", NOT_A_LINE),
    row("a line as a number", "items[0].key", 1, TEXT),
    row("an empty line", "items[0].key", "", "must not be empty"),
    row("a line with NUL", "items[0].key", "1\0", "must hold printable characters only"),
    row("a line of 65 characters", "items[0].key", "1" * 65, "must have at most 64 characters"),
    row("no line", "items[0].key", ABSENT, REQUIRED),
    row("an unknown field of an item", "items[0].sku", "SKU-1", UNKNOWN),
    document(
        "a line named twice",
        "items[1].key",
        "'1' is there twice",
        items=[{"key": "1", "quantity": 1}, {"key": "1", "quantity": 1}],
    ),
    document("101 items", "items", AT_MOST, many_lines, **many_items(101)),
    BadInput(
        "2,500 items",
        Changes(many_items(2500) | {"order_number": "W-1"}),
        1,
        AT_MOST,
        "items",
        is_slim=False,
    ),
    document(
        "all of an order with nothing to cancel",
        "items",
        "Nothing of this order is selected that can be canceled.",
        order_number="N-1",
        items="all",
    ),
)
QUANTITIES = (
    row("no quantity", "items[0].quantity", ABSENT, REQUIRED),
    row("a quantity of 0", "items[0].quantity", 0, "must be at least 1"),
    row("a quantity of -1", "items[0].quantity", -1, "must be at least 1"),
    row("a quantity of 1.5", "items[0].quantity", 1.5, WHOLE),
    row("a quantity of 1.0", "items[0].quantity", 1.0, WHOLE),
    row("a quantity of 10⁹", "items[0].quantity", 10**9, "Only 3 can be canceled."),
    row("a quantity of 31 digits", "items[0].quantity", 10**30, "Only 3 can be canceled."),
    row("a quantity above by one", "items[0].quantity", 4, "Only 3 can be canceled."),
    row("a quantity as text", "items[0].quantity", "1", WHOLE),
    row("a quantity in full width", "items[0].quantity", "１", WHOLE),  # noqa: RUF001
    row("a quantity of true", "items[0].quantity", True, WHOLE),
    row("a quantity that is null", "items[0].quantity", None, WHOLE),
    row("a quantity as a list", "items[0].quantity", [1], WHOLE),
    document(
        "a line that is allocated",
        "items[0].quantity",
        "Nothing of it can be canceled.",
        items=[{"key": "3", "quantity": 1}],
    ),
)
REASONS = (
    BadInput("no reason", Changes({"reason": ABSENT}), 1, NOT_LISTED, "reason"),
    BadInput("a reason not there", Changes({"reason": "Nonsense"}), 1, NOT_LISTED, "reason"),
    BadInput("a retired reason", Changes({}), 1, NOT_LISTED, "reason", (retire,)),
    BadInput("a reason, small", Changes({"reason": "unknown"}), 1, NOT_LISTED, "reason"),
    row("a reason that is a number", "reason", 5, TEXT),
    row("a reason of 256 characters", "reason", "r" * 256, "must have at most 255 characters"),
    row("an item's unknown reason", "items[0].reason", "Nonsense", NOT_LISTED),
    BadInput(
        "Other without a note",
        Changes({"reason": "Other"}),
        1,
        "Write a note: the reason Other needs one.",
        "note",
    ),
    BadInput(
        "Other with spaces for a note",
        Changes({"reason": "Other", "note": "  \u00a0"}),
        1,
        "Write a note: the reason Other needs one.",
        "note",
    ),
    row("a note of 1,001 characters", "note", "x" * 1001, "must have at most 1000 characters"),
    row("a note of 10⁶ characters", "items[0].note", "x" * 10**6, "must have at most 1000"),
    row("a note that is null", "note", None, TEXT),
    row("a note with NUL", "note", "a\0", "must not hold NUL or broken characters"),
    row("a delivery choice in words", "items[0].refund_delivery", "yes", "must be true or false"),
    row("a delivery choice of 1", "items[0].refund_delivery", 1, "must be true or false"),
    row("one delivery choice for items", "refund_delivery", True, UNKNOWN),
    document(
        "a null choice for all",
        "refund_delivery",
        "must be true",
        items="all",
        refund_delivery=None,
    ),
    document("all for no reason", "reason", NOT_LISTED, items="all", reason=""),
    document("all, Other, no note", "note", "Write a note: ", items="all", reason="Other"),
    document("all with a quantity", "quantity", UNKNOWN, items="all", quantity=1),
)

WAY_IN = WayIn(
    "cancel_orders, documents",
    document_to("cancel_orders", GOOD),
    (*IDENTITY, *LINES, *QUANTITIES, *REASONS),
)
