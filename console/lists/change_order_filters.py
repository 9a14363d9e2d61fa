"""What Change Orders are searched and narrowed by."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from cancellations.models import CancellationReason, ChangeOrder, ChangeOrderItem
from cancellations.models.numbers import pk_as_typed
from console.lists.days import SINCE, beginning_of, end_of, start_of
from console.lists.filters import DayFilter, SearchFilter
from orders.models import Account, OrderSummary
from orders.search import every_word, in_any


def change_order_holds(q: str) -> Q:
    """Change orders of which each word of ``q`` is the number, or in the number of the order."""

    def found(word: str) -> Q:
        orders = OrderSummary.objects.filter(in_any(word, "order_number"))
        wanted = Q(order__in=orders.values("pk"))
        pk = pk_as_typed(word)
        return wanted if pk is None else wanted | Q(pk=pk)

    return every_word(q, found)


def _of_customer(changes: QuerySet, name: str, customer: str) -> QuerySet:
    """Of orders of whoever is called so, or has this e-mail or account number."""

    def found(word: str) -> Q:
        accounts = Account.objects.filter(in_any(word, "number", "name", "email"))
        own = in_any(word, "customer_name", "customer_email")
        return own | Q(account__in=accounts.values("pk"))

    orders = OrderSummary.objects.filter(every_word(customer, found)).order_by()
    return changes.filter(order__in=orders.values("pk"))


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
