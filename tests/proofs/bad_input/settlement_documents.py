"""Documents that ask to refund what is not owed, or ask it wrongly (contract.md §2)."""

from typing import Any

from tests.proofs.bad_input.row import BadInput, WayIn
from tests.proofs.bad_input.shell import Changes, document_to, done_before
from tests.proofs.bad_input.stage import Stage
from tests.support.builders import imported, payment
from tests.support.specimens import ABSENT

GOOD = {"idempotency_key": "S-1", "order_number": "O-1", "settle": {}}
GROUPS, FIRST, FEES = "settle.delivery_groups", "settle.delivery_groups[0]", "settle.refund_fees"
NOTHING_OWED = "Nothing is owed, given back or released by it."
UNKNOWN = "is not a field of this document"
AN_OBJECT = "must be an object"
A_LIST = "must be a list"
TEXT = "must be text"
BOOLEAN = "must be true or false"
HAS_ITEMS = "{!r} has no charge left behind, or still has items."
NO_FEE = "There is no fee left, or there are still items."
REUSED = "This key was used before with other content."
EVERYTHING = {
    "idempotency_key": "K-1",
    "order_number": "W-2",
    "reason": "Outdated",
    "items": "all",
}
CANCELED = done_before("cancel_orders", EVERYTHING)
SETTLED = done_before("cancel_orders", GOOD)


def overpaid(stage: Stage) -> None:
    """There is an order of 20.00 over which 25.00 were captured."""
    imported(order_number="O-1", payments=[payment("25.00")])


def row(name: str, at: str, value: Any, says: str) -> BadInput:
    """What settles the overpaid order with one field changed, refused at that field."""
    return BadInput(name, Changes({at: value}), 1, says, at)


def settles(
    name: str, at: str, says: str, *given: Any, number: str = "W-1", **settle: Any
) -> BadInput:
    """Settling an order, refused."""
    sent = Changes({"order_number": number, "settle": settle})
    return BadInput(name, sent, 1, says, at, given)


def beside(name: str, at: str, value: Any) -> BadInput:
    """A field beside ``settle`` that is none there."""
    return row(name, at, value, UNKNOWN)


SHAPES = (
    row("settle that is null", "settle", None, AN_OBJECT),
    row("settle that is true", "settle", True, AN_OBJECT),
    row("settle as a list of groups", "settle", ["G1"], AN_OBJECT),
    row("settle as text", "settle", "all", AN_OBJECT),
    row("settle as an amount", "settle", "5.00", AN_OBJECT),
    row("an unknown field of it", "settle.amount", "5.00", UNKNOWN),
    row("a delivery choice in it", "settle.refund_delivery", True, UNKNOWN),
    row("payments in it", "settle.payments", {"P1": "5.00"}, UNKNOWN),
    row("groups as text", GROUPS, "G1", A_LIST),
    row("groups that are null", GROUPS, None, A_LIST),
    row("groups as an object", GROUPS, {"G1": True}, A_LIST),
    row("groups that are all", GROUPS, "all", A_LIST),
    row("fees in words", FEES, "yes", BOOLEAN),
    row("fees of 1", FEES, 1, BOOLEAN),
    row("fees that are null", FEES, None, BOOLEAN),
    BadInput("a group as a number", Changes({GROUPS: [1]}), 1, TEXT, FIRST),
    BadInput("a group that is null", Changes({GROUPS: [None]}), 1, TEXT, FIRST),
    BadInput("a group without a name", Changes({GROUPS: [""]}), 1, "must not be empty", FIRST),
    BadInput("a group with NUL", Changes({GROUPS: ["G\0"]}), 1, "must hold printable", FIRST),
    BadInput("a group of 65", Changes({GROUPS: ["G" * 65]}), 1, "must have at most 64", FIRST),
)
BESIDE = (
    beside("items beside it", "items", [{"key": "1", "quantity": 1}]),
    beside("all items beside it", "items", "all"),
    beside("a reason beside it", "reason", "Outdated"),
    beside("a delivery choice beside it", "refund_delivery", True),
    beside("fees beside it", "refund_fees", True),
    BadInput("an undo beside it", Changes({"undo": "CO-00000001"}), 1, UNKNOWN, "settle"),
    row("no key", "idempotency_key", ABSENT, "is required"),
    row("an empty key", "idempotency_key", "", "must not be empty"),
    row("a key of 201", "idempotency_key", "k" * 201, "must have at most 200 characters"),
    row("a key with ESC", "idempotency_key", "a\x1b", "must not hold the control character U+001B"),
    row("no order", "order_number", ABSENT, "is required"),
    row("an order that is not there", "order_number", "X-1", "There is no order summary with this"),
    row("a note that is null", "note", None, TEXT),
    row("a note of 1,001 characters", "note", "x" * 1001, "must have at most 1000 characters"),
    row("a note with NUL", "note", "a\0", "must not hold NUL or broken characters"),
    row("a note with a tab", "note", "a\tb", "must not hold the control character U+0009"),
    row("a note with an override", "note", "\u202e", "must not hold U+202E, which changes"),
)
REFUSED = (
    settles("nothing owed", "", NOTHING_OWED),
    settles("nothing owed, no fees asked", "", NOTHING_OWED, refund_fees=False),
    settles("a group with items left", FIRST, HAS_ITEMS.format("G1"), delivery_groups=["G1"]),
    settles("a group that is not there", FIRST, HAS_ITEMS.format("G9"), delivery_groups=["G9"]),
    settles(
        "a group in small letters",
        FIRST,
        HAS_ITEMS.format("g1"),
        number="O-1",
        delivery_groups=["g1"],
    ),
    settles(
        "a group without a charge",
        FIRST,
        HAS_ITEMS.format("G1"),
        CANCELED,
        number="W-2",
        delivery_groups=["G1"],
    ),
    settles(
        "a group named twice",
        GROUPS,
        "A delivery group is named twice.",
        delivery_groups=["G1", "G1"],
    ),
    settles("fees of an order with items", FEES, NO_FEE, refund_fees=True),
    settles("fees where there are none", FEES, NO_FEE, CANCELED, number="W-2", refund_fees=True),
    settles("what was refunded at once", "", NOTHING_OWED, CANCELED, number="W-2"),
    settles("an unmanaged order", "", "This order summary is unmanaged.", number="U-1"),
    BadInput(
        "what is settled, settled anew",
        Changes({"idempotency_key": "S-2"}),
        1,
        NOTHING_OWED,
        given=(SETTLED,),
    ),
    BadInput(
        "a key used with another note",
        Changes({"note": "now"}),
        1,
        REUSED,
        "idempotency_key",
        (SETTLED,),
    ),
    BadInput(
        "a cancellation's key",
        Changes({"idempotency_key": "K-1", "order_number": "W-2"}),
        1,
        REUSED,
        "idempotency_key",
        (CANCELED,),
    ),
)

WAY_IN = WayIn(
    "cancel_orders, settlements",
    document_to("cancel_orders", GOOD),
    (*SHAPES, *BESIDE, *REFUSED),
    (overpaid,),
)
