"""Lists as files: what a list shows, all of its pages, in the columns that were chosen."""

from collections.abc import Callable, Iterator
from datetime import tzinfo
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from console.access import sees_change_orders, sees_orders
from console.audit.recording import record
from console.lists.change_orders import CHANGE_ORDERS, change_orders_for_list
from console.lists.columns import Column, Moment, Money, Value
from console.lists.listing import Listing
from console.lists.orders import ORDERS, for_list, orders_asked_for
from console.lists.own_changes import just_changed_something
from console.models import AuditKind
from console.saved_views.keeping import NOT_KEPT
from console.spreadsheets import CHUNK, as_file
from orders.arithmetic.money import decimal
from orders.chunks import in_chunks
from orders.formats import Text
from orders.list_form import ListForm


@require_POST
@never_cache
@sees_orders
def export_orders(request: HttpRequest) -> HttpResponseBase:
    """The order summaries of a list as CSV, and an entry in the audit that they were taken out."""
    return _export(request, ORDERS, lambda form: for_list(orders_asked_for(form)))


@require_POST
@never_cache
@sees_change_orders
def export_change_orders(request: HttpRequest) -> HttpResponseBase:
    """The change orders of a list as CSV, likewise."""
    return _export(request, CHANGE_ORDERS, change_orders_for_list)


def _export(
    request: HttpRequest, listing: Listing, rows_of: Callable[[ListForm], QuerySet]
) -> HttpResponseBase:
    """What is not valid leads to the list that is asked for the same, which says what is wrong."""
    form = listing.form(request.POST, reader=request.user)
    name = listing.viewed.replace("_", "-")
    if not form.is_valid():
        return redirect(f"{resolve_url(listing.page)}?{form.sent_query}")
    record(AuditKind.EXPORTED, about=name, asked=_told(form))
    columns = listing.columns_of(form)
    heads = [head for column in columns for head in _heads(column)]
    fresh = form.must_be_fresh or just_changed_something(request)
    return as_file(name, heads, _rows(rows_of(form), form, columns, fresh=fresh))


def _told(form: ListForm) -> list[str]:
    """What was asked for, for the audit: of a search only that there was one."""
    return [name if name in NOT_KEPT else f"{name}={given}" for name, given in form.asked.items()]


def _rows(
    found: QuerySet, form: ListForm, columns: tuple[Column, ...], *, fresh: bool
) -> Iterator[tuple[object, ...]]:
    """They are written after the page is answered, and still in its reader's language and zone."""
    language, zone = translation.get_language(), timezone.get_current_timezone()

    def written() -> Iterator[tuple[object, ...]]:
        for chunk in in_chunks(found, form.sorted_by, size=CHUNK, fresh=fresh):
            with translation.override(language), timezone.override(zone):
                rows = [_row(columns, each, zone) for each in chunk]
            yield from rows

    return written()


def _row(columns: tuple[Column, ...], row: Any, zone: tzinfo) -> tuple[object, ...]:
    return tuple(cell for column in columns for cell in _cells(column.value(row), zone))


def _heads(column: Column) -> Iterator[Text]:
    yield column.label
    if column.holds_money:
        yield _("Currency")


def _cells(value: Value, zone: tzinfo) -> Iterator[object]:
    """What a spreadsheet can reckon with: plain amounts, and times that sort."""
    if isinstance(value, Money):
        yield decimal(value.sign * value.amount_minor, value.currency)
        yield value.currency.code
    elif isinstance(value, Moment):
        yield value.at.astimezone(zone).isoformat(sep=" ", timespec="seconds")
    elif isinstance(value, int):
        yield value
    else:
        yield str(value)
