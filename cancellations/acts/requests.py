"""Requests that happen once: what was made of one before, and whether a user may ask at all."""

from dataclasses import dataclass
from typing import Protocol

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, PermissionsMixin, User

from cancellations.models import (
    RIGHT_TO_ACT,
    RIGHT_TO_APPROVE,
    RIGHT_TO_CANCEL,
    RIGHT_TO_ERASE,
    RIGHT_TO_RESOLVE,
    RIGHT_TO_SETTLE,
    ChangeOrder,
)
from cancellations.selection import NotAllowed, RequestReused
from orders.arithmetic.words import gettext_noop
from orders.models import OrderSummary

CANCELING_NEEDS = gettext_noop(
    "Canceling needs the right to cancel order items; your operations manager gives it."
)
SETTLING_NEEDS = gettext_noop(
    "Refunding what is owed needs a right of its own; your operations manager has it."
)
ACTING_ON_REFUNDS_NEEDS = gettext_noop(
    "Acting on refunds needs a right of its own; your operations manager has it."
)
APPROVING_NEEDS = gettext_noop(
    "Approving needs a right of its own, and is not for those who keep people’s accounts."
)
RESOLVING_NEEDS = gettext_noop(
    "Resolving exceptions needs a right of its own; your operations manager has it."
)
ERASING_NEEDS = gettext_noop(
    "Erasing customers needs a right of its own; your operations manager has it."
)


KEEPING_ACCOUNTS = tuple(
    f"auth.{act}_{kept}" for kept in ("user", "group") for act in ("add", "change", "delete")
)
"""Rights over who may do what: whoever has one could be several people."""


class Request(Protocol):
    """What is asked under an id that is unique in its order."""

    @property
    def request_id(self) -> str: ...

    def asks_what_is_named(self, name: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Submission:
    """The change order of a request, and whether an earlier submission had made it."""

    change_order: ChangeOrder
    is_repeat: bool


def earlier(order: OrderSummary, request: Request) -> ChangeOrder | None:
    """The change order that this request made before.

    Raises:
        RequestReused: Its content was another.
    """
    made = order.change_orders.filter(request_id=request.request_id).first()
    if made and not request.asks_what_is_named(made.fingerprint):  # guard: the fingerprint
        raise RequestReused
    return made


def may_cancel(user: AbstractBaseUser | AnonymousUser) -> bool:
    return isinstance(user, PermissionsMixin) and user.has_perm(RIGHT_TO_CANCEL)


def may_settle(user: AbstractBaseUser | AnonymousUser) -> bool:
    return isinstance(user, PermissionsMixin) and user.has_perm(RIGHT_TO_SETTLE)


def may_resolve(user: AbstractBaseUser | AnonymousUser) -> bool:
    return isinstance(user, PermissionsMixin) and user.has_perm(RIGHT_TO_RESOLVE)


def may_act_on_refunds(user: AbstractBaseUser | AnonymousUser) -> bool:
    return isinstance(user, PermissionsMixin) and user.has_perm(RIGHT_TO_ACT)


def may_erase(user: AbstractBaseUser | AnonymousUser) -> bool:
    return isinstance(user, PermissionsMixin) and user.has_perm(RIGHT_TO_ERASE)


def may_approve(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whoever keeps accounts may not: they could make one, and be the second person, too."""
    if not isinstance(user, PermissionsMixin) or not user.has_perm(RIGHT_TO_APPROVE):
        return False
    return not any(user.has_perm(right) for right in KEEPING_ACCOUNTS)  # guard: two people


def check_may_cancel(by: User) -> None:
    """Let only those pass who may cancel.

    Raises:
        NotAllowed: The acting user may not.
    """
    if not may_cancel(by):
        raise NotAllowed(CANCELING_NEEDS)


def check_may_settle(by: User) -> None:
    """Let only those pass who may refund what is owed.

    Raises:
        NotAllowed: The acting user may not.
    """
    if not may_settle(by):
        raise NotAllowed(SETTLING_NEEDS)


def check_may_resolve(by: User) -> None:
    """Let only those pass who may resolve process exceptions.

    Raises:
        NotAllowed: The acting user may not.
    """
    if not may_resolve(by):
        raise NotAllowed(RESOLVING_NEEDS)


def check_may_act_on_refunds(by: User) -> None:
    """Let only those pass who may act on refunds and releases.

    Raises:
        NotAllowed: The acting user may not.
    """
    if not may_act_on_refunds(by):
        raise NotAllowed(ACTING_ON_REFUNDS_NEEDS)


def check_may_erase(by: User) -> None:
    """Let only those pass who may erase customers.

    Raises:
        NotAllowed: The acting user may not.
    """
    if not may_erase(by):
        raise NotAllowed(ERASING_NEEDS)


def check_may_approve(by: User) -> None:
    """Let only those pass who may be a second person.

    Raises:
        NotAllowed: The acting user may not.
    """
    if not may_approve(by):
        raise NotAllowed(APPROVING_NEEDS)
