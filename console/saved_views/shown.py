"""The views of a list that its page offers, and the one it begins with."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.db.models import BooleanField, CharField, TextField, Value

from console.lists.listing import Listing
from console.models import DefaultView, SavedView
from orders.formats import Text, isolated
from orders.list_form import ListForm


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A view as a list's page leads to it.

    Attributes:
        query: What the list's URL asks for in this view.
        is_current: Whether that is what it asks for now.
    """

    name: Text
    query: str
    is_current: bool
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class KeptViews:
    """The saved views of a list that somebody may see, and in which view it opens for them."""

    saved: tuple[SavedView, ...] = ()
    default_view: int | None = None
    default_code: str = ""

    def default_query(self, listing: Listing) -> str:
        """What the list is asked for when nobody says what; "" for all of it."""
        queries = {one.code: one.query for one in listing.ready_made}
        by_number = {view.pk: view.query for view in self.saved}
        return by_number.get(self.default_view or 0) or queries.get(self.default_code, "")

    def links(self, listing: Listing, form: ListForm) -> list[ViewLink]:
        """The ready-made views and the saved ones; of those that ask for the same the first is
        the current one.
        """
        found = [(one.name, one.query, False) for one in listing.ready_made]
        found += [(isolated(view), view.query, view.is_shared) for view in self.saved]
        asked = [asks_for(form, query) for _name, query, _is_shared in found]
        current = asked.index(True) if any(asked) else None
        return [
            ViewLink(name, query, place == current, is_shared)
            for place, (name, query, is_shared) in enumerate(found)
        ]


def kept_views(user: Any, listing: Listing) -> KeptViews:
    """What is kept of a list for a user, in one statement: it is read with every page."""
    if not listing.viewed:
        return KeptViews()
    saved = SavedView.objects.visible_to(user).filter(list=listing.viewed)
    default = DefaultView.objects.filter(user=user.pk, list=listing.viewed)
    rows = list(
        saved.order_by()
        .values_list("pk", "name", "query", "is_shared", _nothing(CharField()))
        .union(
            default.values_list(
                "view",
                _nothing(CharField()),
                _nothing(TextField()),
                Value(False, output_field=BooleanField()),
                "ready_made",
            )
        )
    )
    views = [
        SavedView(pk=pk, name=name, query=query, is_shared=is_shared)
        for pk, name, query, is_shared, _code in rows
        if name
    ]
    chosen = next(((pk, code) for pk, name, *_others, code in rows if not name), (None, ""))
    views.sort(key=lambda view: (view.name.casefold(), view.pk))
    return KeptViews(tuple(views), *chosen)


def _nothing(field: Any) -> Value:
    return Value("", output_field=field)


def asks_for(form: ListForm, query: str) -> bool:
    """Whether a list is asked for as this query would."""
    wanted = dict(parse_qsl(query))
    if wanted.get("sort") == form.usual:
        del wanted["sort"]
    return wanted == form.asked
