"""What the export says of money, settlements, releases and what others did (contract.md §3)."""

import pytest

from tests.support.builders import (
    cancel,
    delivery_charge,
    fee,
    imported,
    item,
    payment,
    select,
    select_all,
)
from tests.support.reports import money, paid, report, returned
from tests.support.settlements import settle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def exported(run_command):
    def exported():
        [order] = run_command("export_orders").lines
        return order

    return exported


@pytest.fixture
def record(jsonl, run_command):
    def record(*reports):
        assert run_command("record_fulfillment", jsonl(*reports)).status == 0

    return record


def test_money_elsewhere_is_written(record, exported):
    imported(order_number="X-1")

    record(report(returned(1), payments=[paid(refunded="4.00")]))
    owing = exported()
    record(money(refunded="13.00"))
    beyond = exported()

    assert (owing["expected_elsewhere"], owing["given_elsewhere"]) == ("6.00", "0.00")
    assert (beyond["expected_elsewhere"], beyond["given_elsewhere"]) == ("0.00", "3.00")


def test_figures_of_a_payment_are_written_ours_and_theirs_apart(record, exported, agent):
    order = imported(
        order_number="X-1",
        items=[item(quantity=4)],
        payments=[payment("30.00", authorized="40.00")],
    )
    record(money(refunded="2.00", charged_back="1.00"))
    cancel(order, select(quantity=2), by=agent)

    [written] = exported()["payments"]

    assert {name: written[name] for name in list(written)[4:-1]} == {
        "authorized": "40.00",
        "captured": "30.00",
        "refunded": "2.00",
        "refunded_elsewhere": "2.00",
        "charged_back": "1.00",
        "pending_refund": "9.00",
        "refundable": "18.00",
        "authorization_open": "0.00",
    }


def test_releases_stand_on_their_change_order(exported, agent):
    payments = [
        payment("20.00", "P1"),
        payment("0.00", "P2", authorized="9.00"),
        payment("0.00", "P3", authorized="5.00", gateway="manual"),
    ]
    cancel(imported(payments=payments), select(), by=agent)

    [change] = exported()["change_orders"]

    assert change["releases"] == [
        {"payment": "P2", "amount": "9.00", "status": "pending"},
        {"payment": "P3", "amount": "5.00", "status": "manual"},
    ]
    assert change["refunds"] == [{"payment": "P1", "amount": "10.00", "status": "pending"}]


def test_a_settlement_is_written_with_its_rows(exported, agent, manager):
    order = imported(items=[item(), delivery_charge(), fee()])
    cancel(order, select_all(), by=agent)
    settle(order, "G1", by=manager, refund_fees=True)

    change = exported()["change_orders"][1]

    rows = [(row["key"], row["type"], row["quantity"], row["amount"]) for row in change["items"]]
    assert (change["kind"], change["undoes"]) == ("settlement", None)
    assert rows == [
        ("1001", "delivery_charge_adjustment", 0, "-7.99"),
        ("2001", "fee_adjustment", 0, "-3.00"),
    ]
    assert (change["totals"]["delivery"], change["totals"]["fees"]) == ("-7.99", "-3.00")


def test_every_row_of_a_return_is_of_that_type(record, exported):
    imported(
        order_number="X-1",
        items=[item("1"), item("2", bundle="1", unit_price="5.00"), delivery_charge()],
    )

    record(report(returned(1, flag=True, canceled=1)))

    first, second = exported()["change_orders"]
    assert [change["kind"] for change in (first, second)] == ["reported_cancellation", "return"]
    assert [(row["key"], row["type"]) for row in first["items"]] == [
        ("1", "cancel"),
        ("2", "cancel"),
        ("1001", "delivery_charge_adjustment"),
    ]
    assert [(row["key"], row["type"]) for row in second["items"]] == [
        ("1", "return"),
        ("2", "return"),
        ("1001", "return"),
    ]
    assert {change["refund_due"] for change in (first, second)} == {"0.00"}


def test_a_fee_of_nothing_leaves_without_a_row(exported, agent):
    order = imported(items=[item(), fee(unit_price="0.00"), fee("2002")])

    cancel(order, select_all(refund_fees=True), by=agent)

    [change] = exported()["change_orders"]
    assert [row["key"] for row in change["items"]] == ["1", "2002"]
    assert list(order.lines.filter(released=True).values_list("key", flat=True)) == ["2001", "2002"]


def test_tax_lines_are_written_as_sold_and_the_tax_as_it_is_left(exported, agent):
    taxes = [{"name": f"Tax {n}", "rate": None, "amount": "0.01"} for n in range(5)]
    order = imported(items=[item(quantity=3, taxes=taxes)])

    cancel(order, select(), by=agent)

    [line] = exported()["items"]
    assert [entry["amount"] for entry in line["taxes"]] == ["0.01"] * 5
    assert line["tax"] == "0.03"
