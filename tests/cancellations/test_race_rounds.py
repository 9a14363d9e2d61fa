"""Two hundred races on one order each, with random pauses at every seam between statements.

Each thread has a connection of its own. A round that fails names itself; its pauses and
choices follow from that name.
"""

import time
from random import Random

import pytest
from django.db import connection
from django.db.models import Sum

from cancellations.documents import read_fulfillment
from cancellations.fulfillment import record_fulfillment
from cancellations.history import orders_with_history
from cancellations.models import ChangeOrderItem
from cancellations.selection import RequestReused, SelectionRefused
from cancellations.services import Submission, submit_cancellation
from cancellations.snapshots import NotReviewed
from cancellations.verification import differences
from orders.documents import read_order
from orders.imports import Outcome, Result, import_orders
from orders.locking import OrderBusy, UnknownOrder
from orders.validation import DocumentRefused
from tests.factories import (
    delivery_charge,
    imported,
    item,
    order_document,
    payment,
    request,
    select,
)
from tests.threads import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

ROUNDS = {2: 18, 4: 12, 16: 4}
"""By how many act at once; over six kinds of races 204 in all."""

LONGEST_PAUSE_SECONDS = 0.004
UNITS = 4


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


def same_run(order, count, chance, by):
    asked = request(order, select(), select("3", 2))
    return [submits(asked, by)] * count


def one_key_two_contents(order, count, chance, by):
    contents = [request(order, select(key), request_id=f"{order.order_number}-key") for key in "34"]
    return [submits(contents[n % 2], by) for n in range(count)]


def last_units(order, count, chance, by):
    """More requests than units of one line."""
    return [submits(request(order, select("1", UNITS - 1 + n % 2)), by) for n in range(count)]


def overlapping_lines(order, count, chance, by):
    """The same lines in one order and the other, some of them with delivery."""
    acts = []
    for n in range(count):
        keys = chance.sample("1234", 3)
        keys.sort(reverse=n % 2 == 1)
        lines = (select(key, refund_delivery=chance.random() < 0.5) for key in keys)
        acts.append(submits(request(order, *lines), by))
    return acts


def submits_and_reports(order, count, chance, by):
    """Half of them cancel, half report units as allocated and money as captured."""
    acts = []
    for n in range(count):
        if n % 2:
            acts.append(submits(request(order, select(chance.choice("13"))), by))
        else:
            acts.append(reports(order, chance, by))
    return acts


def submits_and_imports(order, count, chance, by):
    """An order that is not there yet is imported twice, with other content too, and canceled."""
    number = f"{order.order_number}-new"
    new = document(order_number=number)
    other = document(order_number=number, channel="Phone")
    order.order_number = number
    acts = [submits(request(order, select(chance.choice("34"))), by) for _ in range(count)]
    acts[0] = imports(new)
    acts[2:3] = [imports(other if chance.random() < 0.5 else new)] if count > 2 else []
    return acts


REFUSALS = {
    same_run: (),
    one_key_two_contents: (RequestReused,),
    last_units: (SelectionRefused,),
    overlapping_lines: (SelectionRefused,),
    submits_and_reports: (SelectionRefused, DocumentRefused),
    submits_and_imports: (SelectionRefused, UnknownOrder),
}
"""The races, each with how its acts may end beside being done; waiting too long is always one."""


def submits(asked, by):
    return lambda: submit_cancellation(request=asked, agreed=NotReviewed(), by=by)


def reports(order, chance, by):
    report = read_fulfillment(
        {
            "order_number": order.order_number,
            "items": [{"key": chance.choice("13"), "quantity_allocated": chance.randint(1, 3)}],
            "payments": [{"key": "P1", "authorized": "80.00", "captured": "70.00"}],
        },
        currency="USD",
    )
    return lambda: record_fulfillment(report=report, by=by)


def imports(new):
    return lambda: import_orders([read_order(new)])[0]


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


@pytest.mark.parametrize("count", ROUNDS)
@pytest.mark.parametrize("race", REFUSALS)
def test_races(race, count, agent):
    for number in range(ROUNDS[count]):
        name = f"{race.__name__}, {count} at once, round {number}"
        chance = Random(name)
        order = imported(document())
        acts = race(order, count, chance, agent)

        backends, outcomes = at_once(*(dawdling(act, Random(chance.random())) for act in acts))

        assert len(backends) == count, name
        assert problems(order.order_number, race, outcomes) == [], name


def problems(order_number, race, outcomes):
    """What does not hold after a round."""
    [order] = orders_with_history([order_number])
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
    found += [
        f"{outcome!r}"
        for outcome in outcomes
        if isinstance(outcome, Exception) and not isinstance(outcome, (OrderBusy, *REFUSALS[race]))
    ]
    return found + _wrong_submissions(order, race, outcomes) + _wrong_imports(race, outcomes)


def _wrong_submissions(order, race, outcomes):
    """A change order for each success and none beside; repeats give one of these."""
    made = [outcome for outcome in outcomes if isinstance(outcome, Submission)]
    successes = [each.change_order for each in made if not each.is_repeat]
    stored = list(order.change_orders.all())
    if not stored and race is not submits_and_imports:
        return ["nobody canceled"]
    if sorted(each.pk for each in successes) != sorted(each.pk for each in stored):
        return [f"{stored} are the change orders of {made}"]
    return [f"{each} of none" for each in made if each.change_order not in stored]


def _wrong_imports(race, outcomes):
    results = [outcome.outcome for outcome in outcomes if isinstance(outcome, Result)]
    once = race is not submits_and_imports or results.count(Outcome.IMPORTED) == 1
    return [] if once else [f"imported: {results}"]


def _lost(line):
    canceled = ChangeOrderItem.objects.filter(line=line, type=ChangeOrderItem.Type.CANCEL)
    return _sum(canceled, "quantity") != line.quantity_canceled


def _sum(rows, field):
    return rows.aggregate(total=Sum(field))["total"] or 0
