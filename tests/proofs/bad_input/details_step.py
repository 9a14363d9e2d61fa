"""The details step of Cancel Item: quantity, reason and note of each line, and Apply to All."""

from orders.models import OrderSummary
from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput
from tests.proofs.bad_input.stage import Stage, only_whole_bundles, selected
from tests.support.builders import report

QUANTITY, REASON, NOTE = (f"{name} for Thing 1 (line 1)" for name in ("Quantity", "Reason", "Note"))
AT_LEAST_ONE = "Enter a quantity of at least 1."
WHOLE = "Enter a whole number."
NOT_LISTED = "Choose a reason from the list."
WRITE_A_NOTE = "Write a note: this reason needs one."
TOO_LONG = "Shorten the note to 1000 characters."
NO_NUL = "Null characters are not allowed."
PATH = "/order-summaries/W-1/cancel-items/{run}/details/"
FEES = "details-refund_fees"
THIS_STEP = {"{current_step}": "details"}
GOOD = {
    "details-{line_1}-quantity": "1",
    "details-{line_1}-reason": "{changed_mind}",
    "details-{line_1}-note": "",
}
REMOVE = "Remove the"


def row(**fields: object) -> Request:
    """The details of line 1 as they should be, but for these fields."""
    changed = {f"details-{{line_1}}-{name}": value for name, value in fields.items()}
    return Request("POST", PATH, changed, THIS_STEP | GOOD)


def apply(**fields: str) -> Request:
    """*Apply to All Items* with these fields filled in."""
    filled_in = {f"details-apply-{name}": value for name, value in fields.items()}
    return Request("POST", PATH, filled_in | {"apply": "1"}, THIS_STEP | GOOD)


def only(**fields: str) -> Request:
    """The details step with nothing but these fields."""
    return Request("POST", PATH, fields, THIS_STEP)


def a_bundle_selected(stage: Stage) -> None:
    """The agent selected the two bundles; a child of one is allocated."""
    order = OrderSummary.objects.get(order_number="W-1")
    report(order, {"key": "5", "quantity_allocated": 1})
    stage.run().select("4", "5", expanded=["4"])


QUANTITIES = (
    BadInput("a quantity of 0", row(quantity="0"), 200, AT_LEAST_ONE, QUANTITY),
    BadInput("a quantity of -1", row(quantity="-1"), 200, AT_LEAST_ONE, QUANTITY),
    BadInput("a quantity of 1.5", row(quantity="1.5"), 200, WHOLE, QUANTITY),
    BadInput("a quantity of 1,5", row(quantity="1,5"), 200, WHOLE, QUANTITY),
    BadInput("a quantity of 10⁹", row(quantity=f"{10**9}"), 200, "Only 3 can be", QUANTITY),
    BadInput("a quantity above by one", row(quantity="4"), 200, "Only 3 can be", QUANTITY),
    BadInput("a quantity as a word", row(quantity="two"), 200, WHOLE, QUANTITY),
    BadInput("a full-width quantity", row(quantity="２"), 200, WHOLE, QUANTITY),  # noqa: RUF001
    BadInput("an Arabic-Indic quantity", row(quantity="٢"), 200, WHOLE, QUANTITY),
    BadInput("no quantity", row(quantity=""), 200, "Enter a quantity.", QUANTITY),
    BadInput("a quantity of spaces", row(quantity="   "), 200, WHOLE, QUANTITY),
    BadInput("a quantity with NUL", row(quantity="1\0"), 200, WHOLE, QUANTITY),
    BadInput("a quantity of 1_000", row(quantity="1_000"), 200, WHOLE, QUANTITY),
    BadInput("a quantity of 1e1", row(quantity="1e1"), 200, WHOLE, QUANTITY),
    BadInput("a quantity of +1", row(quantity="+1"), 200, WHOLE, QUANTITY),
    BadInput("a quantity of 0x1", row(quantity="0x1"), 200, WHOLE, QUANTITY),
    BadInput("a quantity of NaN", row(quantity="NaN"), 200, WHOLE, QUANTITY),
    BadInput("a quantity of Infinity", row(quantity="Infinity"), 200, WHOLE, QUANTITY),
    BadInput("a quantity of 5,000 digits", row(quantity="9" * 5000), 200, WHOLE, QUANTITY),
    BadInput("two quantities for a line", row(quantity=["1", "9"]), 200, "Only 3 can", QUANTITY),
    BadInput(
        "two bundles of which one is whole",
        only(
            **{
                "details-{line_4}-quantity": "2",
                "details-{line_4}-reason": "{outdated}",
                "details-{line_5}-quantity": "1",
                "details-{line_5}-reason": "{outdated}",
            }
        ),
        200,
        "Only 1 can be canceled",
        "Quantity for Bundle (line 4)",
        (only_whole_bundles, a_bundle_selected),
    ),
    BadInput("no field at all", only(), 200, "Enter a quantity.", QUANTITY),
    BadInput("fees alone", only(**{FEES: "on"}), 200, "Enter a quantity.", QUANTITY),
    BadInput(
        "fees with a quantity of 0",
        Request("POST", PATH, {"details-{line_1}-quantity": "0", FEES: "on"}, THIS_STEP | GOOD),
        200,
        AT_LEAST_ONE,
        QUANTITY,
    ),
    BadInput(
        "fees with a quantity above",
        Request("POST", PATH, {"details-{line_1}-quantity": "4", FEES: "\0"}, THIS_STEP | GOOD),
        200,
        "Only 3 can be",
        QUANTITY,
    ),
    BadInput(
        "fields of another order's line",
        only(**{"details-{foreign_line}-quantity": "1"}),
        200,
        "Enter a quantity.",
        QUANTITY,
    ),
    BadInput(
        "fields of a line that is not selected",
        only(**{"details-{line_2}-quantity": "1", "details-{line_2}-reason": "{outdated}"}),
        200,
        "Choose a reason.",
        REASON,
    ),
)

REASONS = (
    BadInput("no reason", row(reason=""), 200, "Choose a reason.", REASON),
    BadInput("a reason that does not exist", row(reason="999999"), 200, NOT_LISTED, REASON),
    BadInput("a retired reason", row(reason="{retired}"), 200, NOT_LISTED, REASON),
    BadInput("a reason by its name", row(reason="Changed Mind"), 200, NOT_LISTED, REASON),
    BadInput("a reason with NUL", row(reason="{changed_mind}\0"), 200, NOT_LISTED, REASON),
    BadInput("a full-width reason", row(reason="５"), 200, NOT_LISTED, REASON),  # noqa: RUF001
    BadInput("Other without a note", row(reason="{other}"), 200, WRITE_A_NOTE, NOTE),
    BadInput("Other, spaces", row(reason="{other}", note=" \t "), 200, WRITE_A_NOTE, NOTE),
    BadInput("a note of 1,001 characters", row(note="x" * 1001), 200, TOO_LONG, NOTE),
    BadInput("a note of 10⁶ characters", row(note="x" * 10**6), 200, TOO_LONG, NOTE, is_slim=False),
    BadInput("a note with NUL", row(note="a\0b"), 200, NO_NUL, NOTE),
    BadInput(
        "a note above what is read",
        row(note="x" * 5 * 10**6),
        400,
        "We couldn’t read that request",
        is_slim=False,
    ),
)

APPLIED = (
    BadInput("a quantity of 0 for all", apply(quantity="0"), 200, AT_LEAST_ONE, "Quantity"),
    BadInput("a quantity of -2 for all", apply(quantity="-2"), 200, AT_LEAST_ONE, "Quantity"),
    BadInput("a quantity of 2.5 for all", apply(quantity="2.5"), 200, WHOLE, "Quantity"),
    BadInput("a full-width one for all", apply(quantity="３"), 200, WHOLE, "Quantity"),  # noqa: RUF001
    BadInput("an unknown reason for all", apply(reason="0"), 200, NOT_LISTED, "Reason"),
    BadInput(
        "a retired reason for all",
        apply(reason="{retired}"),
        200,
        NOT_LISTED,
        "Reason",
    ),
    BadInput("a long note for all", apply(note="y" * 1001), 200, TOO_LONG, "Note"),
    BadInput("a note with NUL for all", apply(note="\0"), 200, NO_NUL, "Note"),
    BadInput(
        "a note with a tab for all",
        apply(note="a\tb"),
        200,
        f"{REMOVE} control character U+0009.",
        "Note",
    ),
    BadInput(
        "an override for all",
        apply(note="a\u2067b"),
        200,
        f"{REMOVE} character U+2067, which",
        "Note",
    ),
)

WAY_IN = by_browser("Cancel Item, details", (*QUANTITIES, *REASONS, *APPLIED), selected)
