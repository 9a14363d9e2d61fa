"""What the pages are called that somebody opened about a customer's record."""

import re

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from orders.formats import Text

_PAGES: dict[str, Text] = {
    "order_record": gettext_lazy("Order"),
    "order_related": gettext_lazy("Order, what belongs to it"),
    "order_live": gettext_lazy("Order, as its refunds move"),
    "feed": gettext_lazy("Feed"),
    "account_record": gettext_lazy("Account"),
    "change_order_record": gettext_lazy("Change order"),
    "refund_record": gettext_lazy("Refund"),
    "release_record": gettext_lazy("Release"),
    "exception_record": gettext_lazy("Exception"),
    "approval_record": gettext_lazy("Approval"),
    "erase_guest": gettext_lazy("Erase customer"),
    "erase_account": gettext_lazy("Erase customer"),
    "refund_owed": gettext_lazy("Refund what is owed"),
    "nothing_more": gettext_lazy("Nothing more is coming"),
    "api_orders": gettext_lazy("Order, through the API"),
    "api_change_orders": gettext_lazy("Change order, through the API"),
    "api_refunds": gettext_lazy("Refund, through the API"),
    "api_process_exceptions": gettext_lazy("Exception, through the API"),
    "undo": pgettext_lazy("page", "Undo"),
    **dict.fromkeys(
        ("cancel_items", "cancel_items_step", "cancel_items_finish"), gettext_lazy("Cancel Item")
    ),
    **dict.fromkeys(
        ("cancel_all", "cancel_all_step", "cancel_all_finish"), gettext_lazy("Cancel All")
    ),
}
_IN_ADMIN = re.compile("(?P<app>[a-z]+)_(?P<model>[a-z]+)_(?:change|delete|history)$")


def called(page: str) -> str:
    """A page by the name of its address; the admin's by what is shown there."""
    if page in _PAGES:
        return str(_PAGES[page])
    shown = _IN_ADMIN.match(page)
    try:
        model = apps.get_model(shown["app"], shown["model"]) if shown else None
    except LookupError:
        model = None  # it was there when the entry was written
    return _("Admin: %(record)s") % {"record": model._meta.verbose_name} if model else page
