"""Documents that ask to undo what cannot be undone (contract.md §2)."""

from typing import Any

from tests.proofs.bad_input.row import BadInput, WayIn
from tests.proofs.bad_input.shell import Changes, document_to
from tests.proofs.bad_input.stage import Stage
from tests.support.builders import cancel, imported, select
from tests.support.specimens import ABSENT

GOOD = {"idempotency_key": "U-1", "order_number": "W-1", "undo": "CO-99999999"}
NONE = "There is no such change order of this order."
A_NUMBER = "must be a change order's number, such as CO-00000012"
UNKNOWN = "is not a field of this document"
TEXT = "must be text"


def canceled(stage: Stage) -> None:
    """Another order has a change order."""
    cancel(imported(order_number="U-2"), select(), by=stage.agent)


def row(name: str, field: str, value: Any, says: str) -> BadInput:
    """What undoes a change order that is not there, with one field changed."""
    return BadInput(name, Changes({field: value}), 1, says, field)


WAY_IN = WayIn(
    "cancel_orders, undo",
    document_to("cancel_orders", GOOD),
    (
        BadInput("a change order that is not there", Changes({}), 1, NONE, "undo"),
        row("a bare number", "undo", "1", A_NUMBER),
        row("a number in small letters", "undo", "co-00000001", A_NUMBER),
        row("a number with a line break", "undo", "CO-00000001\n", A_NUMBER),
        row("a number of twenty digits", "undo", "CO-" + "9" * 20, A_NUMBER),
        row("no number", "undo", None, TEXT),
        row("a list of numbers", "undo", ["CO-00000001"], TEXT),
        row("a note", "note", "Sorry", UNKNOWN),
        row("items beside it", "items", "all", UNKNOWN),
        row("no key", "idempotency_key", ABSENT, "is required"),
        row("no order", "order_number", ABSENT, "is required"),
        row("an order that is not there", "order_number", "X-1", "There is no order summary with"),
    ),
    given=(canceled,),
)
