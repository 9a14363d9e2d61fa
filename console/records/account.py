"""What an account's page says: the account's orders, as the list of orders shows them."""

from django.utils.translation import ngettext_lazy

from console.lists.orders import NEWEST_FIRST, ORDER_COLUMNS, ORDERS, for_list
from console.lists.tables import Table, table_of
from orders.keyset import COUNT_AT_MOST, Page, page_of
from orders.list_form import ListForm
from orders.models import Account, OrderSummary

ACCOUNT_ORDER_COLUMNS = tuple(column for column in ORDER_COLUMNS if column.name != "account")


class AccountOrdersForm(ListForm):
    """The orders of one account: nothing narrows them further."""

    ordering = NEWEST_FIRST
    count_words = ngettext_lazy("%(count)d order summary", "%(count)d order summaries", "count")
    many_words = ngettext_lazy(
        "more than %(most)s order summary", "more than %(most)s order summaries", COUNT_AT_MOST
    )


def read_account(account: Account, form: AccountOrdersForm) -> tuple[Page[OrderSummary], Table]:
    """A page of the account's orders, newest first, and the table that shows it."""
    orders = OrderSummary.objects.filter(account=account)
    page = page_of(form, for_list(orders), counted=orders)
    return page, table_of(ORDERS.caption, ACCOUNT_ORDER_COLUMNS, form.ordering, page.rows)
