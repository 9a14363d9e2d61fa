"""The select step of Cancel Item: which lines are ticked."""

from collections.abc import Callable
from typing import Any

from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput
from tests.proofs.bad_input.stage import Stage
from tests.support.builders import imported, item

PATH = "/order-summaries/W-1/cancel-items/{run}/select/"
THIS_STEP = {"{current_step}": "select"}
NO_LONGER = "One of the selected items can no longer be canceled."


def ticked(*lines: str, **fields: Any) -> Request:
    """The select step of order W-1 with these boxes ticked."""
    return Request("POST", PATH, {"select-lines": list(lines), **fields}, THIS_STEP)


def many_lines(items: list[dict[str, Any]]) -> tuple[Request, Callable[[Stage], None]]:
    """Every line of an order ticked, and what imports that order."""
    number = f"M-{len(items)}"

    def given(stage: Stage) -> None:
        lines = imported(order_number=number, items=items).lines.all()
        fields = [f"{stage.run(number).current_step}=select"]
        fields += [f"select-lines={line.pk}" for line in lines]
        fields += [f"select-expanded={line.pk}" for line in lines if line.bundle is None]
        stage.named["all_of_them"] = "&".join(fields)

    path = f"/order-summaries/{number}/cancel-items/{{run}}/select/"
    return Request("POST", path, body="{all_of_them}"), given


A_HUNDRED_AND_ONE = many_lines([item(f"{n}") for n in range(101)])
A_BUNDLE = many_lines([item("0"), *(item(f"{n}", bundle="0") for n in range(1, 102))])
TWO_THOUSAND = many_lines([item(f"{n}") for n in range(2000)])

ROWS = (
    BadInput("nothing ticked", ticked(), 200, "Select at least one item.", "Items"),
    BadInput("a line that does not exist", ticked("999999999"), 200, NO_LONGER, "Items"),
    BadInput("a line of another order", ticked("{foreign_line}"), 200, NO_LONGER, "Items"),
    BadInput("a line that is allocated", ticked("{line_3}"), 200, NO_LONGER, "Items"),
    BadInput("a delivery charge", ticked("{line_1001}"), 200, NO_LONGER, "Items"),
    BadInput("a fee", ticked("{line_2001}"), 200, NO_LONGER, "Items"),
    BadInput("a good line and a bad one", ticked("{line_1}", "0"), 200, NO_LONGER, "Items"),
    BadInput("a line by its name", ticked("Thing 1"), 200, NO_LONGER, "Items"),
    BadInput("a negative line", ticked("-{line_1}"), 200, NO_LONGER, "Items"),
    BadInput("a line with a fraction", ticked("{line_1}.0"), 200, NO_LONGER, "Items"),
    BadInput("a line in full-width digits", ticked("１２"), 200, NO_LONGER, "Items"),  # noqa: RUF001
    BadInput("a line of 31 digits", ticked("1" + "0" * 30), 200, NO_LONGER, "Items"),
    BadInput("a line with NUL", ticked("{line_1}\0"), 200, NO_LONGER, "Items"),
    BadInput("a line with a space", ticked(" {line_1}"), 200, NO_LONGER, "Items"),
    BadInput("lines as a JSON array", ticked("[{line_1}, {line_2}]"), 200, NO_LONGER, "Items"),
    BadInput("a line with SQL", ticked("{line_1} OR 1=1"), 200, NO_LONGER, "Items"),
    BadInput(
        "a line that is not UTF-8",
        Request("POST", PATH, body="select-lines=%FF%FE%ED%A0%80&{current_step}=select"),
        200,
        NO_LONGER,
        "Items",
    ),
    BadInput(
        "Previous to a step that is none",
        ticked(wizard_goto_step="nonsense"),
        200,
        "Select at least one item.",
        "Items",
    ),
    BadInput(
        "101 rows ticked",
        A_HUNDRED_AND_ONE[0],
        200,
        "You selected 101 items, and at most 100 can be canceled at a time.",
        "Items",
        given=(A_HUNDRED_AND_ONE[1],),
        is_slim=False,
    ),
    BadInput(
        "a bundle with its 101 items ticked",
        A_BUNDLE[0],
        200,
        "You selected 102 items, and at most 100 can be canceled at a time.",
        "Items",
        given=(A_BUNDLE[1],),
        is_slim=False,
    ),
    BadInput(
        "2,000 rows ticked",
        TWO_THOUSAND[0],
        200,
        "You selected 2,000 items, and at most 100 can be canceled at a time.",
        "Items",
        given=(TWO_THOUSAND[1],),
        is_slim=False,
    ),
)

WAY_IN = by_browser("Cancel Item, select", ROWS)
