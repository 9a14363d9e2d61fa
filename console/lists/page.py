"""The page of a list, as the URL's query asks for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django_htmx.http import replace_url

from console.lists.listing import Listing
from console.lists.own_changes import just_changed_something
from console.lists.tables import Table
from console.saved_views.shown import KeptViews, kept_views
from orders.keyset import Page
from orders.list_form import ListForm
from orders.replica import read

OPEN = "open"
"""What the URL holds where somebody pressed Enter, and did not just type."""


def show_list(request: HttpRequest, listing: Listing) -> HttpResponse:
    """The page of a list that the URL's query asks for; without one, the reader's default view.

    Who searched for a whole number comes to its record. Whatever else was sent off by hand is
    shown under an address without what was left empty.
    """
    form = listing.form(request.GET, reader=request.user)
    kept = kept_views(request.user, listing)
    if address := _address_elsewhere(request, listing, form, kept):
        return redirect(address)
    fresh = form.must_be_fresh or just_changed_something(request)
    page, table, sums = read(lambda alias: _read_from(alias, listing, form), fresh=fresh)
    context = {
        "listing": listing,
        "form": form,
        "page": page,
        "table": table,
        "sums": sums,
        "views": kept.links(listing, form),
    }
    response = render(request, "console/lists/list.html", context, status=status_of(form))
    if request.htmx and not request.GET and form.usual:  # type: ignore[attr-defined]
        # Whoever emptied the fields comes back to all of it, and not to the default view.
        return replace_url(response, f"{request.path}?{form.query_of_everything()}")
    return response


def _read_from(alias: str, listing: Listing, form: ListForm) -> tuple[Page, Table, str]:
    """All of the page that may come from a replica; rows ask for what they lack where they are."""
    form.database = alias
    page = listing.page_of(form)
    return page, listing.table(page, form), listing.sums(form) if listing.sums else ""


def status_of(form: ListForm) -> int:
    """400 when the query holds what the list has not; the page then says what is wrong."""
    return 400 if form.errors else 200


def _address_elsewhere(
    request: HttpRequest, listing: Listing, form: ListForm, kept: KeptViews
) -> str:
    if request.htmx:  # type: ignore[attr-defined]
        return ""
    if not request.GET and (query := kept.default_query(listing)):
        return f"{request.path}?{query}"
    if OPEN not in request.GET or form.errors:
        return ""
    if listing.opens and (record := listing.opens(form.answer("q"))):
        return resolve_url(record)
    return f"{request.path}?{form.asked_query}"
