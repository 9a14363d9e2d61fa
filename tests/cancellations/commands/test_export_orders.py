import json
from datetime import datetime

import pytest

from cancellations import history
from cancellations.models import ChangeOrder
from tests.support.builders import cancel, imported, item, order_document, payment, select, shirts
from tests.support.statements import counted_statements

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def exported(run_command):
    """The exported orders by number."""

    def exported(*options):
        finished = run_command("export_orders", *options)
        assert (finished.status, finished.errors) == (0, "")
        return {order["order_number"]: order for order in finished.lines}

    return exported


def test_an_order_is_written_as_it_stands(exported, agent):
    order = imported(shirts(order_number="00001401", channel="Web"))
    chosen = select(reason="Other", note="Zu spät", refund_delivery=True)
    change_order = cancel(order, chosen, by=agent)

    written = exported()["00001401"]

    [change] = written.pop("change_orders")
    created_at = datetime.fromisoformat(change.pop("created_at"))
    assert written == {
        "order_number": "00001401",
        "ordered_at": "2026-01-05T12:00:00Z",
        "currency": "USD",
        "channel": "Web",
        "life_cycle": "managed",
        "tax_locale": "net",
        "status": "Created",
        "totals": {
            "product": "99.00",
            "order_adjustments": "0.00",
            "delivery": "3.99",
            "fees": "0.00",
            "tax": "5.15",
            "grand_total": "108.14",
        },
        "expected_elsewhere": "0.00",
        "given_elsewhere": "0.00",
        "process_exceptions": [],
        "amendments": [],
        "account": {"number": "A-1001", "name": "Lauren Boyle", "email": ""},
        "delivery_groups": [
            {
                "key": "G1",
                "method": "Standard Ground",
                "deliver_to": "Lauren Boyle",
                "address": "1 Market St, Springfield",
            }
        ],
        "items": [
            {
                "key": "1",
                "type": "product",
                "sku": "SKU-1",
                "name": "Dress Shirt",
                "quantity": 2,
                "unit_price": "99.00",
                "line_amount": "198.00",
                "delivery_group": "G1",
                "bundle": None,
                "adjustments": [],
                "taxes": [{"name": "Sales tax", "rate": "0.05", "amount": "9.90"}],
                "status": "Ordered",
                "quantity_ordered": 2,
                "quantity_canceled": 1,
                "quantity_current": 1,
                "quantity_available_to_cancel": 1,
                "quantity_allocated": 0,
                "quantity_fulfilled": 0,
                "quantity_return_initiated": 0,
                "quantity_returned": 0,
                "amount": "99.00",
                "tax": "4.95",
            },
            {
                "key": "1001",
                "type": "delivery_charge",
                "sku": "",
                "name": "Standard Ground",
                "quantity": 1,
                "unit_price": "7.99",
                "line_amount": "7.99",
                "delivery_group": "G1",
                "bundle": None,
                "adjustments": [],
                "taxes": [{"name": "Sales tax", "rate": "0.05", "amount": "0.40"}],
                "status": "Ordered",
                "quantity_ordered": 1,
                "quantity_canceled": 0,
                "quantity_current": 1,
                "quantity_available_to_cancel": 0,
                "quantity_allocated": 0,
                "quantity_fulfilled": 0,
                "quantity_return_initiated": 0,
                "quantity_returned": 0,
                "amount": "3.99",
                "tax": "0.20",
            },
        ],
        "payments": [
            {
                "key": "P1",
                "method": "Visa ending 1111",
                "gateway": "sandbox",
                "gateway_reference": "ch_P1",
                "authorized": "216.29",
                "captured": "216.29",
                "refunded": "0.00",
                "refunded_elsewhere": "0.00",
                "charged_back": "0.00",
                "pending_refund": "108.15",
                "refundable": "108.14",
                "authorization_open": "0.00",
                "full_refund_only": False,
            }
        ],
    }
    assert change == {
        "number": change_order.number,
        "kind": "cancellation",
        "undoes": None,
        "created_by": agent.username,
        "totals": {
            "product": "-99.00",
            "order_adjustments": "0.00",
            "delivery": "-4.00",
            "fees": "0.00",
            "tax": "-5.15",
            "grand_total": "-108.15",
        },
        "refund_due": "108.15",
        "unassigned": "0.00",
        "items": [
            {
                "key": "1",
                "type": "cancel",
                "quantity": 1,
                "reason": "Other",
                "note": "Zu spät",
                "refund_delivery": True,
                "amount": "-99.00",
                "tax": "-4.95",
            },
            {
                "key": "1001",
                "type": "delivery_charge_adjustment",
                "quantity": 0,
                "reason": "",
                "note": "",
                "refund_delivery": False,
                "amount": "-4.00",
                "tax": "-0.20",
            },
        ],
        "refunds": [{"payment": "P1", "amount": "108.15", "status": "pending"}],
        "releases": [],
    }
    assert created_at == change_order.created_at


def test_change_orders_are_written_in_the_sequence_they_were_made(exported, agent):
    order = imported(order_number="X-1", items=[item(quantity=3)])
    made = [cancel(order, select(), by=agent).number for _ in range(3)]

    assert [change["number"] for change in exported()["X-1"]["change_orders"]] == made


@pytest.mark.usefixtures("without_triggers")
def test_refunded_is_what_went_back_here_and_elsewhere(exported):
    order = imported(
        order_number="X-1", payments=[payment("20.00", refunded="3.00", full_refund_only=True)]
    )
    order.payments.update(refunded_here_minor=150, reserved_minor=50)

    [written] = exported()["X-1"]["payments"]

    assert (written["refunded"], written["pending_refund"]) == ("4.50", "0.50")
    assert (written["refundable"], written["full_refund_only"]) == ("15.00", True)


def test_what_no_payment_could_take_is_written_as_unassigned(exported, agent):
    order = imported(order_number="X-1", payments=[payment("20.00", full_refund_only=True)])
    cancel(order, select(), by=agent)

    [change] = exported()["X-1"]["change_orders"]

    assert (change["refund_due"], change["unassigned"]) == ("10.00", "10.00")
    assert change["refunds"] == []


@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 200])
def test_orders_are_written_by_number_whatever_the_chunk(exported, monkeypatch, chunk):
    monkeypatch.setattr(history, "CHUNK", chunk)
    numbers = ["b", "B", "10", "9", "_1", "-1", "a.1"]
    for number in numbers:
        imported(order_number=number)

    assert list(exported()) == sorted(numbers)


def test_no_more_than_a_chunk_is_read_at_a_time(exported, monkeypatch):
    monkeypatch.setattr(history, "CHUNK", 2)
    for number in ("X-1", "X-2", "X-3"):
        imported(order_number=number)

    with counted_statements() as statements:
        exported()

    reads = [sql for sql in statements if 'FROM "orders_ordersummary"' in sql]
    assert ["LIMIT 2" in sql for sql in reads] == [True, False, True, False, True]


def test_no_more_than_so_many_lines_are_read_at_a_time(exported, monkeypatch):
    monkeypatch.setattr(history, "MOST_LINES", 3)
    for number in range(5):
        imported(order_number=f"X-{number}", items=[item("1"), item("2")])

    with counted_statements() as statements:
        written = exported()

    reads = [sql for sql in statements if 'FROM "orders_taxline"' in sql]
    assert len(reads) == 3
    assert {key: len(order["items"]) for key, order in written.items()} == {
        f"X-{number}": 2 for number in range(5)
    }


def test_named_orders_alone_are_written(exported, monkeypatch):
    monkeypatch.setattr(history, "CHUNK", 1)
    for number in ("X-1", "X-2", "X-3"):
        imported(order_number=number)

    written = exported("--order-number", "X-3", "--order-number", "X-1")

    assert list(written) == ["X-1", "X-3"]


def test_an_unknown_order_is_told(run_command):
    imported(order_number="X-1")

    finished = run_command(
        "export_orders", "--order-number=X-1", "--order-number=Y", "--order-number=W"
    )

    assert (finished.status, finished.output) == (1, "")
    assert finished.errors == "There is no order summary W, Y.\n"


def test_the_export_goes_to_a_file_when_asked(run_command, tmp_path):
    imported(order_number="X-1", account={"number": "A-1", "name": "Zoë"})
    output = tmp_path / "export.jsonl"

    finished = run_command("export_orders", "--output", output)

    [line] = output.read_text(encoding="utf-8").splitlines()
    assert (finished.status, finished.output) == (0, "")
    assert json.loads(line)["account"]["name"] == "Zoë"


def test_a_file_that_cannot_be_written_ends_with_2(run_command, tmp_path):
    finished = run_command("export_orders", "--output", tmp_path)

    assert (finished.status, finished.errors) == (2, f"{tmp_path}: Is a directory\n")


def test_nothing_is_written_of_nothing(run_command):
    assert run_command("export_orders").output == ""


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_several_jobs_write_what_one_does(run_command, monkeypatch):
    monkeypatch.setattr(history, "CHUNK", 2)
    for number in range(7):
        imported(order_number=f"X-{number}")

    alone, shared = (run_command("export_orders", "--jobs", jobs) for jobs in ("1", "3"))

    assert shared.output == alone.output
    assert [order["order_number"] for order in shared.lines] == [f"X-{n}" for n in range(7)]


@pytest.mark.budget
def test_an_export_reads_a_chunk_in_the_same_statements_whatever_its_size(run_command, agent):
    def export():
        with counted_statements() as counted:
            run_command("export_orders")
        return len(counted)

    cancel(imported(), select(), by=agent)
    few = export()
    for _ in range(10):
        order = imported(order_document(items=[item(f"{n}") for n in range(5)]))
        cancel(order, select("1"), by=agent)
        cancel(order, select("2"), by=agent)

    assert ChangeOrder.objects.count() == 21
    assert (few, export()) == (16, 16)
