from datetime import UTC, datetime
from threading import Thread

import pytest
from django.db import connection, transaction

from cancellations.acts.take_order import ImportOutcome, import_orders
from cancellations.management.commands import import_orders as command
from cancellations.models import ChangeOrder
from orders.documents.order import read_order
from orders.models import Account, DeliveryGroup, OrderItemSummary, OrderSummary, Product
from tests.support.builders import (
    delivery_charge,
    item,
    minor,
    order_document,
    payment,
    shirts,
    system_user,
    tax,
)
from tests.support.specimens import COMPLETE, changed, complete
from tests.support.statements import counted_statements
from tests.support.threads import wait_until_blocked

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def refuse_in_database():
    """Makes the database itself refuse one order number, as long as the test lasts."""

    def refuse(number):
        table = OrderSummary._meta.db_table
        if connection.vendor == "postgresql":
            rule = f"ALTER TABLE {table} ADD CONSTRAINT unlucky CHECK (order_number <> '{number}')"
        else:
            rule = (
                f"CREATE TRIGGER unlucky BEFORE INSERT ON {table} "
                f"WHEN NEW.order_number = '{number}' BEGIN SELECT RAISE(ABORT, 'unlucky'); END"
            )
        with connection.cursor() as cursor:
            cursor.execute(rule)

    return refuse


def test_orders_are_imported_and_counted(jsonl, run_command):
    finished = run_command("import_orders", jsonl(order_document(), order_document()))

    assert (finished.status, finished.errors) == (0, "")
    assert finished.output == "2 imported, 0 skipped, 0 refused\n"
    assert OrderSummary.objects.count() == 2


def test_several_files_and_archives_are_read_in_turn(jsonl, run_command):
    first = jsonl(order_document(), name="first.jsonl")
    second = jsonl(order_document(), name="second.jsonl.gz")

    finished = run_command("import_orders", first, second)

    assert finished.output == "2 imported, 0 skipped, 0 refused\n"


def test_an_order_comes_with_totals_statuses_and_all_its_rows(jsonl, run_command):
    run_command("import_orders", jsonl(COMPLETE))

    order = OrderSummary.objects.get()
    bundle, child, single, charge = order.lines.all()
    assert order.ordered_at == datetime(2025, 10, 3, 9, 15, tzinfo=UTC)
    assert order.totals.grand_total == minor("250.04")
    assert order.status == "partially_fulfilled"
    assert [line.status for line in (bundle, child, single)] == [
        "return_initiated",
        "ordered",
        "ordered",
    ]
    assert (child.bundle, single.bundle) == (bundle, None)
    assert [line.delivery_group and line.delivery_group.key for line in order.lines.all()] == [
        "G1",
        None,
        "G2",
        "G1",
    ]
    assert [entry.amount_minor for entry in bundle.adjustments.all()] == [minor("-5.00")]
    assert [(entry.rate, entry.amount_minor) for entry in charge.taxes.all()] == [("", 40)]
    assert [entry.refunded_elsewhere_minor for entry in order.payments.all()] == [5000, 0]
    assert not ChangeOrder.objects.exists()


def test_refusals_name_line_order_and_field_and_the_rest_is_imported(jsonl, run_command):
    wrong = changed(order_document(order_number="X-2"), {"items[0].unit_price": "1e3"})
    twice = changed(
        order_document(order_number="X-4"), {"items[0].quantity": 0, "account.name": ""}
    )
    lines = order_document(), wrong, b"", twice, b"{", {"currency": "XAU"}, order_document()

    finished = run_command("import_orders", jsonl(*lines))

    assert finished.status == 1
    assert finished.output == "2 imported, 0 skipped, 4 refused\n"
    assert finished.errors.splitlines() == [
        "line 2, order X-2, items[0].unit_price: must be an amount such as 12.50, as text",
        "line 4, order X-4, account.name: must not be empty",
        "line 4, order X-4, items[0].quantity: must be at least 1",
        "line 5: is not JSON: Expecting property name enclosed in double quotes at character 3",
        "line 6, currency: must be a currency of ISO 4217, such as USD",
    ]


def test_a_refused_order_leaves_nothing_behind(jsonl, run_command):
    document = changed(order_document(), {"items[0].taxes": [tax("-0.01")]})

    run_command("import_orders", jsonl(document))

    for model in (OrderSummary, OrderItemSummary, DeliveryGroup, Account, Product):
        assert not model.objects.exists()


def test_the_same_content_again_is_skipped(jsonl, run_command):
    document = order_document()
    written_otherwise = {**dict(reversed(document.items())), "channel": ""}
    run_command("import_orders", jsonl(document))

    finished = run_command("import_orders", jsonl(document, written_otherwise))

    assert (finished.status, finished.errors) == (0, "")
    assert finished.output == "0 imported, 2 skipped, 0 refused\n"
    assert OrderItemSummary.objects.count() == 1


def test_the_same_order_twice_in_one_file_is_imported_once(jsonl, run_command):
    document = order_document()

    finished = run_command("import_orders", jsonl(document, document))

    assert finished.output == "1 imported, 1 skipped, 0 refused\n"


@pytest.mark.parametrize("in_one_file", [True, False])
def test_other_content_under_a_known_number_amends_the_order(jsonl, run_command, in_one_file):
    first, second = (order_document(order_number="X-1", channel=name) for name in ("Web", "Shop"))
    if not in_one_file:
        run_command("import_orders", jsonl(first))

    finished = run_command("import_orders", jsonl(first, second))

    assert (finished.status, finished.errors) == (0, "")
    assert "1 amended" in finished.output
    assert OrderSummary.objects.get().channel == "Shop"


@pytest.mark.parametrize("in_one_file", [True, False])
def test_an_order_that_was_sold_otherwise_is_refused_with_both_values(
    jsonl, run_command, in_one_file
):
    first = order_document(order_number="X-1")
    second = changed(first, {"items[0].unit_price": "11.00", "currency": "EUR"})
    if not in_one_file:
        run_command("import_orders", jsonl(first))

    finished = run_command("import_orders", jsonl(first, second))

    assert finished.status == 1
    assert finished.errors.splitlines() == [
        "line 2, order X-1, currency: is 'EUR', but the order has 'USD'",
        "line 2, order X-1, items[0].unit_price: is 11.00, but the order has 10.00",
    ]
    assert OrderSummary.objects.get().grand_total_minor == minor("20.00")


def test_a_dry_run_judges_and_stores_nothing(jsonl, run_command):
    known = order_document()
    run_command("import_orders", jsonl(known))
    sold_otherwise = {**known, "tax_locale": "gross"}
    path = jsonl(order_document(), known, {**known, "channel": "Shop"}, sold_otherwise, {})

    finished = run_command("import_orders", path, "--dry-run")

    assert finished.status == 1
    assert finished.output == "1 would be imported, 1 would be amended, 1 skipped, 2 refused\n"
    assert OrderSummary.objects.count() == 1


def test_a_file_that_cannot_be_read_ends_with_2_and_the_others_are_imported(jsonl, run_command):
    missing = jsonl().with_name("missing.jsonl")

    finished = run_command("import_orders", missing, jsonl(order_document(), {}))

    assert finished.status == 2
    assert finished.errors.splitlines()[0] == f"{missing}: No such file or directory"
    assert finished.output == "1 imported, 0 skipped, 1 refused\n"


@pytest.mark.slow
def test_what_stands_before_the_damage_of_a_file_is_imported(jsonl, run_command):
    path = jsonl(*(order_document() for _ in range(300)), name="file.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-9])

    finished = run_command("import_orders", path)

    assert finished.status == 2
    assert finished.errors.startswith(f"{path}: ")
    assert finished.output == f"{OrderSummary.objects.count()} imported, 0 skipped, 0 refused\n"
    assert OrderSummary.objects.exists()


def test_what_the_database_refuses_is_that_orders_own_trouble(
    jsonl, run_command, refuse_in_database
):
    refuse_in_database("X-2")
    numbers = ("X-1", "X-2", "X-3")

    finished = run_command(
        "import_orders", jsonl(*(order_document(order_number=number) for number in numbers))
    )

    assert finished.status == 1
    assert finished.output == "2 imported, 0 skipped, 1 refused\n"
    assert finished.errors.splitlines() == [
        "line 2, order X-2: the database refused this order; nothing of it was stored"
    ]
    stored = OrderSummary.objects.values_list("order_number", flat=True)
    assert sorted(stored) == ["X-1", "X-3"]


def test_a_dry_run_locks_and_stores_nothing():
    documents = [read_order(order_document()) for _ in range(2)]

    by = system_user()

    with counted_statements(1) as statements:
        results = import_orders(documents, by=by, dry_run=True)

    assert "FOR UPDATE" not in statements[0]
    assert [result.outcome for result in results] == [ImportOutcome.IMPORTED] * 2
    assert not OrderSummary.objects.exists()


def test_batches_end_at_their_limits(jsonl, run_command, monkeypatch):
    monkeypatch.setattr(command, "BATCH_ORDERS", 2)
    monkeypatch.setattr(command, "BATCH_LINES", 3)
    wide = [item(f"{n}") for n in range(4)]
    documents = [order_document(), order_document(items=wide), order_document(), order_document()]

    finished = run_command("import_orders", jsonl(*documents, order_document()))

    assert finished.output == "5 imported, 0 skipped, 0 refused\n"


@pytest.mark.postgresql
@pytest.mark.parametrize("size", [1, 40])
@pytest.mark.budget
def test_a_batch_takes_the_same_statements_whatever_its_size(size):
    charge = delivery_charge(taxes=[tax("0.40")])
    documents = [
        read_order(order_document(items=[*COMPLETE["items"][:2], *_items(n), charge]))
        for n in range(1, size + 1)
    ]

    by = system_user()

    with counted_statements(13):
        import_orders(documents, by=by)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("others", [[], ["X-2"]], ids=["alone", "in a batch"])
def test_an_order_that_another_import_stores_meanwhile_is_skipped(others):
    documents = [read_order(order_document(order_number=number)) for number in ("X-1", *others)]
    results = []

    def import_all():
        try:
            results.extend(import_orders(documents, by=system_user()))
        finally:
            connection.close()

    second = Thread(target=import_all)
    with transaction.atomic():
        import_orders(documents[:1], by=system_user())
        second.start()
        wait_until_blocked()
    second.join()

    assert [result.outcome for result in results] == [
        ImportOutcome.SKIPPED,
        *[ImportOutcome.IMPORTED] * len(others),
    ]
    assert OrderSummary.objects.count() == len(documents)


def test_gross_and_yen_orders_are_read_in_their_own_terms(jsonl, run_command):
    gross = shirts(tax_locale="gross")
    yen = order_document(
        currency="JPY", items=[item(unit_price="1500")], payments=[payment("3000")]
    )

    run_command("import_orders", jsonl(gross, yen, complete({"currency": "KWD"})))

    totals = dict(OrderSummary.objects.values_list("currency_code", "grand_total_minor"))
    assert totals == {"USD": minor("205.99"), "JPY": 3000, "KWD": minor("250.04", "KWD")}


def _items(number):
    return [item(f"{key}", sku=f"S-{number}-{key}") for key in range(10, 12)]
