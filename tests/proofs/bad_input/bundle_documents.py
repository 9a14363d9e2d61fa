"""Cancellation documents that say wrong things of bundles or of fees (contract.md §2)."""

from tests.proofs.bad_input.cancellation_documents import (
    AT_MOST,
    GOOD,
    NOT_A_LINE,
    UNKNOWN,
    document,
    row,
)
from tests.proofs.bad_input.row import WayIn
from tests.proofs.bad_input.shell import document_to, done_before
from tests.proofs.bad_input.stage import Stage, only_whole_bundles
from tests.support.builders import imported, item

BUNDLE = [{"key": "4", "quantity": 1}]
BUNDLE_ALONE = [{"key": "4", "quantity": 1, "children": "none"}]
CHILDREN, FEES = "items[0].children", "refund_fees"
A_CHOICE = "must be 'default' or 'none'"
NO_BUNDLE = "This is not a bundle: leave out its children."
BOOLEAN = "must be true or false"
REUSED = "This key was used before with other content."


def a_child_has_shipped(stage: Stage) -> None:
    """There are three sets of two speakers; two of the six speakers have shipped."""
    shipped = {"quantity_allocated": 2, "quantity_fulfilled": 2}
    speakers = item("2", quantity=6, bundle="1", **shipped)
    imported(order_number="B-1", items=[item("1", quantity=3), speakers])


def a_large_bundle(stage: Stage) -> None:
    """There is a bundle of 100 other items."""
    children = [item(f"{n}", bundle="set") for n in range(100)]
    imported(order_number="B-101", items=[item("set"), *children])


def three_sets(**changes: object) -> dict[str, object]:
    return {"order_number": "B-1", "items": [{"key": "1", "quantity": 3, **changes}]}


BUNDLES = (
    row("children of a choice there is none of", CHILDREN, "some", A_CHOICE),
    row("children in capitals", CHILDREN, "NONE", A_CHOICE),
    row("children that are null", CHILDREN, None, A_CHOICE),
    row("children that are false", CHILDREN, False, A_CHOICE),
    row("children as a list", CHILDREN, ["5"], A_CHOICE),
    row("children with NUL", CHILDREN, "none\0", A_CHOICE),
    row("no children of a line that is no bundle", CHILDREN, "none", NO_BUNDLE),
    document(
        "no children of a child",
        CHILDREN,
        NO_BUNDLE,
        items=[{"key": "5", "quantity": 1, "children": "none"}],
    ),
    document(
        "no children of one line of two",
        "items[1].children",
        NO_BUNDLE,
        items=[*BUNDLE_ALONE, {"key": "2", "quantity": 1, "children": "none"}],
    ),
    row("children beside the items", "children", "none", UNKNOWN),
    document("children of all", "children", UNKNOWN, items="all", children="none"),
    document(
        "one bundle too many",
        "items[0].quantity",
        "Only 2 can be canceled.",
        items=[{"key": "4", "quantity": 3}],
    ),
    document(
        "a child too many",
        "items[1].quantity",
        "Only 2 can be canceled.",
        items=[*BUNDLE, {"key": "5", "quantity": 3}],
    ),
    document(
        "a bundle whose child has shipped, whole bundles only",
        "items[0].quantity",
        "Only 2 can be canceled: only whole bundles are.",
        a_child_has_shipped,
        only_whole_bundles,
        **three_sets(),
    ),
    document(
        "the same without its children",
        "items[0].quantity",
        "Only 2 can be canceled: only whole bundles are.",
        a_child_has_shipped,
        only_whole_bundles,
        **three_sets(children="none"),
    ),
    document(
        "a bundle of 100 others",
        "items",
        AT_MOST,
        a_large_bundle,
        order_number="B-101",
        items=[{"key": "set", "quantity": 1}],
    ),
    document(
        "a key used for a bundle with its children",
        "idempotency_key",
        REUSED,
        done_before("cancel_orders", GOOD | {"items": BUNDLE}),
        items=BUNDLE_ALONE,
    ),
)
FEE = (
    row("a fee as an item", "items[0].key", "2001", NOT_A_LINE),
    row("fees in words", FEES, "yes", BOOLEAN),
    row("fees of 1", FEES, 1, BOOLEAN),
    row("fees that are null", FEES, None, BOOLEAN),
    row("fees as a list", FEES, ["2001"], BOOLEAN),
    row("fees of an item", "items[0].refund_fees", True, UNKNOWN),
    document("null fees of all", FEES, BOOLEAN, items="all", refund_fees=None),
    document("fees of all in words", FEES, BOOLEAN, items="all", refund_fees="true"),
    document(
        "fees of all, no reason", "reason", "Choose", items="all", reason="", refund_fees=True
    ),
    document(
        "a key used without fees",
        "idempotency_key",
        REUSED,
        done_before("cancel_orders", GOOD),
        refund_fees=True,
    ),
    document("items beside an undo", "items", UNKNOWN, undo="CO-00000001"),
)

WAY_IN = WayIn(
    "cancel_orders, bundles and fees", document_to("cancel_orders", GOOD), (*BUNDLES, *FEE)
)
