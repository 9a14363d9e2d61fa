"""The list of order summaries: search, filter, and keyset pages (no OFFSET, no long COUNT)."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import BadRequest
from django.db.models import Q
from django.utils.translation import ngettext

from orders.models import Account, OrderSummary, OrderSummaryQuerySet
from orders.statuses import OrderStatus

PAGE_SIZE = 50
COUNT_AT_MOST = 1000
"""Beyond that the count is not worth a scan of the table."""


class ListForm(forms.Form):
    """What the list is narrowed to; it comes with the URL, so a page can be shared."""

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=255,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Order number, customer or e-mail"}
        ),
    )
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "All statuses"), *((status.value, status.value) for status in OrderStatus)],
    )


@dataclass(frozen=True, slots=True)
class Page:
    """One page of orders, newest first, and the query strings of its neighbours."""

    orders: list[OrderSummary]
    count_text: str
    is_narrowed: bool
    newer_query: str = ""
    older_query: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """A position in the list: just beside this order."""

    ordered_at: datetime
    pk: int

    @classmethod
    def of(cls, order: OrderSummary) -> "_Place":
        return cls(order.ordered_at, order.pk)

    @classmethod
    def read(cls, text: str) -> "_Place":
        moment, _, pk = text.partition("~")
        try:
            place = cls(datetime.fromisoformat(moment), int(pk))
        except ValueError as error:
            raise BadRequest("The page to show is not one of this list.") from error
        if place.ordered_at.tzinfo is None or not 0 < place.pk < 2**63:
            raise BadRequest("The page to show is not one of this list.")
        return place

    def __str__(self) -> str:
        return f"{self.ordered_at.isoformat()}~{self.pk}"

    @property
    def older(self) -> Q:
        return Q(ordered_at__lte=self.ordered_at) & (
            Q(ordered_at__lt=self.ordered_at) | Q(pk__lt=self.pk)
        )

    @property
    def newer(self) -> Q:
        return Q(ordered_at__gte=self.ordered_at) & (
            Q(ordered_at__gt=self.ordered_at) | Q(pk__gt=self.pk)
        )


def narrowed(q: str, status: str) -> OrderSummaryQuerySet:
    """Orders whose number, customer or e-mail holds ``q``, in ``status`` if one is given."""
    orders = OrderSummary.objects.all()
    if q:
        accounts = Account.objects.filter(
            Q(name__icontains=q) | Q(email__icontains=q) | Q(number__iexact=q)
        )
        orders = orders.filter(Q(order_number__icontains=q) | Q(account__in=accounts.values("pk")))
    if status:
        orders = orders.filter(status=status)
    return orders


def page_of_orders(*, q: str, status: str, after: str, before: str) -> Page:
    """The page after (older than) or before (newer than) a place, else the newest.

    Raises:
        BadRequest: The place is none.
    """
    orders = narrowed(q, status)
    listed = orders.for_list()
    if before:
        place = _Place.read(before)
        found = list(listed.filter(place.newer).order_by("ordered_at", "pk")[: PAGE_SIZE + 1])
        rows = found[:PAGE_SIZE][::-1]
        has_newer, has_older = len(found) > PAGE_SIZE, bool(rows)
    else:
        found = list(
            (listed.filter(_Place.read(after).older) if after else listed)[: PAGE_SIZE + 1]
        )
        rows = found[:PAGE_SIZE]
        has_newer, has_older = bool(after), len(found) > PAGE_SIZE
    query = {name: value for name, value in (("q", q), ("status", status)) if value}
    return Page(
        orders=rows,
        count_text=_count_text(orders),
        is_narrowed=bool(query),
        newer_query=_query(query, "before", rows[0]) if rows and has_newer else "",
        older_query=_query(query, "after", rows[-1]) if rows and has_older else "",
    )


def _query(query: dict[str, str], side: str, order: OrderSummary) -> str:
    return urlencode(query | {side: str(_Place.of(order))})


def _count_text(orders: OrderSummaryQuerySet) -> str:
    count = orders.order_by()[: COUNT_AT_MOST + 1].count()
    if count > COUNT_AT_MOST:
        return f"more than {COUNT_AT_MOST:,} orders"
    return ngettext("%(count)d order", "%(count)d orders", count) % {"count": count}
