"""The filters of the console's list of orders, as the admin shows filters."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from console.lists.filters import TickFilter
from console.lists.order_filters import OrderFilters


class _OrderFilter(SimpleListFilter):
    """One filter of the console's; what is not valid for it is not for the admin either."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        each = OrderFilters.base_filters[self.parameter_name]
        try:
            given = each.field.clean(self.value() or "")
        except forms.ValidationError as error:
            raise IncorrectLookupParameters(error) from error
        narrowed: QuerySet = each.filter(queryset, given)
        return narrowed


class _ChosenFilter(_OrderFilter):
    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        each = OrderFilters.base_filters[self.parameter_name or ""]
        if isinstance(each, TickFilter):
            return [("1", _("Yes"))]
        return [(code, words) for code, words in each.field.choices if code]


class _TypedFilter(_OrderFilter):
    """One that people type into, beside all else that the list is narrowed by."""

    template = "admin/typed_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return []

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> Iterator[Any]:
        field = OrderFilters.base_filters[self.parameter_name or ""].field
        searched = {"q": [changelist.query]} if changelist.query else {}
        others = {**changelist.get_filters_params(), **searched}.items()
        name = self.parameter_name or ""
        yield {
            "widget": field.widget.render(
                name, self.value(), {"id": f"by-{name}", "aria-label": str(self.title)}
            ),
            "others": [(other, given) for other, given in others if other != name],
        }


def _shown(name: str, kind: type[_OrderFilter]) -> type[_OrderFilter]:
    label = OrderFilters.base_filters[name].label
    return type(f"{kind.__name__}Of{name}", (kind,), {"title": label, "parameter_name": name})


ORDER_FILTERS = (
    *(_shown(name, _ChosenFilter) for name in ("cancelable", "attention", "exceptions")),
    _shown("canceled", _ChosenFilter),
    *(_shown(name, _TypedFilter) for name in ("ordered_from", "ordered_to")),
    *(_shown(name, _TypedFilter) for name in ("total_from", "total_to", "channel")),
)
"""All but status and currency, which the admin has its own ways for."""
