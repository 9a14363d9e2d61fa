"""A list as people see it: all that its page says and shows, as one value."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from console.lists.columns import Column
from console.lists.tables import Table, sort_queries, table_of
from orders.formats import Text
from orders.keyset import Page, Row
from orders.list_form import ListForm

_SEARCH = _("Search")
_NEWER, _OLDER = _("Newer"), _("Older")


@dataclass(frozen=True, slots=True)
class Empty:
    """What stands where a list has no rows: that it has none, and the next thing to do.

    Attributes:
        advice: One sentence; ``{link}`` in it is the link.
        leads_to: The URL name of the page that the link leads to.
        query: What that page is asked for; a list that is asked for nothing opens in a view.
    """

    heading: Text
    advice: Text
    link: Text = ""
    leads_to: str = ""
    query: str = ""

    def advice_with_link(self) -> SafeString:
        if not self.leads_to:
            return format_html("{}", self.advice)
        address = reverse(self.leads_to) + (f"?{self.query}" if self.query else "")
        link = format_html('<a href="{}">{}</a>', address, self.link)
        return format_html(str(self.advice), link=link)


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """A view of a list that everybody has: by its code, and as the list's URL has it."""

    code: str
    name: Text
    query: str


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """A list: its words, its columns, and how its rows are found.

    Attributes:
        help: One sentence on what the list is for.
        icon: The name of an icon of Lucide.
        kicker: What stands small above the heading.
        caption: What the table is, for those who do not see it.
        more_columns: What can be shown beside the usual columns.
        viewed: Under what people save views of it, or "".
        ready_made: The views of it that everybody has.
        page: The URL name of its page, where views of it are saved.
        opens: The record that is meant by what was looked for, if any: Enter leads to it.
        exports: The URL name of what gives it as a file, or "".
        form: What the list is searched and narrowed by.
        page_of: The page that a form of this kind asks for.
        no_match: Where what was asked for leaves no row.
        nothing_yet: Where there is no row at all.
        sums: What the rows come to that a form asks for, or "".
        submit: What the form's button says.
        previous, next: What the ways to the neighbouring pages are called.
    """

    heading: Text
    icon: str
    kicker: Text
    help: Text
    caption: Text
    columns: tuple[Column[Row], ...]
    form: type[ListForm]
    page_of: Callable[[ListForm], Page[Row]]
    no_match: Empty
    nothing_yet: Empty
    more_columns: tuple[Column[Row], ...] = ()
    viewed: str = ""
    ready_made: tuple[ReadyMade, ...] = ()
    page: str = ""
    opens: Callable[[str], Any] | None = None
    exports: str = ""
    sums: Callable[[ListForm], str] | None = None
    submit: Text = _SEARCH
    previous: Text = _NEWER
    next: Text = _OLDER

    @property
    def all_columns(self) -> tuple[Column[Row], ...]:
        return (*self.columns, *self.more_columns)

    def columns_of(self, form: ListForm) -> tuple[Column[Row], ...]:
        """Those that were chosen, after the first, which names the row; else the usual ones."""
        if not form.shown:
            return self.columns
        by_name = {column.name: column for column in self.all_columns}
        return (self.columns[0], *(by_name[name] for name in form.shown))

    def table(self, page: Page[Row], form: ListForm) -> Table:
        """The rows in the columns that were chosen, with the ways to sort them otherwise."""
        columns = self.columns_of(form)
        return table_of(self.caption, columns, form.sorted_by, page.rows, sort_queries(form))


def search_field(placeholder: Text) -> forms.CharField:
    """The field in which people type what they look for."""
    return forms.CharField(
        label=_SEARCH,
        required=False,
        max_length=255,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": placeholder}),
    )
