"""The details step of Cancel All."""

from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput

NOT_LISTED = "Choose a reason from the list."
WRITE_A_NOTE = "Write a note: this reason needs one."
TOO_LONG = "Shorten the note to 1000 characters."
REMOVE = "Remove the"


def answers(**fields: str) -> Request:
    """The details as they should be, but for these fields."""
    usual = {"{all_current_step}": "details", "details-reason": "{changed_mind}"}
    changed = {f"details-{name}": value for name, value in fields.items()}
    return Request("POST", "/order-summaries/W-1/cancel-all/{run}/details/", changed, usual)


ROWS = (
    BadInput("no reason", answers(reason=""), 200, "Choose a reason.", "Reason"),
    BadInput("fees alone", answers(reason="", refund_fees="on"), 200, "Choose a", "Reason"),
    BadInput("a reason that does not exist", answers(reason="0"), 200, NOT_LISTED, "Reason"),
    BadInput("a retired reason", answers(reason="{retired}"), 200, NOT_LISTED, "Reason"),
    BadInput("a reason by its name", answers(reason="Outdated"), 200, NOT_LISTED, "Reason"),
    BadInput("a reason with NUL", answers(reason="\0"), 200, NOT_LISTED, "Reason"),
    BadInput("Other without a note", answers(reason="{other}"), 200, WRITE_A_NOTE, "Note"),
    BadInput("Other, line breaks", answers(reason="{other}", note="\n"), 200, WRITE_A_NOTE, "Note"),
    BadInput("a note of 1,001 characters", answers(note="é" * 1001), 200, TOO_LONG, "Note"),
    BadInput("a note with NUL", answers(note="\0"), 200, "Null characters", "Note"),
    BadInput(
        "a note with ESC",
        answers(note="a\x1bb"),
        200,
        f"{REMOVE} control character U+001B.",
        "Note",
    ),
    BadInput(
        "a note with an override",
        answers(note="a\u202eb"),
        200,
        f"{REMOVE} character U+202E, which",
        "Note",
    ),
    BadInput("501 line breaks", answers(note="x\r\n" * 500 + "x"), 200, TOO_LONG, "Note"),
    BadInput(
        "a note of 10⁶ characters", answers(note="é" * 10**6), 200, TOO_LONG, "Note", is_slim=False
    ),
)

WAY_IN = by_browser("Cancel All, details", ROWS)
