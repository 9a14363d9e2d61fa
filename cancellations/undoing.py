"""What pages offer of undoing: whether one can still undo a change order, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.utils import timezone

from cancellations.acts.requests import may_cancel
from cancellations.acts.undo import why_not_undone
from cancellations.models import ChangeOrder, Refund, Release


@dataclass(frozen=True, slots=True)
class UndoOffer:
    """A change order that its reader can undo ``until`` then: ``seconds`` from now."""

    change_order: ChangeOrder
    until: datetime
    seconds: int


def undo_offer(
    change_order: ChangeOrder, *, reader: AbstractBaseUser | AnonymousUser
) -> UndoOffer | None:
    """The offer to undo a change order, or None; what only an undo finds out is said there.

    Args:
        change_order: With its refunds, its releases and what undid it; one statement more.
    """
    now = timezone.now()
    until = change_order.held_until
    if until is None or now >= until or change_order.reversal or not may_cancel(reader):
        return None
    instructions: list[Refund | Release] = [
        *change_order.refunds.all(),
        *change_order.releases.all(),
    ]
    if why_not_undone(change_order, now=now, instructions=instructions):
        return None
    return UndoOffer(change_order, until, ceil((until - now).total_seconds()))
