"""Who is at work beside the workers: an agent who undoes, a manager who sees to what waits."""

import random
from threading import Event
from time import sleep

from django.contrib.auth.models import User
from django.db import connections
from django.db.models import Q

from cancellations.acts.undo import CannotBeUndone, undo_change_order
from cancellations.models import ChangeOrder, Refund, Release
from cancellations.refunds.gateways import Kind
from cancellations.refunds.people import MovedMeanwhile, NotPossible, look_up, retry, state_of
from cancellations.seeds import SYSTEM_USER
from orders.locking import OrderBusy
from tests.proofs.soak.stage import canceled_order
from tests.support.builders import UserFactory

IN_A_ROW = 5
HOLD_SECONDS = 5.0
PATIENCE = 4
"""Tries without an answer, after which the manager has one looked up."""


class Undoing:
    """Cancels orders and undoes it: in time, just in time, or just too late."""

    def __init__(self, count: int, seed: int) -> None:
        self.count = count
        self.chance = random.Random(f"undo {seed}")
        self.undone: list[str] = []
        self.too_late: list[str] = []

    def work(self) -> None:
        try:
            waiting = []
            for number in range(self.count):
                waiting.append(canceled_order(f"UNDO-{number}"))
                if len(waiting) == IN_A_ROW:
                    self._undo(waiting)
            self._undo(waiting)
        finally:
            connections.close_all()

    def _undo(self, waiting: list[ChangeOrder]) -> None:
        sleep(max(0, self.chance.uniform(-HOLD_SECONDS, HOLD_SECONDS)))
        by = User.objects.get(username=SYSTEM_USER)
        while waiting:
            change_order = waiting.pop(0)
            try:
                undo_change_order(change_order_id=change_order.pk, by=by)
            except CannotBeUndone:
                self.too_late.append(change_order.number)
            else:
                self.undone.append(change_order.number)


class Manager:
    """Retries what failed, and has looked up what is unknown or settling for long."""

    def __init__(self) -> None:
        self.decided = 0
        self.moved_meanwhile = 0

    def work(self, stop: Event) -> None:
        by = UserFactory(manager=True)
        try:
            while not stop.wait(0.5):
                for kind, model in ((Kind.REFUND, Refund), (Kind.RELEASE, Release)):
                    for row in _waiting(model):
                        self._see_to(kind, row, by)
        finally:
            connections.close_all()

    def _see_to(self, kind: Kind, row: Refund | Release, by: User) -> None:
        act = retry if row.status == "failed" else look_up
        try:
            act(kind=kind, pk=row.pk, seen=state_of(row), by=by)
        except (MovedMeanwhile, NotPossible, OrderBusy):
            self.moved_meanwhile += 1
        else:
            self.decided += 1


def _waiting(model: type[Refund] | type[Release]) -> list[Refund | Release]:
    """What calls for a person, and what does not come to an end."""
    calling = Q(attention_since__isnull=False)
    lasting = Q(status__in=["unknown", "settling"], tries__gte=PATIENCE, look_up_first=False)
    return list(model.objects.filter(calling | lasting)[:50])
