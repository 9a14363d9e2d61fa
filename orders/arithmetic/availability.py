"""Why nothing of a line can be canceled, and what to do instead (domain.md §2)."""

from dataclasses import dataclass

from orders.arithmetic.statuses import Quantities


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A reason in the agent's words; ``instead`` is "" where there is nothing else to do."""

    reason: str
    instead: str = ""


DELIVERY_CHARGE = WhyNot(
    "Delivery charges are not canceled by themselves.",
    "Refund it with an item of its delivery: tick Refund delivery charge there.",
)
CANCELED = WhyNot("Already canceled.")
RETURNED = WhyNot("Already returned.")
RETURNING = WhyNot("Already fulfilled, and on its way back.")
FULFILLED = WhyNot("Already fulfilled.", "Ask the customer to return it.")
ALLOCATED = WhyNot(
    "Allocated: fulfilment is working on it.", "Ask fulfilment to release it, then cancel."
)


def why_not(line: Quantities, *, is_product: bool) -> WhyNot | None:
    """Why nothing of a line can be canceled, or None when something can."""
    if not is_product:
        return DELIVERY_CHARGE
    if line.available_to_cancel > 0:
        return None
    if line.current == 0:
        return RETURNED if line.returned else CANCELED
    if line.fulfilled < line.allocated:
        return ALLOCATED
    return RETURNING if line.return_initiated == line.fulfilled else FULFILLED
