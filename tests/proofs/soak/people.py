"""Who is at work beside the workers: an agent who undoes, a manager who sees to what waits."""

import random
from threading import Event
from time import sleep

from django.contrib.auth.models import User
from django.db import connections

from cancellations.acts.undo import CannotBeUndone, undo_change_order
from cancellations.models import ChangeOrder, Refund, Release
from cancellations.refunds.gateways import Kind
from cancellations.refunds.people import MovedMeanwhile, NotPossible, look_up, retry, state_of
from cancellations.seeds import SYSTEM_USER
from orders.locking import OrderBusy
from tests.proofs.soak.stage import canceled_order
from tests.support.builders import UserFactory

MOST_SECONDS_BEFORE_AN_UNDO = 5.0


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
                if len(waiting) == 10:
                    self._undo(waiting)
            self._undo(waiting)
        finally:
            connections.close_all()

    def _undo(self, waiting: list[ChangeOrder]) -> None:
        sleep(self.chance.uniform(0, MOST_SECONDS_BEFORE_AN_UNDO))
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
    """Retries what failed, and has what is unknown looked up, until nothing waits."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(f"manager {seed}")
        self.decided = 0
        self.moved_meanwhile = 0

    def work(self, stop: Event) -> None:
        by = UserFactory(manager=True)
        try:
            while not stop.wait(0.5):
                for kind, model in ((Kind.REFUND, Refund), (Kind.RELEASE, Release)):
                    for row in model.objects.needing_a_person()[:50]:
                        self._see_to(kind, row, by)
        finally:
            connections.close_all()

    def _see_to(self, kind: Kind, row: Refund | Release, by: User) -> None:
        act = retry
        if row.status != "failed" and self.chance.random() < 0.5:
            act = look_up
        try:
            act(kind=kind, pk=row.pk, seen=state_of(row), by=by)
        except (MovedMeanwhile, NotPossible, OrderBusy):
            self.moved_meanwhile += 1
        else:
            self.decided += 1
