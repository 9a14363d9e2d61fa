"""Undo: change orders that are not there, that it is too late for, and people who may not."""

from cancellations.acts.undo import undo_change_order
from cancellations.models import ChangeOrder
from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput
from tests.proofs.bad_input.stage import (
    Stage,
    a_viewer,
    signed_out,
    with_tokens_checked,
)
from tests.support.builders import cancel, imported, report, select

PAGE = "/change-orders/{change_order}/undo/"
NOT_FOUND = "We can’t find this page"
NOT_ALLOWED = "You can’t do this"
STANDS = "cannot be undone"


def a_change_order(stage: Stage) -> None:
    """The agent has canceled one of two."""
    made = cancel(imported(order_number="E-1"), select(), by=stage.agent)
    stage.named = {"change_order": made.number}


def undone(stage: Stage) -> None:
    """Someone else undid it meanwhile."""
    undo_change_order(change_order_id=ChangeOrder.objects.get().pk, by=stage.agent)


def canceled_again(stage: Stage) -> None:
    """Another is canceled meanwhile."""
    cancel(ChangeOrder.objects.get().order, select(), by=stage.agent)


def shipped_meanwhile(stage: Stage) -> None:
    """Both are reported as shipped meanwhile."""
    shipped = {"key": "1", "quantity_allocated": 2, "quantity_fulfilled": 2}
    report(ChangeOrder.objects.get().order, shipped)


def undo(path: str = PAGE, **fields: str) -> Request:
    return Request("POST", path, fields)


def get(path: str = PAGE, **query: str) -> Request:
    return Request("GET", path, query)


ROWS = (
    BadInput("one that is not there", get("/change-orders/CO-99999999/undo/"), 404, NOT_FOUND),
    BadInput("undoing one not there", undo("/change-orders/CO-99999999/undo/"), 404, NOT_FOUND),
    BadInput("one of 30 digits", undo(f"/change-orders/CO-{'9' * 30}/undo/"), 404, NOT_FOUND),
    BadInput("one with NUL", undo("/change-orders/CO-0000%001/undo/"), 404, NOT_FOUND),
    BadInput("undone before", undo(), 302, "had been undone before", given=(undone,)),
    BadInput("a later one", undo(), 409, STANDS, given=(canceled_again,)),
    BadInput("a later one, looked at", get(), 200, STANDS, given=(canceled_again,)),
    BadInput("a doubtful item", undo(), 409, STANDS, given=(shipped_meanwhile,)),
    BadInput("one deleted", Request("DELETE", PAGE), 405, "Allow: "),
    BadInput("a viewer", undo(), 403, NOT_ALLOWED, given=(a_viewer,)),
    BadInput("nobody", undo(), 302, "→ /sign-in/?next=", given=(signed_out,)),
    BadInput("no token", undo(), 403, "This page has expired", given=(with_tokens_checked,)),
)

WAY_IN = by_browser("undo", ROWS, a_change_order)
