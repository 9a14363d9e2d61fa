"""What Change Orders are searched and narrowed by."""

from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from cancellations.models import CancellationReason, ChangeOrder, ChangeOrderItem
from cancellations.models.numbers import pk_as_typed
from console.lists.days import SINCE, beginning_of, end_of, start_of
from console.lists.filters import DayFilter, SearchFilter
from orders.models import OrderSummary
from orders.search import customer_places, every_word, in_any


def change_order_holds(q: str) -> Q:
    """Change orders of which each word of ``q`` is the number, or in the number of the order."""

    def found(word: str) -> Q:
        orders = OrderSummary.objects.filter(in_any(word, "order_number")).order_by()
        pk = pk_as_typed(word)
        if pk is None:
            return Q(order__in=orders.values("pk"))
        changes = ChangeOrder.objects.order_by().values("pk")
        by_order = changes.filter(order__in=orders.values("pk"))
        return Q(pk__in=changes.filter(pk=pk).union(by_order))

    return every_word(q, found)


def places_of_customer(customer: str) -> tuple[Q, ...]:
    """Change orders of orders of whoever is called so, or has this e-mail or account number, as
    places of which one has to hold.
    """
    orders = OrderSummary.objects.order_by()
    places = customer_places(customer) if customer else ()
    return tuple(Q(order__in=orders.filter(place).values("pk")) for place in places)


def _of_customer(changes: QuerySet, name: str, customer: str) -> QuerySet:
    return changes.filter(reduce(or_, places_of_customer(customer)))


def _for_reason(changes: QuerySet, name: str, reason: CancellationReason) -> QuerySet:
    items = ChangeOrderItem.objects.filter(reason=reason).order_by()
    return changes.filter(pk__in=items.values("change_order"))


def _made_from(changes: QuerySet, name: str, day: date) -> QuerySet:
    return changes.filter(created_at__gte=beginning_of(day))


def _made_to(changes: QuerySet, name: str, day: date) -> QuerySet:
    return changes.filter(created_at__lt=end_of(day))


class ChangeOrderFilters(FilterSet):
    q = SearchFilter(
        _("Change order or order number"),
        method=lambda changes, name, q: changes.filter(change_order_holds(q)),
    )
    kind = ChoiceFilter(
        label=_("Kind"), empty_label=_("All kinds"), choices=ChangeOrder.Kind.choices
    )
    agent = CharFilter(label=_("Agent"), field_name="created_by__username", max_length=150)
    customer = CharFilter(label=_("Customer"), max_length=255, method=_of_customer)
    reason = ModelChoiceFilter(
        label=_("Reason"),
        empty_label=_("All reasons"),
        queryset=lambda request: CancellationReason.objects.all(),
        to_field_name="name",
        method=_for_reason,
    )
    since = ChoiceFilter(
        label=_("Made"),
        empty_label=pgettext_lazy("made", "At any time"),
        choices=SINCE,
        method=lambda changes, name, since: changes.filter(created_at__gte=start_of(since)),
    )
    made_from = DayFilter(label=_("Made from"), method=_made_from)
    made_to = DayFilter(label=_("Made to"), method=_made_to)

    class Meta:
        model = ChangeOrder
        fields: tuple[str, ...] = ()
