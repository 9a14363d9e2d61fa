"""Change Orders: the columns, and what the list is searched and narrowed by."""

from operator import attrgetter

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cancellations.models import ChangeOrder
from console.access import SEES_ACCOUNTS, SEES_ORDERS
from console.lists.change_order_filters import ChangeOrderFilters, places_of_customer
from console.lists.columns import Align, Column, Moment, Money, Narrow, label_of, link_to
from console.lists.filters import NarrowedForm, TickField
from console.lists.listing import Empty, Listing, ReadyMade
from console.models import ViewedList
from orders.keyset import COUNT_AT_MOST, Page, page_of
from orders.list_form import ListForm
from orders.places import Key, Ordering, both_ways, whole
from orders.planning import written


def kind_of(change_order: ChangeOrder) -> str:
    """What it is, and whether it was undone; asks nothing of one fetched with ``undone_by``."""
    kind = label_of(change_order, "kind")
    return gettext("%(kind)s, undone") % {"kind": kind} if change_order.reversal else kind


def _amount(change_order: ChangeOrder) -> Money:
    """What left the grand total, or what came back to it."""
    moved, currency = change_order.moved_minor, change_order.order.currency
    if change_order.gives_back:
        return Money(moved, currency, _("Given back"), sign=-1)
    return Money(moved, currency)


CHANGE_ORDER_COLUMNS: tuple[Column[ChangeOrder], ...] = (
    Column("number", _("Change order"), link_to),
    Column("order", pgettext_lazy("purchase", "Order"), lambda change: link_to(change.order)),
    Column("kind", _("Kind"), kind_of, sort="kind", narrow=Narrow.END),
    Column("when", _("When"), lambda change: Moment(change.created_at), sort="pk"),
    Column(
        "who",
        _("Who"),
        attrgetter("actor_name"),
        sort="actor_name",
        narrow=Narrow.WHOLE,
        narrow_label=pgettext_lazy("before a name", "by"),
    ),
    Column(
        "amount",
        _("Amount"),
        _amount,
        align=Align.END,
        holds_money=True,
        narrow=Narrow.END,
        narrow_label=_("Amount"),
    ),
    Column(
        "refund_due",
        _("Refund due"),
        lambda change: Money(change.refund_due_minor, change.order.currency),
        align=Align.END,
        holds_money=True,
        narrow=Narrow.END,
        narrow_label=_("Refund due"),
    ),
)


class ChangeOrderListForm(NarrowedForm):
    filters = ChangeOrderFilters
    # Names and addresses are not told by looking for them.
    needs = {"customer": (SEES_ORDERS, SEES_ACCOUNTS)}
    first = ("q", "kind")
    ordering = Ordering((Key("pk", whole),), descending=True)
    usual = "-when"
    sorts = both_ways(
        when=(Key("pk", whole),),
        kind=(Key("kind", str), Key("pk", whole)),
        who=(Key("actor_name", str), Key("pk", whole)),
    )
    can_show = frozenset(column.name for column in CHANGE_ORDER_COLUMNS[1:])
    count_words = ngettext_lazy("%(count)d change order", "%(count)d change orders", "count")
    many_words = ngettext_lazy(
        "more than %(most)s change order", "more than %(most)s change orders", COUNT_AT_MOST
    )
    hint = _("Days are days where you are. An agent is looked for by their whole username.")
    about_words = _("about %(about)s change orders")

    mine = TickField(label=_("Made by me"), required=False)


def page_of_change_orders(form: ListForm) -> Page[ChangeOrder]:
    """The change orders that a form asks for, newest first unless it says otherwise."""
    places: tuple[RawSQL, ...] = ()
    if "customer" in form.fields and connection.vendor == "postgresql":
        found_there = places_of_customer(form.answer("customer"))
        places = tuple(written(ChangeOrder, place) for place in found_there)
    found = _asked_for(form, but="customer" if places else "")
    return page_of(form, _with_what_is_shown(found), counted=found, places=places)


def change_orders_for_list(form: ListForm) -> QuerySet[ChangeOrder]:
    """Those that a form asks for, with what a row shows."""
    return _with_what_is_shown(_asked_for(form))


def _with_what_is_shown(found: QuerySet[ChangeOrder]) -> QuerySet[ChangeOrder]:
    return found.select_related("order", "undone_by")


def _asked_for(form: ListForm, *, but: str = "") -> QuerySet[ChangeOrder]:
    assert isinstance(form, NarrowedForm)
    found = form.narrowed(ChangeOrder.objects.all(), but=but)
    return found.filter(created_by=form.reader.pk) if form.answer("mine") and form.reader else found


CHANGE_ORDERS = Listing(
    heading=_("Change Orders"),
    icon="file-minus",
    kicker=_("Cancellations, settlements, reversals and returns"),
    help=_(
        "Look up here what was canceled, settled, undone or returned, by whom, and what it came to."
    ),
    caption=_("Change orders"),
    columns=CHANGE_ORDER_COLUMNS,
    viewed=ViewedList.CHANGE_ORDERS,
    ready_made=(
        ReadyMade("all", pgettext_lazy("view", "All"), ChangeOrderListForm.query_of_everything()),
        ReadyMade("mine", pgettext_lazy("view", "Made by me"), "mine=1"),
        ReadyMade("week", pgettext_lazy("view", "This week"), "since=week"),
    ),
    page="console:change_order_list",
    exports="console:export_change_orders",
    form=ChangeOrderListForm,
    page_of=page_of_change_orders,
    no_match=Empty(
        _("No change order matches"),
        _("Try the whole change order number, the order number, or {link}."),
        link=_("see all change orders"),
        leads_to="console:change_order_list",
        query=ChangeOrderListForm.query_of_everything(),
    ),
    nothing_yet=Empty(
        _("No change orders yet"),
        _("Start a cancellation from an {link}; what it changed will be here."),
        link=_("order summary"),
        leads_to="console:order_list",
    ),
)
