"""What is read plainly for many orders at once is what Django's prefetching reads of them."""

import json

import pytest
from django.db.models import Prefetch

from cancellations.documents.export import dump_amendments, dump_change_order, dump_exceptions
from cancellations.history import with_items_and_refunds
from cancellations.models import ChangeOrder, ProcessException
from orders.documents.export import dump_order
from orders.models import OrderEvent
from orders.standing import as_it_stands, with_everything
from tests.proofs.acceptance import oracle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_an_export_is_byte_for_byte_what_prefetched_orders_say(run_command, jsonl):
    orders, waves = oracle.story(3, 30)
    newer = [{**order, "channel": "Amended"} for order in orders[::2]]
    run_command("import_orders", jsonl(*orders))
    for number, (wave, documents) in enumerate(zip(oracle.WAVES, waves, strict=True)):
        command = "cancel_orders" if wave == "cancels" else "record_fulfillment"
        run_command(command, jsonl(*documents, name=f"{number}.jsonl"))
    run_command("import_orders", jsonl(*newer, name="newer.jsonl"))
    said = [json.dumps(_document(order), ensure_ascii=False) + "\n" for order in _prefetched()]

    exported = run_command("export_orders").output

    assert exported == "".join(said)
    for told in ("change_orders", "process_exceptions", "amendments"):
        assert f'"{told}": [{{' in exported


def _prefetched():
    return (
        with_everything()
        .prefetch_related(
            Prefetch("change_orders", with_items_and_refunds(ChangeOrder.objects.all())),
            Prefetch("events", OrderEvent.objects.order_by("sequence")),
            Prefetch("process_exceptions", ProcessException.objects.open()),
        )
        .order_by("order_number")
    )


def _document(order):
    return dump_order(order, as_it_stands(order)) | {
        "process_exceptions": dump_exceptions(order),
        "amendments": dump_amendments(order),
        "change_orders": [
            dump_change_order(change_order, order.currency)
            for change_order in order.change_orders.all()
        ],
    }
