"""One round of a race: an order, acts on it at the same time, and pauses between statements."""

import time
from dataclasses import dataclass
from itertools import chain
from random import Random
from threading import Event

from django.db import connection

from cancellations.acts.cancel import submit_cancellation
from cancellations.acts.record_fulfillment import record_fulfillment
from cancellations.acts.settle import submit_settlement
from cancellations.acts.take_order import Result, import_orders
from cancellations.documents.fulfillment import read_fulfillment
from cancellations.snapshots import NotReviewed
from orders.documents.order import OrderDocument, read_order
from orders.locking import OrderBusy, UnknownOrder
from orders.models import OrderSummary
from tests.support.builders import (
    USD,
    delivery_charge,
    delivery_group,
    imported,
    item,
    order_document,
    payment,
    request,
    select,
    system_user,
)
from tests.support.settlements import settlement
from tests.support.threads import at_once

LONGEST_PAUSE_SECONDS = 0.004
LONGEST_PATIENCE_SECONDS = 20
UNITS = 4
TOTAL, OVERPAID = "89.35", "30.65"
SOMEONE_ELSE = {"number": "A-1001", "name": "Someone Else"}
PAID = [payment("50.00"), payment("39.35", key="P2", full_refund_only=True)]
PAID_TOO_MUCH = [
    payment("100.00"),
    payment("20.00", key="P2"),
    payment("10.00", key="P3", captured="0.00"),
]


@dataclass(frozen=True)
class Import:
    """What became of a document that a thread imported."""

    document: OrderDocument
    result: Result


@dataclass(frozen=True)
class Done:
    """What an act came to, in a word, and which refund it is about, if it is about one."""

    word: str
    about: str = ""


class Race:
    """One round: an order, and chance, which follows from the round's name.

    Attributes:
        is_known: Whether the order is there when the race begins.
    """

    def __init__(self, kind, count, number, by, *, is_known=True, payments=PAID):
        self.kind, self.count, self.number, self.by = kind, count, number, by
        self.name = f"{kind.__name__}, {count} at once, round {number}"
        self.chance = Random(self.name)
        self.document = document(payments=payments)
        self.is_known = is_known
        self.order = imported(self.document) if is_known else not_there_yet(self.document)

    def run(self):
        """The threads' backends, and how each act ended (each try, where it tried often)."""
        acts = [dawdling(act, Random(self.chance.random())) for act in self.kind(self)]
        backends, outcomes = at_once(*acts)
        tries = (outcome if isinstance(outcome, list) else [outcome] for outcome in outcomes)
        return backends, [*chain.from_iterable(tries)]

    @property
    def too_many(self):
        """So many units of a line that not all of the acts can have them."""
        return UNITS // self.count + 1

    def submits(self, *lines, request_id=None):
        asked = request(self.order, *lines, request_id=request_id)
        return lambda: submit_cancellation(request=asked, agreed=NotReviewed(), by=self.by)

    def submits_each_unit_once(self, count):
        """So many submits for units of their own: lines 3 and 4 have enough for all."""
        return [self.submits(select("34"[n % 2])) for n in range(count)]

    def settles(self, request_id=None):
        asked = settlement(self.order, request_id=request_id)
        return lambda: submit_settlement(request=asked, agreed=NotReviewed(), by=self.by)

    def reports(self, *items, payments=(), **changes):
        told = {
            "order_number": self.order.order_number,
            "items": [*items],
            "payments": [*payments],
            **changes,
        }
        report = read_fulfillment(told, currency=USD)
        return lambda: record_fulfillment(report=report, by=self.by)

    def reports_allocated(self, key, allocated):
        """A report of units as allocated and of money as captured."""
        captured = {"key": "P1", "authorized": "80.00", "captured": "70.00"}
        return self.reports({"key": key, "quantity_allocated": allocated}, payments=[captured])

    def imports(self, **changes):
        """An import of the order's number, with its own content or with other content."""
        new = read_order({**self.document, **changes})
        return lambda: Import(new, import_one(new))

    def imports_again(self, *, is_other):
        return self.imports(**({"channel": "Phone", "account": SOMEONE_ELSE} if is_other else {}))

    def imports_more(self, channel="Web"):
        """An import of the order with a line and a payment more."""
        line = item("9", delivery_group="G9", unit_price="2.50")
        return self.imports(
            channel=channel,
            delivery_groups=[*self.document["delivery_groups"], delivery_group("G9")],
            items=[*self.document["items"], line],
            payments=[*self.document["payments"], payment("5.00", key="P9")],
        )


def document(**changes):
    """A bundle, two more lines and delivery, four units each: 89.35 in all."""
    lines = [
        item("1", quantity=UNITS),
        item("2", quantity=UNITS, unit_price="0", bundle="1"),
        item("3", quantity=UNITS, unit_price="3.33"),
        item("4", quantity=UNITS, unit_price="7.01"),
    ]
    return order_document(items=[*lines, delivery_charge()], **changes)


def not_there_yet(new):
    return OrderSummary(order_number=new["order_number"])


def import_one(new):
    """Import a document; one that came too late to have the lock ends as other acts do."""
    [result] = import_orders([new], by=system_user())
    if "someone else is at work" in str(result.problems):
        raise OrderBusy
    return result


def dawdling(act, chance):
    """The act, with pauses at random before and after its statements."""

    def pause():
        if chance.random() < 0.3:
            time.sleep(chance.uniform(0, LONGEST_PAUSE_SECONDS))

    def slowly(execute, *statement):
        pause()
        result = execute(*statement)
        pause()
        return result

    def dawdle():
        with connection.execute_wrapper(slowly):
            return act()

    return dawdle


def led_by(leaders, followers, *, over=OrderSummary):
    """The acts; followers begin as soon as one leader holds the order, or rows of ``over``."""
    is_read = Event()

    def tell(execute, sql, *rest):
        result = execute(sql, *rest)
        if over._meta.db_table in sql and "FOR UPDATE" in sql:
            is_read.set()
        return result

    def leading(act):
        def lead():
            try:
                with connection.execute_wrapper(tell):
                    return act()
            finally:
                is_read.set()

        return lead

    def following(act):
        def follow():
            is_read.wait()
            return act()

        return follow

    return [leading(act) for act in leaders] + [following(act) for act in followers]


def insisting(act):
    """The act, tried until the order is there; gives what came of each try."""

    def insist():
        misses = []
        deadline = time.monotonic() + LONGEST_PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                return [*misses, act()]
            except UnknownOrder as miss:
                misses.append(miss)
        raise AssertionError("the order never came")

    return insist
