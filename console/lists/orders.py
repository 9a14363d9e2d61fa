"""Order Summaries: the columns, how they are sorted, and how they are found."""

from operator import attrgetter

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from console.lists.columns import (
    Align,
    Column,
    Guest,
    Moment,
    Money,
    Narrow,
    Status,
    label_of,
    link_to,
)
from console.lists.filters import NarrowedForm, TickField
from console.lists.listing import Empty, Listing, ReadyMade
from console.lists.order_filters import OrderFilters, places_of_orders
from console.models import RecentlyViewed, ViewedList
from orders.keyset import COUNT_AT_MOST, Page, page_of
from orders.list_form import ListForm
from orders.models import OrderItemSummary, OrderSummary
from orders.places import Key, Ordering, both_ways, integer, moment, number, whole
from orders.search import order_numbered

_BY_MOMENT = (Key("ordered_at", moment), Key("pk", whole))
NEWEST_FIRST = Ordering(_BY_MOMENT, descending=True)
RECENT_FIRST = Ordering(
    (Key("viewed_at", moment), Key("pk", whole)), descending=True, name="-viewed"
)
_TOTALS = (Key("currency_code", str), Key("grand_total_minor", integer), Key("pk", whole))

ORDER_COLUMNS: tuple[Column[OrderSummary], ...] = (
    Column("number", _("Order number"), link_to, sort="order_number"),
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
        lambda order: Status(order.status, label_of(order, "status")),
        sort="status",
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
        sort="currency_code",
        align=Align.END,
        holds_money=True,
        narrow=Narrow.CORNER,
    ),
)
"""Of orders fetched ``for_list()``."""

MORE_ORDER_COLUMNS: tuple[Column[OrderSummary], ...] = (
    Column("email", _("E-mail"), attrgetter("customer_email"), narrow=Narrow.WHOLE),
    Column("channel", _("Channel"), attrgetter("channel"), narrow=Narrow.END),
    Column("currency", _("Currency"), attrgetter("currency_code"), narrow=Narrow.END),
    Column(
        "life_cycle",
        _("Life cycle"),
        lambda order: label_of(order, "life_cycle"),
        narrow=Narrow.END,
    ),
    Column(
        "imported",
        pgettext_lazy("when", "Imported"),
        lambda order: Moment(order.imported_at),
        narrow=Narrow.END,
    ),
)
"""What can be shown beside them."""


class OrderListForm(NarrowedForm):
    filters = OrderFilters
    ordering = NEWEST_FIRST
    usual = "-ordered"
    sorts = both_ways(
        ordered=_BY_MOMENT,
        number=(Key("order_number", number),),
        status=(Key("status", str), *_BY_MOMENT),
        total=_TOTALS,
    )
    count_words = ngettext_lazy("%(count)d order", "%(count)d orders", "count")
    many_words = ngettext_lazy(
        "more than %(most)s order", "more than %(most)s orders", COUNT_AT_MOST
    )
    can_show = frozenset(column.name for column in (*ORDER_COLUMNS[1:], *MORE_ORDER_COLUMNS))
    hint = _(
        "Days are days where you are. Totals are compared in each order’s own currency:"
        " choose one to compare like with like."
    )
    about_words = _("about %(about)s orders")

    recent = TickField(label=_("Recently viewed by me"), required=False)

    @property
    def sorted_by(self) -> Ordering:
        """Whoever asks for what they viewed gets that first which they viewed last."""
        if self.answer("recent") and not self.data.get("sort"):
            return RECENT_FIRST
        return super().sorted_by

    @property
    def must_be_fresh(self) -> bool:
        return bool(self.answer("recent"))


def page_of_orders(form: ListForm) -> Page[OrderSummary]:
    """The orders that a form asks for, newest first unless it says otherwise."""
    places = places_of_orders(form.answer("q"))
    orders = orders_asked_for(form, but="q" if places else "")
    return page_of(form, for_list(orders), counted=orders, places=places)


def orders_asked_for(form: ListForm, *, but: str = "") -> QuerySet[OrderSummary]:
    """All of them; with ``viewed_at`` where those are asked for which the reader viewed.

    Args:
        but: The name of a filter that is left out.
    """
    assert isinstance(form, NarrowedForm)
    orders = form.narrowed(OrderSummary.objects.all(), but=but)
    if not form.answer("recent"):
        return orders
    reader = form.reader.pk if form.reader else None
    viewed = RecentlyViewed.objects.newest_of(reader)
    last = RecentlyViewed.objects.filter(user=reader, order=OuterRef("pk")).values("viewed_at")
    return orders.filter(pk__in=viewed.values("order")).annotate(viewed_at=Subquery(last))


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
    help=_(
        "Find an order here to see what became of it, and to cancel what can still be canceled."
    ),
    caption=_("Order summaries"),
    columns=ORDER_COLUMNS,
    more_columns=MORE_ORDER_COLUMNS,
    viewed=ViewedList.ORDERS,
    ready_made=(
        ReadyMade("all", pgettext_lazy("view", "All"), OrderListForm.query_of_everything()),
        ReadyMade("cancelable", pgettext_lazy("view", "Cancelable"), "cancelable=1"),
        ReadyMade("canceled", _("Canceled this week"), "canceled=week"),
        ReadyMade("attention", _("Needs attention"), "attention=1"),
        ReadyMade("recent", _("Recently viewed"), "recent=1"),
    ),
    page="console:order_list",
    exports="console:export_orders",
    opens=order_numbered,
    form=OrderListForm,
    page_of=page_of_orders,
    no_match=Empty(
        _("No order matches"),
        _("Try the whole order number, another spelling, or {link}."),
        link=_("see all orders"),
        leads_to="console:order_list",
        query=OrderListForm.query_of_everything(),
    ),
    nothing_yet=Empty(_("No orders yet"), _("Orders appear here after they were imported.")),
)
