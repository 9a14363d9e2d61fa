"""Over two hundred races on one order each, with random pauses at every seam between statements.

Each thread has a connection of its own. A round that fails names itself; its pauses and
choices follow from that name. Every ending that a race is about must occur in its rounds:
quantities, and who begins, are such that it does whatever the threads' timing.
"""

import time
from dataclasses import dataclass
from itertools import chain
from random import Random
from threading import Event

import pytest
from django.db import connection
from django.db.models import Sum

from cancellations.acts.cancel import Submission, submit_cancellation
from cancellations.acts.record_fulfillment import record_fulfillment
from cancellations.acts.take_order import ImportOutcome, Result, import_orders
from cancellations.documents.fulfillment import read_fulfillment
from cancellations.history import orders_with_history
from cancellations.models import ChangeOrderItem
from cancellations.snapshots import NotReviewed
from cancellations.verification import differences
from orders.documents.order import OrderDocument, read_order
from orders.locking import OrderBusy, UnknownOrder
from orders.models import OrderSummary
from tests.proofs.sizes import RACE_ROUNDS
from tests.support.builders import (
    USD,
    delivery_charge,
    imported,
    item,
    order_document,
    payment,
    request,
    select,
    system_user,
)
from tests.support.threads import at_once

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
]

ROUNDS = {2: 18, 4: 12, 16: 4}
"""By how many act at once; over seven kinds of races 238 in all, times ``RACE_ROUNDS``."""

LONGEST_PAUSE_SECONDS = 0.004
LONGEST_PATIENCE_SECONDS = 20
UNITS = 4
SOMEONE_ELSE = {"number": "A-1001", "name": "Someone Else"}


@dataclass(frozen=True)
class Import:
    """What became of a document that a thread imported."""

    document: OrderDocument
    result: Result


class Race:
    """One round: an order, and chance, which follows from the round's name."""

    def __init__(self, kind, count, number, by):
        self.kind, self.count, self.number, self.by = kind, count, number, by
        self.name = f"{kind.__name__}, {count} at once, round {number}"
        self.chance = Random(self.name)
        self.document = document()
        self.is_known = kind is not new_order_imported
        self.order = imported(self.document) if self.is_known else not_there_yet(self.document)

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

    def reports(self, key, allocated):
        """A report of units as allocated and of money as captured."""
        report = read_fulfillment(
            {
                "order_number": self.order.order_number,
                "items": [{"key": key, "quantity_allocated": allocated}],
                "payments": [{"key": "P1", "authorized": "80.00", "captured": "70.00"}],
            },
            currency=USD,
        )
        return lambda: record_fulfillment(report=report, by=self.by)

    def imports(self, is_other):
        """An import of the order's number, with its own content or with other content."""
        changes = {"channel": "Phone", "account": SOMEONE_ELSE} if is_other else {}
        new = read_order(document(order_number=self.order.order_number, **changes))
        return lambda: Import(new, import_one(new))


def document(**changes):
    """A bundle, two more lines and delivery, four units each; captured over two payments."""
    lines = [
        item("1", quantity=UNITS),
        item("2", quantity=UNITS, unit_price="0", bundle="1"),
        item("3", quantity=UNITS, unit_price="3.33"),
        item("4", quantity=UNITS, unit_price="7.01"),
    ]
    payments = [payment("50.00"), payment("39.35", key="P2", full_refund_only=True)]
    return order_document(items=[*lines, delivery_charge()], payments=payments, **changes)


def not_there_yet(new):
    return OrderSummary(order_number=new["order_number"])


def import_one(new):
    """Import a document; one that came too late to have the lock ends as other acts do."""
    [result] = import_orders([new], by=system_user())
    if "someone else is at work" in str(result.problems):
        raise OrderBusy
    return result


def same_run(race):
    return [race.submits(select(), select("3", 2))] * race.count


def one_key_two_contents(race):
    return [race.submits(select("34"[n % 2]), request_id="key") for n in range(race.count)]


def last_units(race):
    """More units of one line than there are."""
    return [race.submits(select("1", race.too_many)) for _ in range(race.count)]


def overlapping_lines(race):
    """The same lines in one order and the other, some of them with delivery."""
    acts = []
    for n in range(race.count):
        keys = sorted(race.chance.sample("1234", 3), reverse=n % 2 == 1)
        with_delivery = [race.chance.random() < 0.5 for _ in keys]
        lines = zip(keys, with_delivery, strict=True)
        acts.append(
            race.submits(*(select(key, race.too_many, refund_delivery=yes) for key, yes in lines))
        )
    return acts


def submits_and_reports(race):
    """Half of them cancel, half report units as allocated; who has a line first, keeps it.

    By turns the submits begin, the reports begin, or all at once.
    """
    key = race.chance.choice("13")
    half = race.count // 2
    submits = [race.submits(select(key, race.chance.randint(2, 3))) for _ in range(half)]
    reports = [race.reports(key, race.chance.randint(3, 4)) for _ in range(half)]
    if race.number % 3 == 0:
        return led_by(submits, reports)
    if race.number % 3 == 1:
        return led_by(reports, submits)
    return submits + reports


def known_order_imported(race):
    """Half of them import the order again, as it came or otherwise, while the others cancel."""
    half = race.count // 2
    imports = [race.imports(is_other=(n + race.number) % 2 == 1) for n in range(half)]
    return imports + race.submits_each_unit_once(half)


def new_order_imported(race):
    """An order that is not there yet: all import it, or half of them cancel as soon as it is.

    By turns all imports have the same content, or every other one has other content.
    """
    submitting = race.count // 2 if race.number % 2 else 0
    is_mixed = race.number // 2 % 2 == 1
    imports = [
        race.imports(is_other=is_mixed and n % 2 == 1) for n in range(race.count - submitting)
    ]
    return imports + [insisting(act) for act in race.submits_each_unit_once(submitting)]


ENDINGS = {
    same_run: {"canceled", "repeated"},
    one_key_two_contents: {"canceled", "RequestReused"},
    last_units: {"canceled", "SelectionRefused"},
    overlapping_lines: {"canceled", "SelectionRefused"},
    submits_and_reports: {"canceled", "recorded", "SelectionRefused", "DocumentRefused"},
    known_order_imported: {"canceled", "skipped", "refused"},
    new_order_imported: {"canceled", "UnknownOrder", "imported", "skipped", "refused"},
}
"""The kinds of races, each with how its acts end: all of these occur."""

ALLOWED = {kind: {*endings, "OrderBusy"} for kind, endings in ENDINGS.items()}
ALLOWED[one_key_two_contents].add("repeated")
"""How else they may end: waiting too long, and where three or more share a key."""


def ending(outcome):
    """How an act ended, in a word."""
    if outcome is None:
        return "recorded"
    if isinstance(outcome, Submission):
        return "repeated" if outcome.is_repeat else "canceled"
    if isinstance(outcome, Import):
        return str(outcome.result.outcome)
    return type(outcome).__name__


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


def led_by(leaders, followers):
    """The acts; followers begin as soon as one leader has read the order, which it then holds."""
    is_read = Event()

    def tell(execute, sql, *rest):
        result = execute(sql, *rest)
        if OrderSummary._meta.db_table in sql:
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


@pytest.mark.parametrize("count", ROUNDS)
@pytest.mark.parametrize("kind", ENDINGS)
def test_races(kind, count, agent):
    seen = set()
    for number in range(ROUNDS[count] * RACE_ROUNDS):
        race = Race(kind, count, number, agent)

        backends, outcomes = race.run()

        assert len(backends) == count, race.name
        assert problems(race, outcomes) == [], race.name
        seen.update(map(ending, outcomes))
    assert ENDINGS[kind] <= seen


def problems(race, outcomes):
    """What does not hold after a round."""
    [order] = orders_with_history([race.order.order_number])
    found = [f"verify: {difference}" for difference in differences(order)]
    found += [
        f"line {line.key}: {line.quantity_canceled} canceled of {line.quantity_ordered}"
        for line in order.lines.all()
        if line.quantity_canceled + line.quantity_allocated > line.quantity_ordered
    ]
    found += [f"lost on line {line.key}" for line in order.lines.all() if _lost(line)]
    found += [
        f"payment {each.key}: {_sum(each.refunds.all(), 'amount_minor')} goes back"
        for each in order.payments.all()
        if _sum(each.refunds.all(), "amount_minor") != each.reserved_minor
        or each.reserved_minor > each.captured_minor
    ]
    return [
        *found,
        *_wrong_endings(race, outcomes),
        *_wrong_submissions(order, outcomes),
        *_wrong_imports(race, order, outcomes),
    ]


def _wrong_endings(race, outcomes):
    """Somebody gets what he wants, and nothing ends as it should not."""
    found = [f"{each!r}" for each in outcomes if ending(each) not in ALLOWED[race.kind]]
    if not {"canceled", "recorded", "imported"} & set(map(ending, outcomes)):
        found.append("nobody succeeded")
    return found


def _wrong_submissions(order, outcomes):
    """A change order for each success and none beside; repeats give one of these."""
    made = [outcome for outcome in outcomes if isinstance(outcome, Submission)]
    successes = [each.change_order for each in made if not each.is_repeat]
    stored = list(order.change_orders.all())
    if sorted(each.pk for each in successes) != sorted(each.pk for each in stored):
        return [f"{stored} are the change orders of {made}"]
    return [f"{each} of none" for each in made if each.change_order not in stored]


def _wrong_imports(race, order, outcomes):
    """One document became the order; every other import was skipped or refused as it should."""
    tried = [outcome for outcome in outcomes if isinstance(outcome, Import)]
    became = [each.document for each in tried if each.result.outcome is ImportOutcome.IMPORTED]
    if race.is_known:
        became.append(read_order(race.document))
    if len(became) != 1:
        return [f"imported {len(became)} times"]
    [original] = became
    found = [f"{each.result}" for each in tried if not _is_right(each, original)]
    if _originals(order) != _content(original):
        found.append(f"imported {_content(original)}, stored {_originals(order)}")
    return found


def _is_right(tried, original):
    outcome = tried.result.outcome
    if tried.document is original:
        return outcome is ImportOutcome.IMPORTED
    if tried.document.fingerprint == original.fingerprint:
        return outcome is ImportOutcome.SKIPPED
    return outcome is ImportOutcome.REFUSED and tried.result.problem.path == "order_number"


def _originals(order):
    """What only an import writes, as stored."""
    lines = [(line.key, line.name, line.quantity_ordered) for line in order.lines.all()]
    return order.fingerprint, order.channel, order.account.name, lines


def _content(original):
    """The same, as a document has it."""
    lines = [(line.key, line.name, line.quantity) for line in original.items]
    return original.fingerprint, original.channel, original.account.name, lines


def _lost(line):
    canceled = ChangeOrderItem.objects.filter(line=line, type=ChangeOrderItem.Type.CANCEL)
    return _sum(canceled, "quantity") != line.quantity_canceled


def _sum(rows, field):
    return rows.aggregate(total=Sum(field))["total"] or 0
