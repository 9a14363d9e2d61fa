import pytest
from django.db import connection

from orders.models import OrderItemSummary, OrderSummary
from tests.support.builders import order_document
from tests.support.specimens import changed

pytestmark = pytest.mark.slow


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_several_jobs_say_and_store_what_one_does(jsonl, run_command, monkeypatch):
    monkeypatch.setattr("cancellations.management.commands.import_orders.BATCH_ORDERS", 5)
    known = [order_document(order_number=f"X-{n}", channel="Web") for n in range(30)]
    wrong = [changed(document, {"items[0].unit_price": "1e3"}) for document in known[:3]]
    newer = [{**document, "channel": "Shop"} for document in known]
    path = jsonl(*known[:8], wrong[0], b"{", *known[8:], wrong[1], *newer, {}, wrong[2])

    finished = run_command("import_orders", path, "--jobs", "2")

    assert finished.status == 1
    assert finished.output == "30 imported, 30 amended, 0 skipped, 5 refused\n"
    lines = [error.partition(",")[0].partition(":")[0] for error in finished.errors.splitlines()]
    assert list(dict.fromkeys(lines)) == ["line 9", "line 10", "line 33", "line 64", "line 65"]
    assert set(OrderSummary.objects.values_list("channel", flat=True)) == {"Shop"}
    assert OrderItemSummary.objects.count() == 30
    assert run_command("import_orders", path, "--jobs", "3").output == (
        "0 imported, 60 amended, 0 skipped, 5 refused\n"
    )


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_what_jobs_read_of_a_damaged_file_is_stored(jsonl, run_command):
    path = jsonl(*(order_document() for _ in range(300)), name="file.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-9])

    finished = run_command("import_orders", path, "--jobs", "2")

    assert finished.status == 2
    assert finished.errors.startswith(f"{path}: ")
    assert finished.output == f"{OrderSummary.objects.count()} imported, 0 skipped, 0 refused\n"
    assert OrderSummary.objects.exists()


@pytest.mark.both_databases
@pytest.mark.django_db
def test_no_job_is_refused(jsonl, run_command):
    finished = run_command("import_orders", jsonl(order_document()), "--jobs", "0")

    assert (finished.status, finished.errors) == (2, "--jobs must be at least 1.\n")
    assert not OrderSummary.objects.exists()


@pytest.mark.both_databases
@pytest.mark.django_db
@pytest.mark.parametrize("command", ["import_orders", "export_orders", "verify_orders"])
def test_sqlite_has_one_job(run_command, command, jsonl, monkeypatch):
    monkeypatch.setattr(connection, "vendor", "sqlite")
    files = [jsonl(order_document())] if command == "import_orders" else []

    finished = run_command(command, *files, "--jobs", "2")

    assert (finished.status, finished.output) == (2, "")
    assert finished.errors == "--jobs needs PostgreSQL: on SQLite there is one job.\n"
    assert not OrderSummary.objects.exists()
