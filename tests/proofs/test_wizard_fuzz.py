"""Random requests to the wizards, right and wrong: only a reviewed submit writes anything."""

import re
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from cancellations.history import orders_with_history
from cancellations.models import CancellationReason, ChangeOrder
from cancellations.snapshots import Snapshot
from cancellations.verification import differences
from orders.models import OrderSummary
from tests.proofs.bad_input.fingerprint import fingerprint
from tests.proofs.fuzzing import AGREED, Sent, Spoiler, filled_in, step_of, wizard_form
from tests.proofs.sizes import FUZZ_SEEDS
from tests.support.builders import (
    adjustment,
    cancel,
    delivery_charge,
    fee,
    imported,
    item,
    payment,
    report,
    select,
    tax,
)
from tests.support.unguarded import set_life_cycle

MOVES = 12
KINDS = ["cancel_items", "cancel_items", "cancel_all"]
FIRST = {"cancel_items": "select", "cancel_all": "details"}
AT = re.compile(r"/(?P<run>[0-9a-f-]{36})/(?P<step>\w+)/")


@dataclass(slots=True)
class Run:
    """A wizard run that is played with: where it stands, its last page, and its reviews so far."""

    order_number: str
    kind: str
    id: str
    step: str
    is_usual: bool
    page: str = ""
    reviews: list[str] = field(default_factory=list)


class Fuzz:
    """One agent's session with two runs at a time, and a check of every request."""

    def __init__(self, seed, agent):
        self.random, self.agent = Random(seed), agent
        self.client = Client()
        self.client.force_login(agent)
        self.orders = [_order(), _order()]
        self.known = {}
        self.submitted = set()
        self.open = [self.new_run(kind) for kind in [self.random.choice(KINDS)] * 2]

    def play(self):
        """Go on in one run or the other, about half of the time as one should."""
        for _ in range(MOVES):
            if self.random.random() < 0.15:
                self.let_something_else_happen()
            at = self.random.randrange(2)
            run = self.open[at]
            if not run.page or self.random.random() < 0.5:
                self.look(run)
            if not (controls := wizard_form(run.page)):
                self.open[at] = self.new_run(self.random.choice(KINDS))
                continue
            fields = filled_in(self.random, controls, run.is_usual)
            sent = Sent(run.order_number, run.kind, run.id, step_of(controls), fields)
            if self.random.random() < 0.5:
                self.spoiler().spoil(sent)
            self.send(sent)

    def new_run(self, kind):
        """A run on an order of which something can be canceled."""
        order = self.random.choice(self.orders)
        if not _cancelable_lines(order):
            self.orders.append(order := _order())
        run_id = str(UUID(int=self.random.getrandbits(128), version=4))
        run = Run(order.order_number, kind, run_id, FIRST[kind], self.random.random() < 0.6)
        self.known[run.id] = run
        return run

    def spoiler(self):
        runs = list(self.known.values())
        return Spoiler(
            self.random,
            lines=[str(line.pk) for order in self.orders for line in order.lines.all()],
            reviews={run.id: run.reviews for run in runs},
            runs=[(run.order_number, run.kind, run.id) for run in runs],
        )

    def look(self, run):
        """Open the run where it stands, and follow where that leads."""
        for _ in range(4):
            step = run.step
            self.send(Sent(run.order_number, run.kind, run.id, step, [], method="GET"))
            if run.step == step:
                return

    def send(self, sent):
        """Send a request, which writes nothing but what a submitted review says."""
        made = set(ChangeOrder.objects.values_list("pk", flat=True))
        before = fingerprint()
        body, content_type = sent.body
        print(sent.method, sent.path, content_type, body[:300])
        response = self.client.generic(sent.method, sent.path, body, content_type=content_type)
        print(" ", response.status_code, response.headers.get("Location", ""))
        assert response.status_code < 500
        assert b"<script>alert" not in response.content
        if fingerprint() != before:
            [change_order] = ChangeOrder.objects.exclude(pk__in=made)
            self.check_submitted(sent, change_order)
        self.follow(sent, response)

    def check_submitted(self, sent, change_order):
        """The change order is the first of this run, and is what a page of its order let review."""
        run = self.known[sent.run]
        assert (sent.method, sent.step) == ("POST", "review")
        assert run.id not in self.submitted
        self.submitted.add(run.id)
        assert change_order.order.order_number == run.order_number
        assert change_order.request_id == run.id
        agreed = [value.strip() for name, value in sent.fields if name == AGREED]
        reviews = [review for run in self.known.values() for review in run.reviews]
        reviewed = [
            Snapshot.read(review, run.order_number) for review in agreed if review in reviews
        ]
        items = dict(change_order.items.values_list("line__key", "quantity"))
        refunds, releases = (
            dict(moneys.values_list("payment__key", "amount_minor"))
            for moneys in (change_order.refunds, change_order.releases)
        )
        assert (items, refunds, releases) in [
            (
                {key: line.quantity for key, line in snapshot.lines.items()},
                snapshot.refunds,
                snapshot.releases,
            )
            for snapshot in reviewed
        ]

    def follow(self, sent, response):
        """Keep what a response says of its run; a submitted page stays, as in a browser."""
        run = self.known.get(sent.run)
        if run is None:
            return
        if response.status_code == 302:
            there = AT.search(response.headers["Location"])
            run.step = there["step"] if there and there["run"] == run.id else FIRST[run.kind]
            run.page = run.page if run.step == "finish" else ""
        elif response.status_code == 200 and sent.is_at(run):
            run.page = response.text
            controls = {control.name: control.value for control in wizard_form(run.page)}
            run.reviews += [controls[AGREED]] if AGREED in controls else []

    def let_something_else_happen(self):
        """Someone else cancels, reports, retires a reason or takes an order away."""
        order = self.random.choice(self.orders)
        lines = _cancelable_lines(order)
        what = self.random.randrange(5)
        if what == 0:
            reason = CancellationReason.objects.get(name=self.random.choice(["Other", "Outdated"]))
            CancellationReason.objects.filter(pk=reason.pk).update(retired=not reason.retired)
        elif what == 1:
            cycle = self.random.choice(["managed", "managed", "unmanaged"])
            set_life_cycle(OrderSummary.objects.filter(pk=order.pk), cycle)
        elif lines and what == 2:
            line = self.random.choice(lines)
            more = self.random.choice([1, 1, 9])
            report(order, {"key": line.key, "quantity_allocated": line.quantity_allocated + more})
        elif lines and what == 3:
            gone = {"key": self.random.choice(lines).key, "quantity_canceled": 1}
            captured = {"key": "P3", "captured": f"{self.random.randint(1, 60)}.00"}
            report(order, gone, payments=[captured])
        elif lines:
            cancel(order, select(self.random.choice(lines).key), by=self.agent)


@pytest.fixture
def play(agent):
    def play(seed):
        """Play once; gives how many cancellations were submitted."""
        fuzz = Fuzz(seed, agent)
        fuzz.play()
        connection.check_constraints()
        for order in orders_with_history():
            assert list(differences(order)) == []
        return len(fuzz.submitted)

    return play


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(seed, id=f"seed {seed}", marks=[pytest.mark.both_databases] * (seed < 5))
        for seed in range(FUZZ_SEEDS)
    ],
)
def test_no_request_writes_more_than_its_review_said(play, seed):
    play(seed)


def test_requests_as_they_should_be_get_through(play):
    assert sum(map(play, range(40, 45))) >= 3


def _cancelable_lines(order):
    order.refresh_from_db()
    if not order.is_managed:
        return []
    return [line for line in order.lines.all() if line.is_product and line.quantity_available]


def _order():
    """Lines, a bundle, delivery and two payments; the same every time."""
    return imported(
        items=[
            item("1", quantity=5, unit_price="19.99", taxes=[tax("8.33")]),
            item("2", quantity=3, adjustments=[adjustment("-5.00", "order")]),
            item("3", name="Set <b>&amp;", quantity=2, unit_price="80.00"),
            item("4", bundle="3", quantity=4, unit_price="0.00"),
            item("5", bundle="3", quantity=2),
            item("6", quantity=3, quantity_allocated=1),
            item("7", quantity_allocated=2),
            delivery_charge(),
            fee(),
        ],
        payments=[
            payment("150.00"),
            payment("200.00", "P2", gateway="manual"),
            payment("50.00", "P3", captured="0.00"),
        ],
    )
