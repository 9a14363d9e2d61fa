"""What the admin's pages share: facts and history are read there, never rewritten."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Field, Model, Q, QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property, lazy
from django.utils.safestring import SafeString
from django.utils.text import Truncator, format_lazy
from django.utils.translation import gettext_lazy as _

from console.lists.columns import Column, Guest, Link
from orders.addresses import spelled
from orders.arithmetic.money import Minor
from orders.formats import Text, escaped, moment_text, money_text, number_text
from orders.keyset import COUNT_AT_MOST, PAGE_SIZE
from orders.planning import by_indexes, first_of_any, found_of_any
from orders.search import every_word, in_any
from orders.texts import LinesField, check_line

_ENDS = format_lazy(
    _("The list ends after {most}; search or filter to find others."),
    most=lazy(number_text, str)(COUNT_AT_MOST),
)
LONGEST_NAME = 30

admin.site.site_header = admin.site.site_title = "Countermand"
admin.site.site_url = None  # its own way back to the console stands in admin/base_site.html


class CappedPaginator(Paginator):
    """Numbered pages of a list that ends after ``COUNT_AT_MOST`` rows: no table is counted."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        assert isinstance(rows, QuerySet)
        return rows.order_by().values("pk")[:COUNT_AT_MOST].count()


class ReadOnly:
    """Facts and history are read in the admin, never rewritten there, whoever asks."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class PlainQueries(admin.ModelAdmin):
    """What a list's URL may ask for: no patterns or ranges, and nothing that no text holds.

    A search is the console's (``orders/search.py``), by ``search_fields`` unless told otherwise.
    """

    actions = None

    def what_holds(self, q: str) -> Q:
        """The rows that a search for ``q`` finds."""
        return every_word(q, lambda word: in_any(word, *self.search_fields))

    def places_that_hold(self, q: str) -> Sequence[RawSQL]:
        """The same as places of which one has to hold, where a long list is asked like that."""
        return ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """The list ends after so many rows, so that no place is read any further."""
        places = self.places_that_hold(search_term)
        if not places:
            return queryset.filter(self.what_holds(search_term)), False
        found = found_of_any(queryset, places, COUNT_AT_MOST)
        if len(found) <= COUNT_AT_MOST:
            return queryset.filter(pk__any_of=found), False
        first = first_of_any(queryset, places, COUNT_AT_MOST)
        return queryset.filter(pk__in=first), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        is_exact = lookup.endswith("__exact") or "__" not in lookup
        return is_exact and "\0" not in value and super().lookup_allowed(lookup, value, request)


class PlainTexts(admin.ModelAdmin):
    """Forms that take no text which a document could not hold (``orders/texts.py``)."""

    formfield_overrides: ClassVar[dict[Any, Any]] = {TextField: {"form_class": LinesField}}

    def formfield_for_dbfield(
        self, db_field: Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        form_field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(form_field, forms.CharField) and not isinstance(form_field, LinesField):
            form_field.validators.append(check_line)
        return form_field


class ReadOnlyAdmin(ReadOnly, PlainQueries):
    """A long list and the pages of its rows; nothing counts the whole table."""

    list_per_page = PAGE_SIZE
    paginator = CappedPaginator
    search_help_text: ClassVar[Text] = _ENDS
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    sortable_by = ()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Written out while its queries still go by indexes."""
        with by_indexes():
            response: HttpResponse = super().changelist_view(request, extra_context)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
            return response


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    """Rows that belong to the record on the page."""


def search_help(searched: Text) -> Text:
    """What stands at the search of a long list: a sentence on what it looks in, and its end."""
    return format_lazy("{} {}", searched, _ENDS)


def money(
    amount: str, label: Text, *, currency: str, read: Callable[[Minor], Minor] = int
) -> Callable[[Any, Any], str]:
    """A column of an admin class: an amount in minor units, shown in its currency.

    Args:
        amount, currency: Attribute paths from the row.
        read: What people read of what is stored, where that is something else.
    """
    amount_of, currency_of = attrgetter(amount), attrgetter(currency)

    @admin.display(description=label)
    def column(_: object, row: Model) -> str:
        return money_text(read(amount_of(row)), currency_of(row))

    return column


def moment(name: str, label: Text) -> Callable[[Any, Any], str]:
    """A column of an admin class: a moment in the viewer's zone, as the console shows it; or ""."""

    @admin.display(description=label)
    def column(_: object, row: Model) -> str:
        at = getattr(row, name)
        return moment_text(at) if at else ""

    return column


def address_writer(page: str) -> Callable[[object], str]:
    """What ``reverse`` gives of a page for many numbers: where they stand is looked up once."""
    before, _, after = reverse(page, args=["0"]).rpartition("/0/")
    return lambda number: f"{before}/{spelled(str(number))}/{after}"


def columns_of(columns: Sequence[Column]) -> tuple[Callable[[Any], str], ...]:
    """The columns of a console's list for ``list_display``; the first leads to the console."""
    first, *rest = columns
    return _as_link(first), *(_as_text(column) for column in rest)


def _as_link(column: Column) -> Callable[[Any], str]:
    def link(row: Model) -> str:
        name = escaped(column.value(row))
        return SafeString(f'<a href="{escaped(resolve_url(row))}">{name}</a>')

    return _named(column, link)


def _as_text(column: Column) -> Callable[[Any], str]:
    """Names are cut, because the admin never breaks a cell of a list."""

    def text(row: Model) -> str:
        value = column.value(row)
        said = str(value)
        if len(said) > LONGEST_NAME and isinstance(value, (str, Link, Guest)):
            return Truncator(said).chars(LONGEST_NAME)
        return said

    return _named(column, text)


def _named(column: Column, show: Callable[[Any], str]) -> Callable[[Any], str]:
    show.__name__ = column.name
    return admin.display(description=column.label)(show)
