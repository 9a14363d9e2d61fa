"""Change Orders: the columns, and what the list is searched and narrowed by."""

from operator import attrgetter

from django import forms
from django.db.models import Q
from django.utils.translation import gettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cancellations.models import ChangeOrder
from cancellations.models.numbers import pk_as_typed
from console.lists.columns import Align, Column, Moment, Money, Narrow, link_to
from console.lists.listing import Empty, Listing, search_field
from orders.keyset import COUNT_AT_MOST, Key, ListForm, Ordering, Page, page_of, whole
from orders.models import OrderSummary
from orders.search import every_word, in_any


def kind_of(change_order: ChangeOrder) -> str:
    """What it is, and whether it was undone; asks nothing of one fetched with ``undone_by``."""
    kind = change_order.get_kind_display()
    return gettext("%(kind)s, undone") % {"kind": kind} if change_order.reversal else kind


def _amount(change_order: ChangeOrder) -> Money:
    """What left the grand total, or what came back to it."""
    remark = _("Given back") if change_order.gives_back else ""
    return Money(change_order.moved_minor, change_order.order.currency, remark)


CHANGE_ORDER_COLUMNS: tuple[Column[ChangeOrder], ...] = (
    Column("number", _("Change order"), link_to),
    Column("order", pgettext_lazy("purchase", "Order"), lambda change: link_to(change.order)),
    Column("kind", _("Kind"), kind_of, narrow=Narrow.END),
    Column("when", _("When"), lambda change: Moment(change.created_at), sort="pk"),
    Column(
        "who",
        _("Who"),
        attrgetter("actor_name"),
        narrow=Narrow.WHOLE,
        narrow_label=pgettext_lazy("before a name", "by"),
    ),
    Column(
        "amount",
        _("Amount"),
        _amount,
        align=Align.END,
        narrow=Narrow.END,
        narrow_label=_("Amount"),
    ),
    Column(
        "refund_due",
        _("Refund due"),
        lambda change: Money(change.refund_due_minor, change.order.currency),
        align=Align.END,
        narrow=Narrow.END,
        narrow_label=_("Refund due"),
    ),
)


class ChangeOrderListForm(ListForm):
    ordering = Ordering((Key("pk", whole),), descending=True)
    count_words = ngettext_lazy("%(count)d change order", "%(count)d change orders", "count")
    many_words = ngettext_lazy(
        "more than %(most)s change order", "more than %(most)s change orders", COUNT_AT_MOST
    )

    q = search_field(_("Change order or order number"))
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *ChangeOrder.Kind.choices]
    )


def page_of_change_orders(form: ListForm) -> Page[ChangeOrder]:
    """Change orders of the number looked for, or of orders whose number holds it; newest first."""
    change_orders = ChangeOrder.objects.all()
    if q := form.answer("q"):
        change_orders = change_orders.filter(change_order_holds(q))
    if kind := form.answer("kind"):
        change_orders = change_orders.filter(kind=kind)
    return page_of(form, change_orders.select_related("order", "undone_by"), counted=change_orders)


def change_order_holds(q: str) -> Q:
    """Change orders of which each word of ``q`` is the number, or in the number of the order."""

    def found(word: str) -> Q:
        orders = OrderSummary.objects.filter(in_any(word, "order_number"))
        wanted = Q(order__in=orders.values("pk"))
        pk = pk_as_typed(word)
        return wanted if pk is None else wanted | Q(pk=pk)

    return every_word(q, found)


CHANGE_ORDERS = Listing(
    heading=_("Change Orders"),
    icon="file-minus",
    kicker=_("Cancellations, settlements, reversals and returns"),
    caption=_("Change orders, newest first"),
    columns=CHANGE_ORDER_COLUMNS,
    form=ChangeOrderListForm,
    page_of=page_of_change_orders,
    no_match=Empty(
        _("No change order matches"),
        _("Try the whole change order number, the order number, or {link}."),
        link=_("see all change orders"),
        leads_to="console:change_order_list",
    ),
    nothing_yet=Empty(
        _("No change orders yet"),
        _("Start a cancellation from an {link}; what it changed will be here."),
        link=_("order summary"),
        leads_to="console:order_list",
    ),
)
