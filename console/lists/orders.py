"""The lists of order summaries and accounts: what they are searched and narrowed by."""

from django import forms
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from orders.arithmetic.statuses import OrderStatus
from orders.keyset import Key, ListForm, Ordering, Page, moment, number, page_of, whole
from orders.models import Account, OrderItemSummary, OrderSummary

NEWEST_FIRST = Ordering((Key("ordered_at", moment), Key("pk", whole)), descending=True)
BY_NUMBER = Ordering((Key("number", number),), descending=False)


def search_field(placeholder: str) -> forms.CharField:
    """The field in which people type what they look for."""
    return forms.CharField(
        label="Search",
        required=False,
        max_length=255,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": placeholder}),
    )


class OrderListForm(ListForm):
    ordering = NEWEST_FIRST
    nouns = "order", "orders"

    q = search_field("Order number, customer or e-mail")
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "All statuses"), *((status.value, status.label) for status in OrderStatus)],
    )


class AccountListForm(ListForm):
    ordering = BY_NUMBER
    nouns = "account", "accounts"

    q = search_field("Account number, name or e-mail")


class AccountOrdersForm(ListForm):
    """The orders of one account: nothing narrows them further."""

    ordering = NEWEST_FIRST
    nouns = "order summary", "order summaries"


def page_of_orders(form: OrderListForm) -> Page[OrderSummary]:
    """Orders whose number, customer or e-mail holds what is looked for, newest first."""
    orders = OrderSummary.objects.all()
    if q := form.answer("q"):
        orders = orders.filter(order_holds(q))
    if status := form.answer("status"):
        orders = orders.filter(status=status)
    return _page(form, orders)


def for_list(orders: QuerySet[OrderSummary]) -> QuerySet[OrderSummary]:
    """What a row of the list shows, with ``line_count``, newest first."""
    products = OrderItemSummary.objects.filter(
        order=OuterRef("pk"), type=OrderItemSummary.Type.PRODUCT
    )
    # Counted for the rows that are read, where a join would group the whole table.
    counted = products.order_by().values("order").annotate(count=Count("pk")).values("count")
    return (
        orders.select_related("account")
        .annotate(line_count=Coalesce(Subquery(counted), 0))
        .order_by("-ordered_at", "-pk")
    )


def order_holds(q: str) -> Q:
    """Orders whose number, customer or e-mail holds ``q``; no OR goes across the join."""
    accounts = Account.objects.filter(
        Q(name__icontains=q) | Q(email__icontains=q) | Q(number__iexact=q)
    )
    return Q(order_number__icontains=q) | Q(account__in=accounts.values("pk"))


def page_of_accounts(form: AccountListForm) -> Page[Account]:
    """Accounts whose number, name or e-mail holds what is looked for, with ``order_count``."""
    accounts = Account.objects.all()
    if q := form.answer("q"):
        accounts = accounts.filter(
            Q(number__icontains=q) | Q(name__icontains=q) | Q(email__icontains=q)
        )
    return page_of(form, _with_order_count(accounts), counted=accounts)


def page_of_account_orders(form: AccountOrdersForm, account: Account) -> Page[OrderSummary]:
    """The orders of an account, newest first."""
    return _page(form, OrderSummary.objects.filter(account=account))


def _page(form: ListForm, orders: QuerySet[OrderSummary]) -> Page[OrderSummary]:
    return page_of(form, for_list(orders), counted=orders)


def _with_order_count(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """Counted for the rows of a page, not for every account as a join would."""
    count = (
        OrderSummary.objects.filter(account=OuterRef("pk"))
        .order_by()
        .values("account")
        .annotate(count=Count("pk"))
    )
    return accounts.annotate(order_count=Coalesce(Subquery(count.values("count")), 0))
