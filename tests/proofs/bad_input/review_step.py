"""The review step: what was reviewed comes back signed, and has to be what would happen."""

from cancellations.models import CancellationReason
from orders.models import OrderItemSummary, OrderSummary
from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput
from tests.proofs.bad_input.stage import OTHER_RUN, Stage, explained, selected
from tests.support.unguarded import set_life_cycle

PATH = "/order-summaries/W-1/cancel-items/{run}/review/"
UNREADABLE = "This page could not be read back. Check the amounts below and submit again."
DETAILS = "→ /order-summaries/W-1/cancel-items/{run}/details/"
CHANGED = "This order changed while you were working. Nothing was canceled."


def submit(agreed: str) -> Request:
    """Submit with this in place of what was reviewed."""
    return Request("POST", PATH, {"review-agreed": agreed}, {"{current_step}": "review"})


def reviewed(stage: Stage) -> None:
    """The agent looks at the review."""
    stage.named["agreed"] = stage.run().reviewed()


def reviewed_in_another_run(stage: Stage) -> None:
    """The agent asks for one unit in another tab, up to its review."""
    run = stage.run(run=OTHER_RUN)
    run.select("1")
    run.explain({"1": 1})
    stage.named["agreed"] = run.reviewed()


def reviewed_on_another_order(stage: Stage) -> None:
    """The agent reviews a cancellation of another order."""
    run = stage.run("W-2", run=OTHER_RUN)
    run.select("1")
    run.explain({"1": 2})
    stage.named["agreed"] = run.reviewed()


def reviewed_with_less(stage: Stage) -> None:
    """The agent reviews one unit, goes back and asks for two."""
    stage.run().explain({"1": 1})
    reviewed(stage)
    explained(stage)


def then_allocated(stage: Stage) -> None:
    """Two of the three units are allocated meanwhile."""
    reviewed(stage)
    OrderItemSummary.objects.filter(pk=stage.names["line_1"]).update(quantity_allocated=2)


def then_retired(stage: Stage) -> None:
    """The reason is retired meanwhile."""
    reviewed(stage)
    CancellationReason.objects.filter(pk=stage.names["changed_mind"]).update(retired=True)


def then_unmanaged(stage: Stage) -> None:
    """The order becomes unmanaged meanwhile."""
    reviewed(stage)
    set_life_cycle(OrderSummary.objects.filter(order_number="W-1"), "unmanaged")


def then_not_allowed(stage: Stage) -> None:
    """The agent loses the right to cancel meanwhile."""
    reviewed(stage)
    stage.agent.groups.clear()


FORGED = (
    BadInput("no reviewed amounts", submit(""), 200, UNREADABLE),
    BadInput("amounts that are no signature", submit("nonsense"), 200, UNREADABLE),
    BadInput("amounts with a wrong signature", submit("W10:1tX:abc"), 200, UNREADABLE),
    BadInput("amounts with NUL", submit("a\0b"), 200, "Null characters are not allowed."),
    BadInput("amounts as plain JSON", submit('[[["1", "Thing 1", 2]]]'), 200, UNREADABLE),
    BadInput("10⁶ characters of amounts", submit("A" * 10**6), 200, UNREADABLE, is_slim=False),
    BadInput("a signed review, cut short", submit("{agreed}x"), 200, UNREADABLE, given=(reviewed,)),
    BadInput(
        "a review signed for another order",
        submit("{agreed}"),
        200,
        UNREADABLE,
        given=(reviewed_on_another_order,),
    ),
)
STALE = (
    BadInput(
        "a review of fewer units",
        submit("{agreed}"),
        302,
        "This order changed while you were working.",
        given=(reviewed_with_less,),
    ),
    BadInput(
        "a review of fewer units in another run",
        submit("{agreed}"),
        302,
        "This order changed while you were working.",
        given=(reviewed_in_another_run,),
    ),
    BadInput(
        "units that were allocated meanwhile",
        submit("{agreed}"),
        302,
        f"{DETAILS}: Quantity for Thing 1 (line 1): Only 1 can be canceled.",
        given=(then_allocated,),
    ),
    BadInput(
        "a reason that was retired meanwhile",
        submit("{agreed}"),
        302,
        f"{DETAILS}: Reason for Thing 1 (line 1): Choose a reason from the list.",
        given=(then_retired,),
    ),
    BadInput(
        "an order that became unmanaged",
        submit("{agreed}"),
        200,
        CHANGED,
        given=(then_unmanaged,),
    ),
    BadInput(
        "a right that was taken meanwhile",
        submit("{agreed}"),
        403,
        "You can’t see orders yet",
        given=(then_not_allowed,),
    ),
)

WAY_IN = by_browser("Cancel Item, review", (*FORGED, *STALE), selected, explained)
