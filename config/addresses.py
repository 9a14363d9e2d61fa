"""Where the pages of records stand, for code that knows records but no pages."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.urls import get_script_prefix, reverse
from django.urls.converters import get_converters


def _page(name: str, written_by: str = "id", key: str = "pk") -> Callable[[Any], str]:
    """What ``reverse`` gives of a page whose address ends with the key of a record that is stored.

    A list asks for hundreds, of which all but the key is the same.

    Args:
        written_by: The name of the converter of the key, which needs no quoting.
    """

    def address(record: Any) -> str:
        value = getattr(record, key)
        folder = _folder(name, value.__class__, get_script_prefix())  # converters come with pages
        return f"{folder}{get_converters()[written_by].to_url(value)}/"

    return address


@cache
def _folder(name: str, key: type[int] | type[str], _script_prefix: str) -> str:
    """What stands before the keys: the same wherever this process runs under the same prefix."""
    some_record = reverse(f"console:{name}", args=[key(1)])
    return some_record.removesuffix("/").rpartition("/")[0] + "/"


ABSOLUTE_URL_OVERRIDES = {
    "orders.account": _page("account_record", "account_number", "number"),
    "orders.ordersummary": _page("order_record", "order_number", "order_number"),
    "cancellations.approval": _page("approval_record"),
    "cancellations.changeorder": _page("change_order_record", "change_order_number"),
    "cancellations.processexception": _page("exception_record"),
    "cancellations.refund": _page("refund_record"),
    "cancellations.release": _page("release_record"),
}
