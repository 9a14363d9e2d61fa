"""What an account's page says: the account's orders, as the list of orders shows them."""

from console.lists.orders import NEWEST_FIRST, ORDER_COLUMNS, ORDERS, for_list
from console.lists.tables import Table, table_of
from orders.keyset import ListForm, Page, page_of
from orders.models import Account, OrderSummary

ACCOUNT_ORDER_COLUMNS = tuple(column for column in ORDER_COLUMNS if column.name != "account")


class AccountOrdersForm(ListForm):
    """The orders of one account: nothing narrows them further."""

    ordering = NEWEST_FIRST
    nouns = "order summary", "order summaries"


def read_account(account: Account, form: AccountOrdersForm) -> tuple[Page[OrderSummary], Table]:
    """A page of the account's orders, newest first, and the table that shows it."""
    orders = OrderSummary.objects.filter(account=account)
    page = page_of(form, for_list(orders), counted=orders)
    return page, table_of(ORDERS.caption, ACCOUNT_ORDER_COLUMNS, form.ordering, page.rows)
