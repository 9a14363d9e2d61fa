"""The page that refunds what is owed."""

import re
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from cancellations.acts.settle import MORE_THAN_OWED, NOTHING_OWED, judged_settlement
from cancellations.models import ChangeOrder, Refund, Release
from cancellations.selection import Amount, Refusal, SelectionRefused
from cancellations.snapshots import Snapshot
from console.settlement.forms import MoneyField
from orders.arithmetic.money import Currency
from orders.locking import OrderBusy
from orders.models import OrderSummary, PaymentSummary
from tests.support.builders import (
    cancel,
    delivery_charge,
    imported,
    item,
    minor,
    order_document,
    payment,
    product,
    report,
    select_all,
    tax,
)
from tests.support.settlements import settlement
from tests.support.unguarded import set_life_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.slow]

PAGE = "/order-summaries/X-1/refund-owed/"
FEE = {"key": "9", "type": "fee", "name": "Gift wrap", "quantity": 1, "unit_price": "4.00"}


def new(*items, **changes):
    items = list(items) or [item()]
    return imported(order_document(order_number="X-1", items=items, **changes))


@pytest.fixture
def owed():
    """An order of 20.00 of which 25.00 were captured."""
    return new(payments=[payment("25.00")])


@pytest.fixture
def left_behind(manager):
    """All is canceled of it, but 7.99 of delivery with 0.40 tax and a fee of 4.00 stay."""
    order = new(product("1"), delivery_charge(taxes=[tax("0.40")]), FEE)
    cancel(order, select_all(), by=manager)
    return order


class _Fields(HTMLParser):
    """What the inputs of a page's form hold."""

    def __init__(self):
        super().__init__()
        self.held = {}

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        is_off = given.get("type") == "checkbox" and "checked" not in given
        if tag == "input" and not is_off and given.get("name"):
            self.held[given["name"]] = given.get("value") or ("on" if "checked" in given else "")


def hidden(response):
    """The fields that the page would send with Submit."""
    page = _Fields()
    page.feed(response.text[response.text.index('method="post" action="/order-summaries') :])
    return page.held


def submit(client, response, **fields):
    return client.post(PAGE, {**hidden(response), **fields})


def settlements():
    return ChangeOrder.objects.filter(kind="settlement")


def refunds():
    rows = Refund.objects.filter(change_order__kind="settlement").order_by("payment__position")
    return {refund.payment.key: refund.amount_minor for refund in rows.select_related("payment")}


def field(model_row, name):
    return f"{name}-{model_row.pk}"


def test_the_page_says_what_will_happen_and_writes_nothing(manager_client, owed):
    response = manager_client.get(PAGE)

    assertContains(
        response,
        "<p><strong>$5.00</strong> will be refunded to <bdi>Visa ending 1111</bdi>.</p>",
        html=True,
    )
    assertContains(response, "Nothing is refunded before you submit.")
    assertNotContains(response, "Your choices")
    assert not settlements().exists()


def test_submit_refunds_it_and_leads_to_the_order_with_the_change_order(manager_client, owed):
    response = submit(manager_client, manager_client.get(PAGE), note="Captured too much.\r\nSorry.")

    assertRedirects(response, "/order-summaries/X-1/", fetch_redirect_response=False)
    made = settlements().get()
    assertContains(manager_client.get("/order-summaries/X-1/"), "You’re all set!")
    assert response.wsgi_request.user == made.created_by
    assert (made.refund_due_minor, made.note) == (minor("5.00"), "Captured too much.\nSorry.")
    assert refunds() == {"P1": minor("5.00")}


def test_a_double_submit_makes_one_change_order(manager_client, owed):
    page = manager_client.get(PAGE)

    submit(manager_client, page)
    again = submit(manager_client, page)

    assert settlements().count() == 1
    assertContains(
        manager_client.get(again.headers["Location"]),
        f"This had been submitted before, as "
        f'<a href="/change-orders/{settlements().get().number}/">',
    )


def test_a_run_that_was_submitted_with_other_choices_adds_nothing(manager_client, left_behind):
    page = manager_client.get(f"{PAGE}?fees=on")
    submit(manager_client, page)
    other = manager_client.get(PAGE)

    response = submit(manager_client, page, fees="", note="Again")
    shown = manager_client.get(f"{PAGE}?run={hidden(page)['run']}", follow=True)

    assertRedirects(response, "/order-summaries/X-1/", fetch_redirect_response=False)
    assertContains(shown, "This had been submitted before")
    assertContains(other, "Nothing is owed as it is")
    assert settlements().count() == 1


def test_a_page_of_a_submitted_run_leads_to_what_it_made(manager_client, owed):
    page = manager_client.get(PAGE)
    submit(manager_client, page)

    shown = manager_client.get(f"{PAGE}?run={hidden(page)['run']}", follow=True)

    assertContains(shown, "This had been submitted before")


def test_delivery_and_fees_are_given_back_by_choice(manager_client, left_behind):
    nothing_chosen = manager_client.get(PAGE)
    group = left_behind.delivery_groups.get()

    chosen = manager_client.get(PAGE, {field(group, "group"): "on", "fees": "on"})
    submit(manager_client, chosen)

    assertContains(nothing_chosen, "Choose what is given back, then review.")
    assertContains(
        nothing_chosen,
        "Refund the delivery charge of <bdi>Standard Ground to Lauren Boyle</bdi>: $8.39",
    )
    assertContains(nothing_chosen, "Refund the fees: $4.00")
    assertNotContains(nothing_chosen, 'name="agreed"')
    assertContains(chosen, "-$12.39")
    made = settlements().get()
    assert made.refund_due_minor == minor("12.39")
    assert sorted(made.items.values_list("type", flat=True)) == [
        "delivery_charge_adjustment",
        "fee_adjustment",
    ]
    left_behind.refresh_from_db()
    assert left_behind.grand_total_minor == 0


def test_the_money_goes_over_the_payments_of_choice(manager_client):
    new(payments=[payment("15.00"), payment("15.00", "P2", method="Gift card")])
    first, second = PaymentSummary.objects.order_by("position")
    by_the_rules = manager_client.get(PAGE)

    fields = {field(first, "payment"): "4.00", field(second, "payment"): "5.5"}
    chosen = manager_client.get(PAGE, fields)
    submit(manager_client, chosen)

    assertContains(by_the_rules, "Over which payments")
    assertContains(by_the_rules, "Over <bdi>Gift card</bdi>, at most $15.00")
    assertContains(chosen, "<strong>$0.50</strong> stays owed to the customer.")
    assert refunds() == {"P1": minor("4.00"), "P2": minor("5.50")}


@pytest.mark.parametrize(
    ("amounts", "says"),
    [
        (("15.01", ""), "At most $15.00 can go back over this payment."),
        (("6.00", "6.00"), "Together these are more than the $10.00 to refund."),
        (("-1", ""), "Enter an amount of 0 or more."),
        (("1.001", ""), "Enter an amount such as 12.50."),
        (("1,50", ""), "Enter an amount such as 12.50."),
        (("a lot", ""), "Enter an amount such as 12.50."),
        (("9" * 30, ""), "Ensure this value has at most 20 characters"),
    ],
)
def test_amounts_that_cannot_be_are_said(manager_client, amounts, says):
    new(payments=[payment("15.00"), payment("15.00", "P2")])
    payments = PaymentSummary.objects.order_by("position")
    fields = {field(row, "payment"): text for row, text in zip(payments, amounts, strict=True)}
    page = manager_client.get(PAGE)

    shown = manager_client.get(PAGE, fields)
    sent = submit(manager_client, page, **fields)

    for response in (shown, sent):
        assertContains(response, says, status_code=400)
    assert not settlements().exists()


def test_while_amounts_are_typed_what_is_wrong_takes_the_place_of_submit(manager_client):
    new(payments=[payment("15.00"), payment("15.00", "P2")])
    first = PaymentSummary.objects.order_by("position").first()

    live = manager_client.get(PAGE, {field(first, "payment"): "1."}, headers={"HX-Request": "true"})

    assertContains(live, "There is nothing to submit before they are right.")
    assertNotContains(live, 'name="agreed"')


def test_an_amount_of_nothing_at_all_is_refused(manager_client):
    new(payments=[payment("15.00"), payment("15.00", "P2")])
    first = PaymentSummary.objects.order_by("position").first()

    shown = manager_client.get(PAGE, {field(first, "payment"): "0"})

    says = "Say how much goes back over which payment."
    assertContains(shown, says, status_code=400)


def test_authorizations_that_are_given_up_are_said_and_written(manager_client):
    new(payments=[payment("30.00", captured="25.00")])

    response = manager_client.get(PAGE)
    submit(manager_client, response)

    assertContains(response, "on <bdi>Visa ending 1111</bdi> is released")
    assert Release.objects.get().amount_minor == minor("5.00")


def test_what_moved_since_the_review_is_told_and_nothing_is_written(manager_client, owed):
    page = manager_client.get(PAGE)
    paid = {"key": "P1", "authorized": "27.00", "captured": "26.00"}
    report(owed, payments=[paid])

    refused = submit(manager_client, page, note="Too much.")

    for text in (
        "This order changed while you were working.",
        "Refund to <bdi>Visa ending 1111</bdi>",
        "<td>$5.00</td>",
        "<td><strong>$6.00</strong></td>",
        "Authorization on <bdi>Visa ending 1111</bdi> released",
        "Too much.",
    ):
        assertContains(refused, text, status_code=409)
    assert not settlements().exists()
    assert submit(manager_client, refused).status_code == 302
    assert refunds() == {"P1": minor("6.00")}


def test_when_nothing_is_owed_any_more_the_page_says_so(manager_client, owed):
    page = manager_client.get(PAGE)
    report(owed, payments=[{"key": "P1", "authorized": "20.00", "captured": "20.00"}])

    response = manager_client.post(PAGE, hidden(page), follow=True)

    assertContains(response, "This order changed while you were working. Nothing was refunded.")
    assertContains(response, "Nothing to refund")
    assert not settlements().exists()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"agreed": ""}, "This page could not be read back."),
        ({"agreed": "nonsense"}, "This page could not be read back."),
        ({"run": ""}, "This page could not be read back."),
        ({"run": "nonsense"}, "This page could not be read back."),
        ({"note": "x" * 1001}, "Shorten the note to 1000 characters."),
    ],
)
def test_what_cannot_be_read_back_is_shown_again(manager_client, owed, fields, says):
    response = submit(manager_client, manager_client.get(PAGE), **fields)

    assertContains(response, says, status_code=400)
    assertContains(response, "<strong>$5.00</strong> will be refunded", status_code=400)
    assert not settlements().exists()
    assert submit(manager_client, response, note="").status_code == 302


def test_an_order_that_is_being_changed_says_so_and_keeps_the_choices(
    manager_client, left_behind, monkeypatch
):
    page = manager_client.get(f"{PAGE}?fees=on")

    def busy(**_):
        raise OrderBusy

    monkeypatch.setattr("console.settlement.refund_owed.submit_or_ask", busy)
    response = submit(manager_client, page, note="Sorry about that.")

    for text in (
        "Someone else is changing this order; nothing was refunded.",
        "checked",
        "Sorry about that.",
    ):
        assertContains(response, text, status_code=503)
    assert not settlements().exists()


def test_those_who_may_not_are_told_who_may(agent_client, owed):
    for response in (agent_client.get(PAGE), agent_client.post(PAGE, {"run": str(uuid4())})):
        assertContains(response, "Refunding what is owed needs a right of its own", status_code=403)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "Nothing to refund"),
        ({"life_cycle": "unmanaged"}, "This order summary is unmanaged."),
    ],
)
def test_where_there_is_nothing_to_refund_the_page_says_so(manager_client, changes, says):
    new(**changes)

    assertContains(manager_client.get(PAGE), says)


def test_an_unmanaged_order_refunds_nothing(manager_client, owed):
    page = manager_client.get(PAGE)
    set_life_cycle(OrderSummary.objects.all(), "unmanaged")

    response = manager_client.post(PAGE, hidden(page), follow=True)

    assertContains(response, "This order summary is unmanaged.")
    assert not settlements().exists()


def test_an_unknown_order_is_a_404(manager_client):
    assert manager_client.get(PAGE).status_code == 404
    assert manager_client.post(PAGE, {"run": str(uuid4())}).status_code == 404


@pytest.mark.parametrize("query", ["run=x", "payment-1=%00", "run=%00"])
def test_an_odd_query_is_told_or_ignored(manager_client, owed, query):
    assert manager_client.get(f"{PAGE}?{query}").status_code in (200, 400)


@pytest.fixture
def nobody_takes_it():
    """Of an order of 10.00, 15.00 were captured over a payment that only refunds in full."""
    return new(item(quantity=1), payments=[payment("15.00", full_refund_only=True)])


def test_what_no_payment_takes_is_not_submitted(manager_client, nobody_takes_it):
    response = manager_client.get(PAGE)

    assertContains(response, "$5.00 is owed, but no payment can take it by the rules.")
    assertContains(response, "Choose one: enter how much goes back over it, then review.")
    assertNotContains(response, 'name="agreed"')


def test_no_payment_taking_it_is_judged_when_it_is_submitted(
    manager_client, nobody_takes_it, manager
):
    quoted = judged_settlement(nobody_takes_it, settlement(nobody_takes_it))
    agreed = Snapshot.of(quoted, ()).sign("X-1")

    response = manager_client.post(PAGE, {"run": str(uuid4()), "agreed": agreed}, follow=True)

    assertContains(response, "Nothing was refunded.")
    assert not settlements().exists()


def test_a_person_may_choose_the_payment_that_the_rules_leave_out(manager_client, nobody_takes_it):
    [row] = PaymentSummary.objects.all()

    submit(manager_client, manager_client.get(PAGE, {field(row, "payment"): "5.00"}))

    assert refunds() == {"P1": minor("5.00")}


def test_success_says_what_is_refunded_and_what_stays_owed(manager_client):
    new(payments=[payment("15.00"), payment("15.00", "P2")])
    first = PaymentSummary.objects.order_by("position").first()

    page = manager_client.get(PAGE, {field(first, "payment"): "4.00"})
    submit(manager_client, page)

    order = manager_client.get("/order-summaries/X-1/")
    assertContains(order, "You’re all set! $4.00 is being refunded: change order")
    assertContains(order, "$6.00 stays owed to the customer.")


def test_review_without_scripts_keeps_the_note(manager_client, left_behind):
    page = manager_client.get(PAGE)

    fields = {**hidden(page), "fees": "on", "note": "All of it.", "review": "1"}
    reviewed = manager_client.post(PAGE, fields)

    assertContains(reviewed, "-$4.00")
    assertContains(reviewed, "All of it.")
    assert not settlements().exists()
    assert submit(manager_client, reviewed, note="All of it.").status_code == 302
    assert settlements().get().note == "All of it."


def test_the_note_stands_outside_of_what_scripts_replace(manager_client, left_behind):
    page = manager_client.get(f"{PAGE}?fees=on").text

    replaced = page[page.index('<div id="outcome">') : page.index('id="said"')]
    assert 'name="agreed"' in replaced
    assert 'name="note"' not in replaced
    assert page.count('name="note"') == 1


def test_errors_of_typed_amounts_have_a_place_and_are_said(manager_client):
    new(payments=[payment("15.00"), payment("15.00", "P2")])
    first = PaymentSummary.objects.order_by("position").first()
    name = field(first, "payment")

    live = manager_client.get(PAGE, {name: "15.01"}, headers={"HX-Request": "true"}).text

    assert f"#id_{name}_errors:innerHTML" in live
    assert re.search(f'id="id_{name}_errors"\\s+data-errors-of="id_{name}"><ul', live)
    assert re.search(r'id="said" role="status">\s*Please check your choices', live)


@pytest.mark.parametrize(
    ("currency", "example"),
    [(Currency("JPY", 0), "1250"), (Currency("USD", 2), "12.50"), (Currency("KWD", 3), "1.250")],
)
def test_the_example_fits_the_currency(currency, example):
    amount = MoneyField(currency=currency)

    with pytest.raises(ValidationError, match=f"such as {re.escape(example)}."):
        amount.clean("x")


def test_only_one_thing_alerts_after_choices_went_wrong_meanwhile(manager_client):
    order = new(payments=[payment("15.00"), payment("15.00", "P2")])
    first = PaymentSummary.objects.order_by("position").first()
    page = manager_client.get(PAGE, {field(first, "payment"): "10.00"})
    report(order, payments=[{"key": "P1", "authorized": "12.00", "captured": "12.00"}])

    refused = submit(manager_client, page)

    assert refused.status_code in (400, 409)
    assert refused.text.partition("<main")[2].partition("</main>")[0].count("autofocus") == 1
    assert not settlements().exists()


def test_what_was_hidden_is_told_without_a_link(manager_client, owed):
    response = submit(manager_client, manager_client.get(PAGE), agreed="")

    assertNotContains(response, 'href="#id_agreed"', status_code=400)


@pytest.mark.parametrize("is_chosen", [False, True])
def test_a_refusal_is_told_where_nothing_can_be_chosen(
    manager_client, owed, monkeypatch, is_chosen
):
    def refuse(**_):
        amount = Amount(500, owed.currency)
        refusals = [Refusal(None, "", NOTHING_OWED)] if is_chosen else []
        raise SelectionRefused(
            Refusal(None, "payments", MORE_THAN_OWED, (("amount", amount),)), *refusals
        )

    monkeypatch.setattr("console.settlement.refund_owed.preview_settlement", refuse)

    response = manager_client.get(PAGE)

    assertContains(response, "More than the $5.00 that is owed.", status_code=400)
    assertNotContains(response, "Nothing to refund", status_code=400)


def test_an_authorization_that_nothing_needs_is_offered(manager_client):
    new(item(quantity=2), payments=[payment("25.00", captured="20.00")])

    assertContains(manager_client.get("/order-summaries/X-1/"), "Refund what is owed")
    page = manager_client.get(PAGE)
    assertContains(page, "is released: nothing of it is needed any more.")
    submit(manager_client, page)
    order = manager_client.get("/order-summaries/X-1/")
    assertContains(order, "You’re all set! $5.00 that was authorized is released: change order")
