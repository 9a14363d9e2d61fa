"""Whatever people read of exceptions, settlements and money elsewhere goes through gettext."""

import re

import pytest
from django.contrib.auth.models import Group

from cancellations.acts.exceptions import facts_name
from cancellations.models import ChangeOrder, ProcessException
from console.people.rights import AGENT
from orders.arithmetic.money import show
from orders.models import OrderEvent, OrderSummary, PaymentSummary
from tests.support.builders import imported, item, payment, report
from tests.support.unguarded import unguarded

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

ODD, LEFT, GUEST, COAT = (f"/order-summaries/{name}/" for name in ("ODD", "LEFT", "GUEST", "COAT"))


def test_pages(reads_all, told_of_money):
    assert (
        reads_all(
            [
                (ODD, "Something needs a person"),
                (ODD, "charged back"),
                (GUEST, "No name given"),
                (GUEST, "Refund what is owed"),
                (GUEST, "still authorized, not captured"),
                (LEFT, "Fee"),
                (f"{LEFT}related/", "Amendments"),
                (COAT, "of a return is expected to be refunded elsewhere."),
                (COAT, "Nothing more is coming"),
                (COAT, "refunded elsewhere"),
                ("/order-summaries/?q=GUEST", "Guest"),
                ("/process-exceptions/", "2 exceptions"),
                ("/process-exceptions/?category=payment", "1 exception"),
                ("/process-exceptions/?category=refund", "No exception matches"),
                (f"{GUEST}refund-owed/", "Over which payments"),
                (f"{LEFT}refund-owed/", "Nothing is owed as it is"),
                (f"{LEFT}refund-owed/?fees=on", "What will happen"),
                (f"{LEFT}refund-owed/?fees=on", "Given back"),
                (f"{GUEST}refund-owed/", "What is owed as it is"),
                (f"{ODD}refund-owed/", "Nothing to refund"),
                ("/order-summaries/UNMANAGED/refund-owed/", "This order summary is unmanaged."),
                (f"{COAT}nothing-more/", "Whose is it?"),
                (f"{ODD}nothing-more/", "Nothing is expected"),
                ("/order-summaries/UNMANAGED/nothing-more/", "This order summary is unmanaged."),
            ]
        )
        == {}
    )


@pytest.mark.parametrize("category", ["payment", "fulfillment"])
def test_an_exception_open_and_resolved(reads, told_of_money, category):
    exception = ProcessException.objects.get(category=category)
    page, seen = exception.get_absolute_url(), facts_name(exception)

    assert reads(page, "What to do") == []
    assert reads(page, "Write a note", posted={"note": ""}, status=400) == []
    odd = {"note": "Seen to.", "seen": "1:x"}
    assert reads(page, "Newer facts have come", posted=odd, status=409) == []
    posted = {"note": "Seen to.", "seen": seen}
    assert reads(page, "How it was resolved", posted=posted) == []
    assert reads(page, "had been resolved before", posted=posted) == []
    assert reads("/process-exceptions/?state=resolved", "by") == []


def test_an_exception_of_records_that_do_not_agree(reads, told_of_money, run_command):
    OrderSummary.objects.filter(order_number="LEFT").update(status="created")
    run_command("verify_orders")
    page = ProcessException.objects.get(category="records").get_absolute_url()

    assert reads(page, "difference between its records and its events.") == []
    assert reads("/process-exceptions/?category=records", "The whole order") == []


def test_for_those_who_may_not(reads, told_of_money, manager):
    manager.groups.set(Group.objects.filter(name=AGENT))
    exception = ProcessException.objects.first()

    needs = "needs a right of its own"
    assert reads(exception.get_absolute_url(), needs) == []
    assert reads(f"{GUEST}", needs) == []
    assert reads(f"{GUEST}refund-owed/", needs, status=403) == []


@pytest.mark.parametrize("amount", ["x", "-1", "31.00", "20.00"])
def test_amounts_that_cannot_be(reads, told_of_money, amount):
    row = PaymentSummary.objects.filter(order__order_number="GUEST").first()

    url = f"{GUEST}refund-owed/?payment-{row.pk}={amount}"
    assert [text for text in reads(url, "check", status=400) if text != amount] == []


def authorize(number, more):
    """Report that more (or less) of an order's first payment is authorized."""
    order = OrderSummary.objects.get(order_number=number)
    payment = order.payments.first()
    authorized = show(payment.authorized_minor + more, order.currency)
    report(order, payments=[{"key": payment.key, "authorized": authorized}])


def test_a_settlement_from_review_to_its_record(reads, client, told_of_money):
    page = f"{LEFT}refund-owed/"
    shown = client.get(f"{page}?fees=on").text
    sent = dict(re.findall(r'name="(run|agreed)"(?: id="[^"]+")? value="([^"]+)"', shown))
    sent["fees"] = "on"

    assert reads(page, "could not be read back", posted=sent | {"agreed": "x"}, status=400) == []
    other = sent | {"fees": ""}
    assert reads(page, "This order changed while you were working.", posted=other) == []
    authorize("LEFT", 500)
    changed = "Compare what you reviewed with what is true now"
    assert reads(page, changed, posted=sent, status=409) == []
    authorize("LEFT", -500)
    assert reads(page, "You’re all set!", posted=sent | {"note": "Seen to."}) == []
    assert reads(page, "This had been submitted before", posted=sent | {"note": "Seen to."}) == []
    made = ChangeOrder.objects.latest("pk")
    assert reads(made.get_absolute_url(), "Settlement") == []
    assert reads("/change-orders/?kind=settlement", "1 change order") == []


@pytest.mark.parametrize("answer", ["kept", "owed"])
def test_that_nothing_more_is_coming(reads, told_of_money, answer):
    page = f"{COAT}nothing-more/"
    expected = OrderSummary.objects.get(order_number="COAT").expected_elsewhere_minor

    assert reads(page, "Choose whose it is.", posted={"expected": expected}, status=400) == []
    said = {"answer": answer, "expected": expected}
    assert reads(page, "nothing was written", posted=said | {"expected": 1}) == []
    assert reads(page, "Nothing more is expected to be refunded elsewhere.", posted=said) == []
    assert reads(page, "nothing was written.", posted=said) == []


def test_what_no_payment_takes_and_what_stays_owed(reads, client, told_of_money):
    paid = payment("30.00", full_refund_only=True)
    coat = item(delivery_group=None)
    order = imported(order_number="WHOLE", items=[coat], delivery_groups=[], payments=[paid])
    page = f"/order-summaries/WHOLE/refund-owed/?payment-{order.payments.get().pk}=4.00"

    assert reads(page.partition("?")[0], "No payment takes it") == []
    shown = client.get(page).text
    sent = dict(re.findall(r'name="(run|agreed|payment-\d+)"[^>]*? value="([^"]+)"', shown))
    said = "stays owed to the customer."
    assert reads(page.partition("?")[0], said, posted=sent) == []


def test_a_change_order_that_cannot_be_replayed(reads, told_of_money):
    made = ChangeOrder.objects.filter(kind="cancellation").first()
    with unguarded(OrderEvent):
        OrderEvent.objects.filter(pk=made.event_id).update(facts={})

    assert reads(made.get_absolute_url(), "cannot be worked out again") == []


def test_change_orders_from_elsewhere(reads, told_of_money):
    made = ChangeOrder.objects.get(kind="reported_cancellation")

    assert reads(made.get_absolute_url(), "its money goes back there.") == []
