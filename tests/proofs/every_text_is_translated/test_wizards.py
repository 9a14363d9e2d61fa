"""Whatever people read in a wizard goes through gettext, in every state of its steps."""

import pytest
from django.db.models import F

from cancellations.acts import cancel as acts
from cancellations.models import CancellationReason
from cancellations.wizard import select as selecting
from orders.locking import OrderBusy, OrderRefused
from orders.models import OrderItemSummary, OrderSummary, PaymentSummary, TaxLine
from tests.support.factories import cancel, payment, select_all
from tests.support.wizard_run import WizardRun, product

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

HTMX = {"HX-Request": "true"}
CHANGED = "This order changed while you were working."


class Driver(WizardRun):
    """A run whose steps' pages are read."""

    def __init__(self, reads, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._reads = reads

    def reads(self, step, shows, fields=None, **extra):
        """What is not translated on a step, asked for, or shown after these fields were posted."""
        posted = None if fields is None else {self.current_step: step} | fields
        return self._reads(self.url(step), shows, posted=posted, **extra)


class OutsideDriver(Driver):
    def url(self, step):
        return f"{super().url(step)}?outside=1&return_to=%2Fadmin%2F"


@pytest.fixture
def run(orders_of_every_kind, reads, client):
    return Driver(reads, client, "W-1")


@pytest.fixture
def cancel_all(orders_of_every_kind, reads, client):
    return Driver(reads, client, "W-1", "cancel_all")


@pytest.mark.parametrize(
    ("page", "status", "shows"),
    [
        ("NONE/cancel-items/", 404, "Go to Order Summaries"),
        ("UNMANAGED/cancel-all/", 200, "Back to UNMANAGED"),
        ("UNMANAGED/cancel-all/?outside=1&return_to=/admin/", 200, "Back to where you were"),
        ("W-1/cancel-items/", 200, "Step 1 of 4"),
        ("W-1/cancel-items/?outside=1", 200, "Which items should be canceled?"),
        ("W-1/cancel-all/", 200, "Step 1 of 3"),
    ],
)
def test_ways_in(reads, orders_of_every_kind, page, status, shows):
    assert reads(f"/order-summaries/{page}", shows, status=status) == []


def test_nothing_to_cancel(reads, canceled):
    assert reads("/order-summaries/GONE/cancel-items/", "Nothing to cancel") == []


def test_select(run, monkeypatch):
    bundle = {"select-lines": [run.pk("1")]}

    assert run.reads("select", "0 of 100 selected") == []
    assert run.reads("select", "Cancel Item takes 100 lines at most.") == []
    assert run.reads("select", "Not available (2)") == []
    assert run.reads("select", "Please check before you go on", {}) == []
    assert run.reads("select", "Please check before you go on", {"select-lines": "x"}) == []
    assert run.reads("select", "The items of the bundle are now selected too.", bundle) == []
    monkeypatch.setattr(selecting, "MOST_LINES", 1)
    two = {"select-lines": [run.pk("2"), run.pk("3")]}
    assert run.reads("select", "You selected 2 items", two) == []


def test_details(run):
    run.select("1", "3", expanded=("1",))
    one = run.rows({"1": 1, "3": 1})

    assert run.reads("details", "Every item needs a reason; “") == []
    for quantity, shows in {
        "99": "can be canceled",
        "0": "Enter a quantity of at least 1.",
        "": "Enter a quantity.",
        "1.5": "Enter a whole number.",
    }.items():
        fields = run.rows({"1": quantity, "3": quantity})
        assert run.reads("details", shows, fields) == []
    for answers, shows in (
        ({"reason": ""}, "Choose a reason."),
        ({"reason": "Other"}, "this reason needs one."),
        ({"note": "x" * 1001}, "Shorten the note to 1000 characters."),
    ):
        assert run.reads("details", shows, run.rows({"1": 1, "3": 1}, **answers)) == []
    forged = one | {f"details-{run.pk('1')}-reason": "0"}
    assert run.reads("details", "Choose a reason from the list.", forged) == []


def test_details_when_no_reason_needs_a_note_or_one(run):
    run.select("3")
    CancellationReason.objects.update(needs_note=False)
    assert run.reads("details", "Every item needs a reason.") == []

    CancellationReason.objects.filter(pk=CancellationReason.objects.first().pk).update(
        needs_note=True
    )
    assert run.reads("details", "also needs a note.") == []


def test_apply_to_all(run):
    run.select("1", "3", expanded=("1",))
    apply = run.rows({"1": 1, "3": 1}) | {"apply": "1"}

    for fields, shows in (
        ({"quantity": "0"}, "Enter a quantity of at least 1."),
        ({"quantity": "x"}, "Enter a whole number."),
        ({"note": "x" * 1001}, "Shorten the note to 1000 characters."),
        ({"reason": "0"}, "Choose a reason from the list."),
        ({"quantity": "3"}, "Only 2 available"),
    ):
        row = {f"details-apply-{name}": value for name, value in fields.items()}
        assert run.reads("details", shows, apply | row) == []


def test_live_totals_and_hints(run, cancel_all):
    select = {"preview": "1", "select-lines": [run.pk("1")], "select-expanded": [run.pk("1")]}
    assert run.reads("select", "Expected refund", select, headers=HTMX) == []

    run.select("1", expanded=("1",))
    details = run.rows({"1": 1}) | {"preview": "1"}
    for headers in ({}, HTMX):
        assert run.reads("details", "Refund is not prorated.", details, headers=headers) == []
    everything = {"preview": "1"}
    assert cancel_all.reads("details", "Expected refund", everything, headers=HTMX) == []


def test_bundle_rules(run):
    run.select("1", "2", expanded=("1",))
    fewer = run.rows({"1": 2, "2": 1}) | {"preview": "1"}
    assert run.reads("details", "are not canceled.", fewer) == []

    run.select("2")
    alone = run.rows({"2": 1}) | {"preview": "1"}
    assert run.reads("details", "off the order: the bundle item is not selected.", alone) == []

    OrderItemSummary.objects.filter(key="1").update(quantity_allocated=2)
    gone = "off the order: the bundle item can no longer be canceled."
    assert run.reads("details", gone, alone) == []


def test_review_and_finish(run):
    run.select("1", "2", "3", expanded=("1",))
    run.explain({"1": 2, "2": 4, "3": 3}, note="It came twice", delivery=("1",))

    assert run.reads("review", "will be refunded to Visa ending 1111.") == []
    assert run.reads("review", "Delivery charge") == []
    assert run.reads("review", "could not be read back", {"review-agreed": "forged"}) == []
    assert run.reads("review", "could not be read back", {}) == []
    assert run.reads("review", "You’re all set!", {"review-agreed": run.reviewed()}) == []
    assert run.reads("finish", "of which was owed before") == []


def test_review_of_a_delivery_that_stays(run):
    OrderItemSummary.objects.filter(key="4").update(quantity_allocated=0)
    run.select("1", "2", "3", "4", expanded=("1",))
    run.explain({"1": 2, "2": 4, "3": 3, "4": 1})

    assert run.reads("review", "Change the delivery choice") == []
    assert run.reads("review", "delivery stays on a group with nothing left.") == []


@pytest.mark.parametrize(
    ("captured", "on_review", "on_finish"),
    [
        ("0.00", "Nothing will be refunded.", "Refund"),
        ("25.00", "stays owed to the customer: no payment can take it.", "no payment can take it"),
    ],
)
def test_refunds_that_no_payment_takes(reads, new_order, client, captured, on_review, on_finish):
    all_or_nothing = payment(captured, full_refund_only=True)
    new_order([product("1", 2)], payments=[all_or_nothing])
    run = Driver(reads, client, "W-1")
    run.select("1")
    run.explain({"1": 1})

    assert run.reads("review", on_review) == []
    run.submit()
    assert run.reads("finish", on_finish) == []


def test_cancel_all(cancel_all):
    assert cancel_all.reads("details", "Why is everything canceled?") == []
    assert cancel_all.reads("details", "Choose a reason.", {}) == []
    too_long = {"details-note": "x" * 1001}
    assert cancel_all.reads("details", "Shorten the note to 1000 characters.", too_long) == []
    cancel_all.explain_all(note="It came twice")
    assert cancel_all.reads("review", "Is this right?") == []
    cancel_all.submit()
    assert cancel_all.reads("finish", "What was canceled and what goes back") == []


def test_a_changed_order_beside_the_reviewed_one(run, without_triggers):
    run.select("1", "3", expanded=("1",))
    run.explain({"1": 1, "3": 1}, note="It came twice")
    agreed = {"review-agreed": run.reviewed()}

    OrderItemSummary.objects.filter(key="3").update(quantity_allocated=1)
    TaxLine.objects.update(amount_minor=1)
    payments = PaymentSummary.objects.filter(order__order_number="W-1")
    payments.update(captured_minor=F("captured_minor") - 100_00)
    assert run.reads("review", "1 of 2 available", agreed) == []
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
    assert run._reads(run.url("review"), CHANGED, posted=posted) == []


def test_a_run_submitted_with_other_answers(run):
    run.select("3")
    run.explain({"3": 1})
    one = {run.current_step: "review", "review-agreed": run.reviewed()}
    run.explain({"3": 2})
    run.submit()

    otherwise = "with other answers or amounts than you reviewed"
    assert run._reads(run.url("review"), otherwise, posted=one) == []


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
    assert run._reads(run.url("select"), "We couldn’t read that request", posted={}, status=400) == []
