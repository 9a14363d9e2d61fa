"""What Order Summaries are searched and narrowed by."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters import CharFilter, ChoiceFilter, FilterSet

from cancellations.models import ChangeOrder
from cancellations.models.numbers import pk_as_typed
from console.lists.amounts import at_least, at_most
from console.lists.days import SINCE, beginning_of, end_of, start_of
from console.lists.filters import AmountFilter, CurrencyFilter, DayFilter, SearchFilter, TickFilter
from orders.arithmetic.statuses import OrderStatus
from orders.models import OrderSummary
from orders.search import order_holds, order_places


def order_found(q: str) -> Q:
    """Orders that a search finds: what ``orders`` looks through, and numbers of change orders."""
    return order_holds(q, also=_of_change_order)


def places_of_orders(q: str) -> tuple[RawSQL, ...]:
    """The same as places of which one has to hold; none where it cannot be asked like that."""
    return order_places(q, also=_of_change_order)


def _of_change_order(word: str) -> QuerySet | None:
    """Bare digits are a number of an order; CO-12 is a change order's."""
    pk = None if word.isdecimal() else pk_as_typed(word)
    return None if pk is None else ChangeOrder.objects.filter(pk=pk).values("order")


def _with_total(side: Any) -> Any:
    def narrowed(orders: QuerySet, name: str, amount: Any) -> QuerySet:
        return orders.filter(side(amount, "grand_total_minor", places="currency_places"))

    return narrowed


def _ordered_from(orders: QuerySet, name: str, day: date) -> QuerySet:
    return orders.filter(ordered_at__gte=beginning_of(day))


def _ordered_to(orders: QuerySet, name: str, day: date) -> QuerySet:
    return orders.filter(ordered_at__lt=end_of(day))


def _canceled_since(orders: QuerySet, name: str, since: str) -> QuerySet:
    """Orders of which people or documents canceled something here since then."""
    changes = ChangeOrder.objects.filter(
        kind=ChangeOrder.Kind.CANCELLATION, undone_by__isnull=True, created_at__gte=start_of(since)
    )
    return orders.filter(pk__in=changes.order_by().values("order"))


def _marked(column: str) -> Any:
    """Orders of which that is kept."""

    def narrowed(orders: QuerySet, name: str, tick: str) -> QuerySet:
        return orders.filter(**{column: True})

    return narrowed


class OrderFilters(FilterSet):
    q = SearchFilter(
        _("Number, customer, e-mail, SKU, product, payment"),
        method=lambda orders, name, q: orders.filter(order_found(q)),
    )
    status = ChoiceFilter(
        label=_("Status"),
        empty_label=_("All statuses"),
        choices=[(status.value, _(status.label)) for status in OrderStatus],
    )
    ordered_from = DayFilter(label=_("Ordered from"), method=_ordered_from)
    ordered_to = DayFilter(label=_("Ordered to"), method=_ordered_to)
    total_from = AmountFilter(label=_("Total from"), method=_with_total(at_least))
    total_to = AmountFilter(label=_("Total to"), method=_with_total(at_most))
    currency = CurrencyFilter(
        label=_("Currency"),
        method=lambda orders, name, code: orders.filter(currency_code=code.upper()),
    )
    channel = CharFilter(label=_("Channel"), max_length=255, lookup_expr="iexact")
    canceled = ChoiceFilter(
        label=_("Canceled here"),
        empty_label=pgettext_lazy("canceled", "At any time or never"),
        choices=SINCE,
        method=_canceled_since,
    )
    cancelable = TickFilter(label=_("Cancelable only"), method=_marked("is_cancelable"))
    attention = TickFilter(label=_("Needs attention"), method=_marked("needs_attention"))
    exceptions = TickFilter(label=_("Has exceptions"), method=_marked("has_exceptions"))

    class Meta:
        model = OrderSummary
        fields: tuple[str, ...] = ()
