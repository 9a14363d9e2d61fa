"""An order that is there already, told of anew (contract.md §1)."""

import pytest

from cancellations.acts.take_order import ImportOutcome, import_orders
from cancellations.models import ChangeOrder
from orders.arithmetic.money import Currency
from orders.documents.order import read_order
from orders.models import Account, OrderEvent, OrderSummary
from tests.support.builders import (
    delivery_charge,
    delivery_group,
    item,
    order_document,
    payment,
    report,
    system_user,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


def told(document, **changes):
    """What becomes of a document, changed."""
    [result] = import_orders([read_order({**document, **changes})], by=system_user())
    return result


@pytest.fixture
def known():
    """A document that was imported."""
    document = order_document(items=[item(quantity=3)])
    assert told(document).outcome is ImportOutcome.IMPORTED
    return document


@pytest.fixture
def exported(known, run_command):
    """Gives the order's export, found to agree with its history."""

    def export():
        assert run_command("verify_orders").output == "1 orders verified, 0 differences\n"
        [document] = run_command("export_orders", "--order-number", known["order_number"]).lines
        return document

    return export


def counted(known, **counters):
    return [{**known["items"][0], **counters}]


def test_the_same_content_is_skipped_and_says_nothing(known):
    assert told(known).outcome is ImportOutcome.SKIPPED
    assert OrderEvent.objects.count() == 1


def test_nothing_told_as_a_zero_is_the_same_content(known):
    risen = {**known, "items": counted(known, quantity_canceled=1)}
    assert told(risen).outcome is ImportOutcome.AMENDED
    report(OrderSummary.objects.get(), {"key": "1", "quantity_canceled": 0})

    again = told(risen, items=counted(risen, quantity_return_initiated=0))

    assert again.outcome is ImportOutcome.SKIPPED
    assert OrderEvent.objects.count() == 3


def test_the_customer_and_the_channel_may_change(known, exported):
    customer = {"number": "A-7", "name": "Lauren Smith", "email": "lauren@example.com"}

    result = told(known, account=customer, channel="Phone")

    order = exported()
    assert result.outcome is ImportOutcome.AMENDED
    assert (order["account"], order["channel"]) == (customer, "Phone")
    assert [entry["fields"] for entry in order["amendments"]] == [["account", "channel"]]
    assert order["amendments"][0]["by"] == "batch"


def test_a_guest_stays_without_an_account(known, exported):
    assert told(known, account={"name": "Ann Guest"}).outcome is ImportOutcome.AMENDED
    assert exported()["account"] == {"number": None, "name": "Ann Guest", "email": ""}


def test_counters_and_figures_only_ever_rise_without_a_time(known, exported):
    told(known, items=counted(known, quantity_allocated=2, quantity_fulfilled=1))
    result = told(known, items=counted(known, quantity_allocated=1, quantity_fulfilled=1))

    [line] = exported()["items"]
    assert result.outcome is ImportOutcome.SKIPPED
    assert (line["quantity_allocated"], line["quantity_fulfilled"]) == (2, 1)


def test_with_a_time_the_newest_document_holds(known, exported):
    told(known, items=counted(known, quantity_allocated=2), updated_at="2026-02-02T00:00:00Z")
    late = told(
        known,
        items=counted(known, quantity_allocated=3),
        channel="Phone",
        updated_at="2026-02-01T00:00:00Z",
    )
    newer = told(
        known, items=counted(known, quantity_allocated=1), updated_at="2026-02-03T00:00:00Z"
    )

    order = exported()
    assert (late.outcome, newer.outcome) == (ImportOutcome.SKIPPED, ImportOutcome.AMENDED)
    assert order["items"][0]["quantity_allocated"] == 1
    assert order["channel"] == ""


def test_the_same_content_later_on_says_nothing_of_what_was_reported_since(known, exported):
    order = OrderSummary.objects.get()
    report(order, {"key": "1", "quantity_allocated": 2})

    again = told(known, updated_at="2026-02-03T00:00:00Z")

    assert again.outcome is ImportOutcome.SKIPPED
    assert exported()["items"][0]["quantity_allocated"] == 2
    assert OrderEvent.objects.count() == 2


def test_a_late_document_need_not_know_of_what_was_added_since(known, exported):
    more = [*known["items"], item("2", delivery_group=None)]
    told(known, items=more, updated_at="2026-02-03T00:00:00Z")
    late = told(known, channel="Phone", updated_at="2026-02-02T00:00:00Z")

    assert (late.outcome, late.problems) == (ImportOutcome.SKIPPED, ())
    assert [line["key"] for line in exported()["items"]] == ["1", "2"]


def test_an_additional_payment_pays_for_what_others_had_taken_off_unpaid(run_command):
    """As a capture over a known payment would: it is theirs to pay back, not ours."""
    document = order_document(items=[item(quantity=2)], payments=[])
    told(document)
    order = OrderSummary.objects.get()
    returned = dict.fromkeys(
        (
            "quantity_allocated",
            "quantity_fulfilled",
            "quantity_return_initiated",
            "quantity_returned",
        ),
        1,
    )
    report(order, {"key": "1", **returned})
    told(document, payments=[payment("20.00")])

    order.refresh_from_db()
    assert (order.expected_elsewhere_minor, order.unpaid_elsewhere_minor) == (1000, 0)
    assert run_command("verify_orders").output == "1 orders verified, 0 differences\n"


def test_an_account_that_an_order_leaves_is_named_by_its_newest_again(known):
    told(
        order_document(
            ordered_at="2025-01-01T00:00:00Z", account={"number": "A-1001", "name": "Maiden Name"}
        )
    )
    told(known, account={"number": "A-2", "name": "Someone Else"})

    assert Account.objects.get(number="A-1001").name == "Maiden Name"
    assert Account.objects.get(number="A-2").name == "Someone Else"


def test_a_currency_that_has_other_places_now_is_refused(known, monkeypatch):
    document = read_order({**known, "channel": "Phone"})
    monkeypatch.setattr(type(document), "unit", Currency("USD", 3))

    [result] = import_orders([document], by=system_user())

    assert [problem.path for problem in result.problems] == ["currency"]


def test_what_left_elsewhere_writes_change_orders(known, exported):
    told(
        known,
        items=counted(
            known,
            quantity_canceled=1,
            quantity_allocated=1,
            quantity_fulfilled=1,
            quantity_return_initiated=1,
            quantity_returned=1,
        ),
    )

    order = exported()
    kinds = [change["kind"] for change in order["change_orders"]]
    assert kinds == ["reported_cancellation", "return"]
    assert order["totals"]["grand_total"] == "10.00"
    assert order["expected_elsewhere"] == "20.00"


def test_what_does_not_fit_opens_an_exception(known, exported, run_command, jsonl):
    run_command(
        "cancel_orders",
        jsonl(
            {
                "idempotency_key": "K",
                "order_number": known["order_number"],
                "reason": "Changed Mind",
                "items": [{"key": "1", "quantity": 2}],
            }
        ),
    )
    told(known, items=counted(known, quantity_allocated=3, quantity_fulfilled=3))

    order = exported()
    [exception] = order["process_exceptions"]
    assert (exception["category"], exception["about"]) == ("fulfillment", "1")
    assert order["items"][0]["quantity_fulfilled"] == 1


def test_items_and_payments_may_come_in_addition(known, exported):
    more = [
        *known["items"],
        item("2", quantity=2, delivery_group="G2"),
        item("3", quantity=2, unit_price="0.00", bundle="2", delivery_group="G2"),
        delivery_charge("1002", delivery_group="G2"),
    ]
    groups = [*known["delivery_groups"], delivery_group("G2")]
    paid = [*known["payments"], payment("27.99", "P2")]

    result = told(known, items=more, delivery_groups=groups, payments=paid)

    order = exported()
    assert result.outcome is ImportOutcome.AMENDED
    assert [line["key"] for line in order["items"]] == ["1", "2", "3", "1002"]
    assert order["totals"]["grand_total"] == "57.99"
    assert [each["refundable"] for each in order["payments"]] == ["30.00", "27.99"]
    assert order["change_orders"] == []


def test_additional_items_bring_along_what_left_them_before(known, exported):
    """Others took 10.00 off that was paid here, and paid 4.00 of it back so far."""
    more = [*known["items"], item("2", quantity=2, delivery_group=None, quantity_canceled=1)]
    paid = [*known["payments"], payment("20.00", "P2", refunded="4.00")]

    told(known, items=more, payments=paid)

    order = exported()
    assert order["totals"]["grand_total"] == "40.00"
    assert (order["expected_elsewhere"], order["given_elsewhere"]) == ("6.00", "0.00")
    assert order["change_orders"] == []


def test_a_refund_that_moves_to_another_payment_moves_nothing(known, exported):
    """Refunds are netted over the order, an additional payment's included."""
    refunded = [{**known["payments"][0], "refunded": "10.00"}]
    told(known, payments=refunded, updated_at="2026-02-01T00:00:00Z")
    given = exported()["given_elsewhere"]
    told(
        known,
        payments=[known["payments"][0], payment("10.00", "P2", refunded="10.00")],
        updated_at="2026-02-02T00:00:00Z",
    )

    assert given == "10.00"
    assert exported()["given_elsewhere"] == "10.00"


@pytest.mark.parametrize(
    ("changes", "path", "said"),
    [
        ({"currency": "EUR"}, "currency", "is 'EUR', but the order has 'USD'"),
        (
            {"ordered_at": "2026-01-05T12:00:01Z"},
            "ordered_at",
            "is 2026-01-05T12:00:01+00:00, but the order has 2026-01-05T12:00:00+00:00",
        ),
        ({"tax_locale": "gross"}, "tax_locale", "is 'gross', but the order has 'net'"),
        ({"life_cycle": "unmanaged"}, "life_cycle", "is 'unmanaged', but the order has 'managed'"),
        ({"items": []}, "items", "'1' is gone, but the order has it"),
        ({"payments": []}, "payments", "'P1' is gone, but the order has it"),
    ],
)
def test_what_an_order_was_placed_with_stays(known, stored_rows, changes, path, said):
    before = stored_rows()

    result = told(known, **changes)

    assert result.outcome is ImportOutcome.REFUSED
    assert (path, said) in [(problem.path, problem.message) for problem in result.problems]
    assert stored_rows() == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quantity": 4}, "quantity"),
        ({"unit_price": "9.00"}, "unit_price"),
        ({"line_amount": "29.00"}, "line_amount"),
        ({"sku": "SKU-9"}, "sku"),
        ({"name": "Other"}, "name"),
        ({"delivery_group": None}, "delivery_group"),
        ({"adjustments": [{"name": "A", "scope": "line", "amount": "-1.00"}]}, "adjustments"),
        ({"taxes": [{"name": "T", "amount": "1.00"}]}, "taxes"),
    ],
)
def test_a_line_stays_as_it_was_sold(known, changes, field):
    result = told(known, items=counted(known, **changes))

    assert result.outcome is ImportOutcome.REFUSED
    assert [problem.path for problem in result.problems] == [f"items[0].{field}"]


@pytest.mark.parametrize("field", ["gateway", "gateway_reference"])
def test_where_money_goes_stays(known, field):
    result = told(known, payments=[{**known["payments"][0], field: "other"}])

    assert [problem.path for problem in result.problems] == [f"payments[0].{field}"]


def test_additional_items_cannot_join_what_was_sold(known):
    group = told(known, items=[*known["items"], item("2")])
    bundle = told(known, items=[*known["items"], item("2", delivery_group=None, bundle="1")])

    assert [problem.path for problem in group.problems] == ["items[1].delivery_group"]
    assert [problem.path for problem in bundle.problems] == ["items[1].bundle"]


def test_the_second_document_of_an_order_in_one_batch_amends_the_first():
    first = order_document(channel="Web")
    second = {**first, "channel": "Phone"}

    results = import_orders([read_order(first), read_order(second)], by=system_user())

    outcomes = [result.outcome for result in results]
    assert outcomes == [ImportOutcome.IMPORTED, ImportOutcome.AMENDED]
    assert OrderSummary.objects.get().channel == "Phone"


def test_a_dry_run_says_what_would_be_amended_and_writes_nothing(known, stored_rows):
    before = stored_rows()
    documents = [read_order({**known, "channel": "Phone"}), read_order({**known, "payments": []})]

    results = import_orders(documents, by=system_user(), dry_run=True)

    outcomes = [result.outcome for result in results]
    assert outcomes == [ImportOutcome.AMENDED, ImportOutcome.REFUSED]
    assert stored_rows() == before


def test_an_older_order_does_not_rename_its_account(known):
    older = order_document(
        ordered_at="2025-01-01T00:00:00Z", account={"number": "A-1001", "name": "Maiden Name"}
    )
    told(older)

    assert Account.objects.get(number="A-1001").name == "Lauren Boyle"
    assert OrderSummary.objects.get(customer_name="Maiden Name")
    assert not ChangeOrder.objects.exists()
