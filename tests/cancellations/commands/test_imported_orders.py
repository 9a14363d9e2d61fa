"""Orders as other systems have them: what an import keeps of customers, prices and facts."""

import pytest

from cancellations.acts.take_order import ImportOutcome, import_orders
from cancellations.models import ChangeOrder, ProcessException
from orders.documents.order import read_order
from orders.models import Account, OrderEvent, OrderItemSummary, OrderSummary, Product
from tests.support.builders import (
    cancel,
    delivery_charge,
    fee,
    imported,
    item,
    minor,
    order_document,
    payment,
    select,
    select_all,
    system_user,
)
from tests.support.specimens import changed

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

EARLY, LATE = "2026-01-05T12:00:00Z", "2026-01-06T12:00:00Z"


@pytest.fixture
def exported(run_command):
    def exported(number="X-1"):
        [order] = run_command("export_orders", "--order-number", number).lines
        return order

    return exported


@pytest.fixture
def take(db):
    """Imports documents as one batch; gives what became of each."""

    def take(*documents):
        results = import_orders([read_order(each) for each in documents], by=system_user())
        return [result.outcome for result in results]

    return take


def of(name, ordered_at=EARLY, **changes):
    """An order of account A-1, under the name the customer had then."""
    account = {"number": "A-1", "name": name, "email": f"{name.lower()}@example.com"}
    return order_document(account=account, ordered_at=ordered_at, **changes)


def account():
    [found] = Account.objects.all()
    return found.name, found.email


def test_units_that_were_gone_before_are_outside_the_totals_and_no_change_order(take):
    gone = dict.fromkeys(("allocated", "fulfilled", "return_initiated", "returned"), 1)
    line = item(quantity=4, **{f"quantity_{n}": count for n, count in gone.items()})

    take(order_document(items=[line | {"quantity_canceled": 2}], payments=[payment("40.00")]))

    order, line = OrderSummary.objects.get(), OrderItemSummary.objects.get()
    assert order.grand_total_minor == minor("10.00")
    assert (line.quantity_returned_at_import, line.quantity_canceled_at_import) == (1, 2)
    assert (line.quantity_canceled, line.quantity_canceled_elsewhere) == (2, 2)
    assert order.expected_elsewhere_minor == minor("30.00")
    assert not ChangeOrder.objects.exists()


def test_units_canceled_before_are_exported_and_no_more_available(take, exported):
    take(order_document(order_number="X-1", items=[item(quantity=4, quantity_canceled=3)]))

    [line] = exported()["items"]

    assert (line["quantity_ordered"], line["quantity_canceled"]) == (4, 3)
    assert (line["quantity_current"], line["quantity_available_to_cancel"]) == (1, 1)
    assert line["amount"] == "10.00"


def test_an_account_takes_name_and_e_mail_from_the_latest_import(take):
    take(of("Lauren"))
    take(of("Laura"))

    assert account() == ("Laura", "laura@example.com")
    assert Account.objects.get().order_summaries.count() == 2


def test_the_later_of_two_orders_in_a_batch_names_the_account(take):
    take(of("First"), of("Second"))

    assert account() == ("Second", "second@example.com")


def test_of_a_batch_the_newest_order_names_the_account(take):
    take(of("Newest", LATE), of("Older", EARLY))

    assert account() == ("Newest", "newest@example.com")


def test_an_older_order_that_comes_later_does_not(take):
    take(of("Newest", LATE))
    take(of("Older", EARLY))

    assert account() == ("Newest", "newest@example.com")
    assert Account.objects.get().order_summaries.count() == 2


def test_a_newer_order_that_comes_later_does(take):
    take(of("Older", EARLY))
    take(of("Newest", LATE))

    assert account() == ("Newest", "newest@example.com")


def test_an_order_keeps_the_name_and_e_mail_it_came_with(take, exported):
    take(of("Older", EARLY, order_number="X-1"))
    take(of("Newest", LATE))

    assert exported()["account"] == {
        "number": "A-1",
        "name": "Older",
        "email": "older@example.com",
    }


@pytest.mark.parametrize(
    "customer", [None, {"name": "Lauren Boyle"}, {"number": None, "name": "Lauren", "email": "l@x"}]
)
def test_a_guests_order_belongs_to_no_account(take, exported, agent, customer, run_command):
    assert take(order_document(order_number="X-1", account=customer)) == [ImportOutcome.IMPORTED]
    cancel(OrderSummary.objects.get(), select(), by=agent)

    written = exported()["account"]
    assert OrderSummary.objects.get().account is None
    assert not Account.objects.exists()
    assert written == (customer and {"number": None, "email": "", **customer})
    assert run_command("verify_orders").status == 0


def test_guests_of_one_name_stay_strangers(take):
    guest = {"name": "Lauren Boyle", "email": "lauren@example.com"}

    take(order_document(account=guest), order_document(account=guest), of("Lauren"))

    assert OrderSummary.objects.filter(account=None).count() == 2


def test_a_line_keeps_the_name_it_was_sold_under(take):
    for name in ("Shirt", "Blouse"):
        take(order_document(items=[item(sku="SHIRT", name=name)]))

    assert Product.objects.get().name == "Blouse"
    names = OrderItemSummary.objects.order_by("pk").values_list("name", flat=True)
    assert list(names) == ["Shirt", "Blouse"]


def test_a_sku_may_repeat_within_an_order(take):
    take(order_document(items=[item("1", sku="SHIRT"), item("2", sku="SHIRT")]))

    assert OrderItemSummary.objects.filter(product__sku="SHIRT").count() == 2


def test_a_product_needs_no_sku(take, exported, agent):
    nameless = {name: value for name, value in item("1").items() if name != "sku"}
    take(order_document(order_number="X-1", items=[nameless, item("2", sku="")]))

    change_order = cancel(OrderSummary.objects.get(), select_all(), by=agent)

    assert not Product.objects.exists()
    assert change_order.items.count() == 2
    assert [line["sku"] for line in exported()["items"]] == ["", ""]


def test_a_line_may_have_an_amount_that_is_no_multiple_of_its_price(take, exported, agent):
    line = item(quantity=3, unit_price="0.333333", line_amount="1.00")
    take(order_document(order_number="X-1", items=[line], payments=[payment("1.00")]))

    order = OrderSummary.objects.get()
    dues = [cancel(order, select(), by=agent).refund_due_minor for _ in range(3)]

    [written] = exported()["items"]
    assert (written["unit_price"], written["line_amount"]) == ("0.333333", "1.00")
    assert dues == [33, 34, 33]


@pytest.mark.parametrize(
    ("price", "amount", "same"),
    [
        ("10.00", "20.00", True),
        ("10", "20", True),
        ("10.000000", None, True),
        ("10.00", "20.01", False),
    ],
)
def test_an_amount_that_is_the_price_of_all_units_is_the_same_content(take, price, amount, same):
    document = order_document(order_number="X-1")
    take(document)

    again = changed(document, {"items[0].unit_price": price, "items[0].line_amount": amount})

    assert take(again) == [ImportOutcome.SKIPPED if same else ImportOutcome.REFUSED]


def test_fees_are_lines_apart_that_nobody_cancels(take, exported):
    charges = [delivery_charge(), fee(quantity=2, unit_price="1.50")]
    take(order_document(order_number="X-1", items=[item(), *charges]))

    written = exported()
    gift_wrap = written["items"][2]
    assert (gift_wrap["type"], gift_wrap["amount"]) == ("fee", "3.00")
    assert gift_wrap["quantity_available_to_cancel"] == 0
    assert (written["totals"]["fees"], written["totals"]["delivery"]) == ("3.00", "7.99")


def test_facts_that_contradict_a_payment_are_taken(take, exported):
    odd = payment("10.00", captured="20.00", charged_back="15.00", refunded="6.00")
    take(order_document(order_number="X-1", payments=[odd]))

    [written], [exception] = exported()["payments"], exported()["process_exceptions"]
    assert (written["authorized"], written["captured"]) == ("10.00", "20.00")
    assert (written["refunded_elsewhere"], written["charged_back"]) == ("6.00", "15.00")
    assert (written["refundable"], written["authorization_open"]) == ("0.00", "0.00")
    assert (exception["category"], exception["about"]) == ("payment", "P1")


def test_an_order_that_fits_comes_without_an_exception(take):
    take(order_document(payments=[payment("10.00", captured="20.00", refunded="20.00")]))

    assert not ProcessException.objects.exists()


def test_how_an_order_came_is_its_first_event(take):
    line = item(quantity=4, quantity_canceled=1)
    take(order_document(items=[line, delivery_charge()], payments=[payment("40.00")]))

    event = OrderEvent.objects.get()
    assert (event.sequence, event.type, event.by) == (1, "order_imported", system_user())
    assert event.grand_total_minor == minor("37.99")
    assert (event.held_minor, event.expected_elsewhere_minor) == (minor("40.00"), minor("2.01"))
    assert event.unpaid_elsewhere_minor == minor("7.99")
    assert event.facts["lines"]["1"]["reported"]["canceled"] == 1


def test_what_an_actor_was_called_then_stays_on_the_change_order(agent):
    agent.first_name, agent.last_name = "Ada", "Lovelace"
    agent.save()
    order = imported()
    first = cancel(order, select(), by=agent)
    agent.last_name = "King"
    agent.save()

    second = cancel(order, select(), by=agent)

    first.refresh_from_db()
    assert (first.actor_name, second.actor_name) == ("Ada Lovelace", "Ada King")


def test_an_actor_without_a_name_goes_by_the_user_name(agent):
    assert cancel(imported(), select(), by=agent).actor_name == agent.username
