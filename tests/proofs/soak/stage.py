"""Orders that were canceled, so that so many refunds and releases wait."""

import json
from io import StringIO
from pathlib import Path

from django.contrib.auth.models import User
from django.core.management import call_command

from cancellations.models import ChangeOrder
from cancellations.seeds import SYSTEM_USER
from tests.support.builders import cancel, imported, item, order_document, payment, select_all


def canceled(refunds: int, releases: int, folder: Path) -> None:
    """Import and cancel an order for each refund; some have an authorization to release too."""
    orders = [document(f"SOAK-{number}", number < releases) for number in range(refunds)]
    asked = [
        {
            "idempotency_key": "soak",
            "order_number": order["order_number"],
            "reason": "Changed Mind",
            "items": "all",
        }
        for order in orders
    ]
    for command, documents in (("import_orders", orders), ("cancel_orders", asked)):
        path = folder / f"{command}.jsonl"
        path.write_text("".join(f"{json.dumps(each)}\n" for each in documents))
        call_command(command, path, stdout=StringIO(), stderr=StringIO())


def document(number: str, has_open_authorization: bool) -> dict:
    """An order of 20.00, all of it captured, or half of it and the rest authorized."""
    reference = f"{number}/chaos"
    paid = [payment("20.00", "P1", gateway_reference=f"P1 {reference}")]
    if has_open_authorization:
        paid = [
            payment("10.00", "P1", gateway_reference=f"P1 {reference}"),
            payment("10.00", "P2", captured="0.00", gateway_reference=f"P2 {reference}"),
        ]
    return order_document(order_number=number, items=[item()], payments=paid)


def canceled_order(number: str) -> ChangeOrder:
    """One order more, canceled now; gives its change order."""
    order = imported(document(number, has_open_authorization=True))
    by = User.objects.get(username=SYSTEM_USER)
    return cancel(order, select_all(), by=by)
