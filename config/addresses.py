"""Where the pages of records stand, for code that knows records but no pages."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse


def _page(name: str, key: str = "pk") -> Callable[[Any], str]:
    return lambda record: reverse(f"console:{name}", args=[getattr(record, key)])


ABSOLUTE_URL_OVERRIDES = {
    "orders.account": _page("account_record", "number"),
    "orders.ordersummary": _page("order_record", "order_number"),
    "cancellations.approval": _page("approval_record"),
    "cancellations.changeorder": _page("change_order_record"),
    "cancellations.processexception": _page("exception_record"),
    "cancellations.refund": _page("refund_record"),
    "cancellations.release": _page("release_record"),
}
