"""The select step of Cancel Item: which lines are ticked."""

from typing import Any

from tests.bad_input.browser import Request, send
from tests.bad_input.row import BadInput, WayIn
from tests.bad_input.stage import Stage
from tests.factories import imported, item

SELECT = "/order-summaries/{order}/cancel-items/{run}/select/"
NO_LONGER = "One of the selected items can no longer be canceled."


def ticked(*lines: str, **fields: Any) -> Request:
    """The select step of order W-1 with these boxes ticked."""
    path = SELECT.replace("{order}", "W-1")
    form = {"{current_step}": "select", "select-lines": list(lines), **fields}
    return Request("POST", path, form)


def many_lines(count: int, ticks: int | None = None) -> tuple[Request, Any]:
    """An order with so many lines, all of them ticked, or so many times the first one."""
    number = f"M-{count}"

    def given(stage: Stage) -> None:
        order = imported(order_number=number, items=[item(f"{n}") for n in range(count)])
        stage.names["all_lines"] = "&".join(
            f"select-lines={pk}" for pk in order.lines.values_list("pk", flat=True)
        )
        stage.names["this_step"] = stage.run(number).current_step

    body = "{this_step}=select&{all_lines}"
    form = "application/x-www-form-urlencoded"
    return Request("POST", SELECT.replace("{order}", number), body, form), given
