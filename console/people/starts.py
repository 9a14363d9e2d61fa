"""The pages that somebody may start with: what ``/`` leads to."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orders.formats import Text

USUAL = "order_summaries"


@dataclass(frozen=True, slots=True)
class Start:
    """A page of the console, by the name of its address."""

    label: Text
    name: str
    query: str = ""

    def url(self) -> str:
        return reverse(self.name) + (f"?{self.query}" if self.query else "")


STARTS: Mapping[str, Start] = {
    USUAL: Start(_("Order Summaries"), "console:order_list"),
    "accounts": Start(_("Accounts"), "console:account_list"),
    "change_orders": Start(_("Change Orders"), "console:change_order_list"),
    "refunds": Start(_("Refunds"), "console:refund_list"),
    "exceptions": Start(_("Exceptions"), "console:exception_list"),
}
"""By the code that a profile keeps. A view that somebody saved joins them in ``starts_for``."""


def starts_for(user: object) -> dict[str, Start]:
    """Those that ``user`` may choose from, in the sequence of the navigation bar."""
    return dict(STARTS)


def start_of(user: object, code: str) -> Start:
    """The one that was chosen, or the usual one where there is none such any more."""
    starts = starts_for(user)
    return starts.get(code, starts[USUAL])
