"""Drives the client that openapi-python-client makes of ``openapi.json``."""

import json
import os
import sys

from countermand_client import AuthenticatedClient
from countermand_client.api.cancellations import (
    cancellations_cancel,
    cancellations_preview,
    cancellations_undo,
)
from countermand_client.api.events import events_events
from countermand_client.api.orders import orders_order, orders_put_order
from countermand_client.api.refunds import refunds_paid_by_hand, refunds_refunds
from countermand_client.models import (
    CancelItemsDocument,
    ItemToCancel,
    OrderDocument,
    PaidByHand,
    PreviewAnswer,
)

NUMBER = "P/1"
PLACE = "P~2F1"


def body(**more):
    lines = [ItemToCancel(key="1", quantity=1, reason="Changed Mind")]
    return CancelItemsDocument(items=lines, **more)


def cancel(client):
    """Import, preview, cancel as previewed, the same again, undo, cancel anew."""
    document = OrderDocument.from_dict(json.loads(os.environ["ORDER"]))
    taken = orders_put_order.sync_detailed(PLACE, client=client, body=document)
    preview = cancellations_preview.sync(PLACE, client=client, body=body())
    assert isinstance(preview, PreviewAnswer)
    agreed = body(agreed=preview.agreed)

    def canceled(key):
        return cancellations_cancel.sync_detailed(
            PLACE, client=client, body=agreed, idempotency_key=key
        )

    made, again = canceled("python-1"), canceled("python-1")
    undone = cancellations_undo.sync_detailed(
        made.parsed.number, client=client, idempotency_key="python-2"
    )
    anew = canceled("python-3")
    answers = [taken, made, again, undone, anew]
    return {
        "statuses": [int(each.status_code) for each in answers],
        "replayed": again.headers["Idempotent-Replayed"],
        "numbers": [each.parsed.number for each in (made, again, undone, anew)],
        "undoes": undone.parsed.undoes,
        "refund_due": [preview.refund_due, made.parsed.refund_due],
    }


def look(client):
    """The refund, paid by hand; the order; and all that the feed tells."""
    [refund] = [
        each for each in refunds_refunds.sync(client=client).items if each.status == "manual"
    ]
    paid = refunds_paid_by_hand.sync(
        str(refund.id), client=client, body=PaidByHand(seen=refund.state, reference="TRN 1")
    )
    order = orders_order.sync(PLACE, client=client)
    told = events_events.sync(client=client, wait=10, types="refund.succeeded")
    feed = events_events.sync(client=client)
    return {
        "paid": str(paid.status),
        "canceled": order.items[0].quantity_canceled,
        "refunded": order.payments[0].refunded,
        "awaited": [str(each.type_) for each in told.items],
        "feed": [str(each.type_) for each in feed.items],
        "next_after": feed.next_after,
    }


if __name__ == "__main__":
    with AuthenticatedClient(os.environ["SITE"], token=os.environ["TOKEN"]) as client:
        print(json.dumps({"cancel": cancel, "look": look}[sys.argv[1]](client)))
