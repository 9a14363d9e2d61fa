"""Whatever people read in a wizard goes through gettext, in every state of its steps."""

import pytest

from cancellations.models import BundlePolicy, CancellationReason
from cancellations.wizard import line_pages
from cancellations.wizard import select as selecting
from orders.models import OrderItemSummary, OrderSummary
from tests.proofs.every_text_is_translated.driver import Driver
from tests.support.builders import cancel, fee, payment, product, select
from tests.support.long_forms import some_of

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

HTMX = {"HX-Request": "true"}


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


def test_pages_of_lines(reads, new_order, client, monkeypatch):
    new_order([product(str(number)) for number in range(25)], "LONG")
    monkeypatch.setattr(line_pages, "LINES_A_PAGE", 10)
    run = Driver(reads, client, "LONG")
    page = run.url("select")

    assert run.reads("select", "25 lines") == []
    assert run.reads_page(f"{page}?find=Thing&page=2", "Shown: 25 of 25") == []
    assert run.reads_page(f"{page}?find=zzz", "Nothing matches.") == []
    monkeypatch.setattr(selecting, "MOST_LINES", 1)
    two = {"select-lines": [run.pk("2"), run.pk("3")]}
    for asked in (two, two | {"preview": "1"}):
        assert run.reads("select", "There are no totals of more than 1 item.", asked) == []


def test_what_would_be_lost_is_asked_for(run, cancel_all):
    ticked = {"discard": "ask", "select-lines": [run.pk("3")]}
    chosen = {"discard": "ask", "details-note": "x"}

    assert run.reads("select", "What you chose and typed here is lost.", ticked) == []
    assert cancel_all.reads("details", "Keep going", chosen) == []


def test_select(run, monkeypatch):
    bundle = {"select-lines": [run.pk("1")]}

    assert run.reads("select", "0 of 100 selected") == []
    assert run.reads("select", "Cancel Item takes 100 lines at most.") == []
    assert run.reads("select", "Not available (2)") == []
    assert run.reads("select", "Please check before you go on", {}) == []
    assert run.reads("select", "Please check before you go on", {"select-lines": "x"}) == []
    assert run.reads("select", "The items of the bundle are now selected too.", bundle) == []
    monkeypatch.setattr(line_pages, "LINES_A_PAGE", 1)
    without = {"select-lines": [run.pk("2")], "select-expanded": [run.pk("1")]}
    assert run.reads("select", "items on other pages are not selected any more", without) == []
    monkeypatch.setattr(line_pages, "LINES_A_PAGE", 200)
    monkeypatch.setattr(selecting, "MOST_LINES", 1)
    two = {"select-lines": [run.pk("2"), run.pk("3")]}
    assert run.reads("select", "You selected 2 items", two) == []


@pytest.mark.parametrize(
    ("moved", "shows"),
    [
        ({"quantity_allocated": 1}, "Allocated: fulfilment is working on it."),
        ({"quantity_allocated": 1, "quantity_fulfilled": 1}, "Already fulfilled."),
        (
            dict.fromkeys(
                ("quantity_allocated", "quantity_fulfilled", "quantity_return_initiated"), 1
            ),
            "Already fulfilled, and on its way back.",
        ),
        (
            dict.fromkeys(
                (
                    "quantity_allocated",
                    "quantity_fulfilled",
                    "quantity_return_initiated",
                    "quantity_returned",
                ),
                1,
            ),
            "Already returned.",
        ),
    ],
)
def test_why_lines_are_not_available(reads, new_order, client, moved, shows):
    new_order([product("1", **moved), product("2")])

    assert Driver(reads, client, "W-1").reads("select", shows) == []


def test_lines_that_are_canceled_already(reads, canceled, client, manager):
    cancel(OrderSummary.objects.get(order_number="W-1"), select("3", 3), by=manager)

    assert Driver(reads, client, "W-1").reads("select", "Already canceled.") == []


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
        ({"note": "a\tb"}, "Remove the control character U+0009."),
        ({"note": "a\u202eb"}, "which changes the direction of reading."),
    ):
        assert run.reads("details", shows, run.rows({"1": 1, "3": 1}, **answers)) == []
    forged = one | {f"details-{run.pk('1')}-reason": "0"}
    assert run.reads("details", "Choose a reason from the list.", forged) == []


@pytest.mark.parametrize(
    ("needing", "shows"),
    [
        ((), "Every item needs a reason."),
        (("Other",), "Every item needs a reason; “Other” also needs a note."),
        (("Changed Mind", "Other"), "”, “"),
        (("Changed Mind", "Other"), "also need a note."),
    ],
)
def test_reasons_that_need_a_note(run, needing, shows):
    CancellationReason.objects.update(needs_note=False)
    CancellationReason.objects.filter(name__in=needing).update(needs_note=True)
    run.select("3")

    assert run.reads("details", shows) == []


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
    forgotten = run.rows({"1": 1, "3": 1}) | {"details-apply-quantity": "1"}
    assert run.reads("details", "This has not been applied.", forgotten) == []
    impossible = run.rows({"1": 1, "3": 99}) | {"preview": "1"}
    assert run.reads("details", "can be canceled.", impossible, headers=HTMX) == []


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
    alone = run.rows({"1": 1}) | {"preview": "1"}
    run.select("1", expanded=("1",))
    assert run.reads("details", ", which is not canceled.", alone) == []
    run.select("1", "2", expanded=("1",))

    run.select("2")
    alone = run.rows({"2": 1}) | {"preview": "1"}
    assert run.reads("details", "off the order: the bundle item is not selected.", alone) == []

    OrderItemSummary.objects.filter(pk=run.pk("1")).update(quantity_allocated=2)
    gone = "off the order: the bundle item can no longer be canceled."
    assert run.reads("details", gone, alone) == []


@pytest.mark.parametrize(("price", "has_money"), [("0.00", False), ("10.00", True)])
@pytest.mark.parametrize("units", some_of([1, 2], every=2))
@pytest.mark.parametrize(
    ("counters", "said"),
    [
        ((), "not canceled"),
        (("quantity_allocated",), "allocated and stay"),
        (("quantity_allocated", "quantity_fulfilled"), "shipped"),
        (("quantity_allocated", "quantity_fulfilled", "quantity_return_initiated"), "way back"),
        (
            (
                "quantity_allocated",
                "quantity_fulfilled",
                "quantity_return_initiated",
                "quantity_returned",
            ),
            "been returned",
        ),
    ],
)
def test_what_has_become_of_children(
    reads, new_order, client, price, has_money, units, counters, said
):
    child = product("2", 3, price, bundle="1", **dict.fromkeys(counters, units))
    new_order([product("1", 3, "50.00"), child])
    run = Driver(reads, client, "W-1")
    run.select("1", "2", expanded=("1",))
    run.explain({"1": 3, "2": 3 - units})

    assert run.reads("review", said) == []
    assert run.reads("review", "Includes" if has_money else "the refund is for the whole") == []


def test_fees(reads, new_order, client):
    new_order([product("1", 2), fee()])
    run = Driver(reads, client, "W-1")
    run.select("1")

    assert run.reads("select", "Fees are not canceled by themselves.") == []
    assert run.reads("details", "Refund fees") == []
    run.explain({"1": 1}, refund_fees=True)
    assert run.reads("review", "fees go back with the last item of the order.") == []
    run.explain({"1": 2})
    assert run.reads("review", "stays on an order with nothing left. Change the choice") == []
    agreed = run.reviewed()
    run.explain({"1": 2}, refund_fees=True)
    assert run.reads("review", "fees refunded with the last item", {"review-agreed": agreed}) == []
    assert run.reads("review", "Fee") == []
    cancel_all = Driver(reads, client, "W-1", "cancel_all")
    assert cancel_all.reads("details", "Refund fees") == []


def test_authorizations(reads, new_order, client):
    payments = [payment("10.00", "P1", captured="0.00"), payment("20.00", "P2", captured="0.00")]
    new_order([product("1", 2)], payments=payments)
    run = Driver(reads, client, "W-1")
    run.select("1")
    run.explain({"1": 2})
    agreed = run.reviewed()
    run.explain({"1": 1})

    assert run.reads("review", "is released: nothing of it is needed any more.") == []
    assert run.reads("review", "of which is still needed") == []
    assert run.reads("review", "released", {"review-agreed": agreed}) == []
    run.submit()
    assert run.reads("finish", "that stays") == []


def test_whole_bundles(reads, new_order, client):
    BundlePolicy.objects.update(rule="whole_bundles")
    children = [product("2", bundle="1", quantity_allocated=1), product("3", bundle="1")]
    new_order([product("1"), *children])

    driver = Driver(reads, client, "W-1")
    assert driver.reads("select", "Only whole bundles are canceled, and an item of it") == []
    assert reads("/order-summaries/W-1/cancel-all/", "Use Cancel Item.") == []


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
