"""What stands in the facts of events, from which ``verify_orders`` takes them again."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from cancellations.arithmetic.distribution import Amounts
from cancellations.arithmetic.quotes import Quote
from cancellations.arithmetic.reports import Report

REPORT = TypeAdapter(Report)


def facts_of_steps(quoted: Quote) -> dict[str, Any]:
    """What the gateways could send when a refund was distributed, where not any amount.

    They may be able to send something else tomorrow.
    """
    if not quoted.sends:
        return {}
    return {"steps": {key: [each.step, each.smallest] for key, each in quoted.sends.items()}}


def steps_in(facts: Mapping[str, Any]) -> dict[str, Amounts]:
    """The same, read back."""
    return {key: Amounts(*amounts) for key, amounts in facts.get("steps", {}).items()}
