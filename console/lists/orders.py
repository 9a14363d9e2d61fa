"""Order Summaries: the columns, and what the list is searched and narrowed by."""

from operator import attrgetter

from django import forms
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from console.lists.columns import Align, Column, Guest, Moment, Money, Narrow, Status, link_to
from console.lists.listing import Empty, Listing, search_field
from orders.arithmetic.statuses import OrderStatus
from orders.keyset import COUNT_AT_MOST, Key, ListForm, Ordering, Page, moment, page_of, whole
from orders.models import OrderItemSummary, OrderSummary
from orders.search import order_holds

NEWEST_FIRST = Ordering((Key("ordered_at", moment), Key("pk", whole)), descending=True)

ORDER_COLUMNS: tuple[Column[OrderSummary], ...] = (
    Column("number", _("Order number"), link_to),
    Column(
        "account",
        _("Account"),
        lambda order: (
            link_to(order.account, order.customer_name)
            if order.account
            else Guest(order.customer_name)
        ),
    ),
    Column(
        "ordered",
        pgettext_lazy("when", "Ordered"),
        lambda order: Moment(order.ordered_at),
        sort="ordered_at",
    ),
    Column(
        "status",
        _("Status"),
        lambda order: Status(order.status, order.get_status_display()),
        narrow=Narrow.END,
    ),
    Column(
        "items",
        _("Items"),
        attrgetter("line_count"),
        align=Align.END,
        narrow=Narrow.END,
        narrow_label=_("Items"),
    ),
    Column(
        "total",
        _("Total"),
        lambda order: Money(order.grand_total_minor, order.currency),
        align=Align.END,
        narrow=Narrow.CORNER,
    ),
)
"""Of orders fetched ``for_list()``."""


class OrderListForm(ListForm):
    ordering = NEWEST_FIRST
    count_words = ngettext_lazy("%(count)d order", "%(count)d orders", "count")
    many_words = ngettext_lazy(
        "more than %(most)s order", "more than %(most)s orders", COUNT_AT_MOST
    )

    q = search_field(_("Order number, customer or e-mail"))
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", _("All statuses")),
            *((status.value, _(status.label)) for status in OrderStatus),
        ],
    )


def page_of_orders(form: ListForm) -> Page[OrderSummary]:
    """Orders whose number, customer or e-mail holds what is looked for, newest first."""
    orders = OrderSummary.objects.all()
    if q := form.answer("q"):
        orders = orders.filter(order_holds(q))
    if status := form.answer("status"):
        orders = orders.filter(status=status)
    return page_of(form, for_list(orders), counted=orders)


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


ORDERS = Listing(
    heading=_("Order Summaries"),
    icon="package",
    kicker=_("Orders"),
    caption=_("Order summaries, newest first"),
    columns=ORDER_COLUMNS,
    form=OrderListForm,
    page_of=page_of_orders,
    no_match=Empty(
        _("No order matches"),
        _("Try the whole order number, another spelling, or {link}."),
        link=_("see all orders"),
        leads_to="console:order_list",
    ),
    nothing_yet=Empty(_("No orders yet"), _("Orders appear here after they were imported.")),
)
