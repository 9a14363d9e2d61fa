"""The pages that somebody may start with: what ``/`` leads to."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from console.access import (
    SEES_ACCOUNTS,
    SEES_CHANGE_ORDERS,
    SEES_EXCEPTIONS,
    SEES_ORDERS,
    SEES_REFUNDS,
)
from orders.formats import Text

USUAL = "order_summaries"


@dataclass(frozen=True, slots=True)
class Start:
    """A page of the console, by the name of its address, and the right to see it."""

    label: Text
    name: str
    right: str

    def url(self) -> str:
        return reverse(self.name)


STARTS: Mapping[str, Start] = {
    USUAL: Start(_("Order Summaries"), "console:order_list", SEES_ORDERS),
    "accounts": Start(_("Accounts"), "console:account_list", SEES_ACCOUNTS),
    "change_orders": Start(_("Change Orders"), "console:change_order_list", SEES_CHANGE_ORDERS),
    "refunds": Start(_("Refunds"), "console:refund_list", SEES_REFUNDS),
    "exceptions": Start(_("Exceptions"), "console:exception_list", SEES_EXCEPTIONS),
}
"""By the code that a profile keeps, in the sequence of the navigation bar."""


def starts_for(user: User | AnonymousUser) -> dict[str, Start]:
    """Those that ``user`` may see; the usual one, which then says so, where there is none."""
    seen = {code: start for code, start in STARTS.items() if user.has_perm(start.right)}
    return seen or {USUAL: STARTS[USUAL]}


def start_of(user: User | AnonymousUser, code: str) -> Start:
    """The one that was chosen, or the first where it is none that ``user`` may see."""
    starts = starts_for(user)
    return starts.get(code, next(iter(starts.values())))
