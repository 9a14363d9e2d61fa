"""Whatever people read when something comes between a wizard's steps goes through gettext."""

import pytest
from django.contrib.auth.models import Group
from django.db.models import F

from cancellations.acts import cancel as acts
from console.people.rights import VIEWER
from orders.locking import OrderBusy, OrderRefused
from orders.models import OrderItemSummary, OrderSummary, PaymentSummary, TaxLine
from tests.proofs.every_text_is_translated.driver import Driver
from tests.support.builders import cancel, select_all

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

HTMX = {"HX-Request": "true"}
CHANGED = "This order changed while you were working."


class OutsideDriver(Driver):
    def url(self, step):
        return f"{super().url(step)}?outside=1&return_to=%2Fadmin%2F"


def test_a_changed_order_beside_the_reviewed_one(without_triggers, run):
    run.select("1", "3", expanded=("1",))
    run.explain({"1": 1, "3": 1}, note="It came twice", delivery=("1",))
    agreed = {"review-agreed": run.reviewed()}

    OrderItemSummary.objects.filter(key="3").update(quantity_allocated=1)
    TaxLine.objects.update(amount_minor=1)
    payments = PaymentSummary.objects.filter(order__order_number="W-1")
    payments.update(captured_minor=F("captured_minor") - 100_00)
    assert run.reads("review", "1 of 2 available", agreed) == []
    assert run.reads("review", "delivery charge refunded") == []
    assert run.reads("review", "Compare what you reviewed with what is true now") == []

    payments.update(captured_minor=F("captured_minor") + 100_00, full_refund_only=True)
    run.select("3")
    run.explain({"3": 1})
    assert run.reads("review", "not part of it", agreed) == []
    assert run.reads("review", "Refund without a payment") == []


def test_an_order_that_changed_back(run):
    run.select("3")
    run.explain({"3": 1})
    agreed = {"review-agreed": run.reviewed()}
    OrderItemSummary.objects.filter(key="3").update(quantity_allocated=1)
    assert run.reads("review", CHANGED, agreed) == []

    OrderItemSummary.objects.filter(key="3").update(quantity_allocated=0)
    assert run.reads("review", "It has changed back since") == []


def test_answers_that_no_longer_hold(run):
    run.select("3")
    run.explain({"3": 3})
    OrderItemSummary.objects.filter(key="3").update(quantity_allocated=1)

    assert run.reads("review", f"{CHANGED} Nothing was canceled.") == []
    assert run.reads("details", "Only 2 can be canceled.") == []


def test_a_run_overtaken_by_another(run, manager):
    run.select("3")
    run.explain({"3": 1})
    agreed = {"review-agreed": run.reviewed()}
    cancel(OrderSummary.objects.get(order_number="W-1"), select_all(), by=manager)

    posted = {f"cancel-{run.kind}-current_step": "review"} | agreed
    assert run.reads_page(run.url("review"), CHANGED, posted=posted) == []


def test_a_run_submitted_with_other_answers(run):
    run.select("3")
    run.explain({"3": 1})
    one = {run.current_step: "review", "review-agreed": run.reviewed()}
    run.explain({"3": 2})
    run.submit()

    otherwise = "with other answers or amounts than you reviewed"
    assert run.reads_page(run.url("review"), otherwise, posted=one) == []


def test_a_lost_run_and_a_discarded_one(run):
    assert run.reads("select", "Nothing was canceled.", {"discard": "1"}) == []
    lost = "This cancellation is no longer in your session."
    assert run.reads("details", lost) == []


@pytest.mark.parametrize(
    ("trouble", "shows"),
    [
        (OrderBusy, "Someone else is changing this order; nothing was canceled."),
        (OrderRefused, "The database refused this cancellation"),
    ],
)
def test_busy_and_refused_submits(run, monkeypatch, trouble, shows):
    def locked(_):
        raise trouble

    run.select("3")
    run.explain({"3": 1})
    agreed = {"review-agreed": run.reviewed()}
    monkeypatch.setattr(acts, "locked_order", locked)

    assert run.reads("review", shows, agreed) == []


@pytest.mark.parametrize("step", ["select", "details", "review", "finish"])
def test_outside_the_console(orders_of_every_kind, reads, client, step):
    run = OutsideDriver(reads, client, "W-1")
    run.select("3")
    run.explain({"3": 1})
    if step == "finish":
        run.submit()

    assert run.reads(step, "Step") == []


def test_a_forged_step(run):
    not_read = "We couldn’t read that request"

    assert run.reads_page(run.url("select"), not_read, posted={}, status=400) == []


def test_a_step_without_the_right_to_cancel(run, manager):
    manager.groups.set(Group.objects.filter(name=VIEWER))

    assert run.reads_page(run.url("select"), "Canceling needs the right", status=403) == []
