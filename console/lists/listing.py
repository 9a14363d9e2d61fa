"""A list as people see it: all that its page says and shows, as one value."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from console.lists.columns import Column
from console.lists.tables import Table, table_of
from orders.formats import Text
from orders.keyset import ListForm, Page, Row

_SEARCH = _("Search")
_NEWER, _OLDER = _("Newer"), _("Older")


@dataclass(frozen=True, slots=True)
class Empty:
    """What stands where a list has no rows: that it has none, and the next thing to do.

    Attributes:
        advice: One sentence; ``{link}`` in it is the link.
        leads_to: The URL name of the page that the link leads to.
    """

    heading: Text
    advice: Text
    link: Text = ""
    leads_to: str = ""

    def advice_with_link(self) -> SafeString:
        if not self.leads_to:
            return format_html("{}", self.advice)
        link = format_html('<a href="{}">{}</a>', reverse(self.leads_to), self.link)
        return format_html(str(self.advice), link=link)


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """A list: its words, its columns, and how its rows are found.

    Attributes:
        icon: The name of an icon of Lucide.
        kicker: What stands small above the heading.
        caption: What the table is and how it is sorted, for those who do not see it.
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
    caption: Text
    columns: tuple[Column[Row], ...]
    form: type[ListForm]
    page_of: Callable[[ListForm], Page[Row]]
    no_match: Empty
    nothing_yet: Empty
    sums: Callable[[ListForm], str] | None = None
    submit: Text = _SEARCH
    previous: Text = _NEWER
    next: Text = _OLDER

    def table(self, page: Page[Row]) -> Table:
        return table_of(self.caption, self.columns, self.form.ordering, page.rows)


def search_field(placeholder: Text) -> forms.CharField:
    """The field in which people type what they look for."""
    return forms.CharField(
        label=_SEARCH,
        required=False,
        max_length=255,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": placeholder}),
    )
