"""The pages on which people keep views of lists, and choose columns."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.access import SEES_CHANGE_ORDERS, SEES_ORDERS
from console.lists.change_orders import CHANGE_ORDERS
from console.lists.filters import TickField
from console.lists.listing import Listing
from console.lists.orders import ORDERS
from console.models import RIGHT_TO_SHARE, DefaultView, SavedView
from console.saved_views.forms import ColumnsForm, ViewForm
from console.saved_views.keeping import (
    NOT_KEPT,
    SharedUnderThisName,
    TooManyViews,
    keep_view,
    open_in,
    query_to_keep,
)
from console.saved_views.rows import all_rows
from orders.formats import Text, isolated
from orders.list_form import ListForm

LISTS = {
    listing.viewed: (listing, right)
    for listing, right in (
        (ORDERS, SEES_ORDERS),
        (CHANGE_ORDERS, SEES_CHANGE_ORDERS),
    )
}
shown_and_sent = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@never_cache
def all_views(request: HttpRequest, listed: str) -> HttpResponse:
    """The views of a list that the user may see, which of them it opens in, and ways to edit."""
    listing = _listing(request, listed)
    rows = all_rows(request.user, listing)
    return render(request, "console/saved_views/all.html", {"listing": listing, "rows": rows})


@shown_and_sent
@never_cache
def new_view(request: HttpRequest, listed: str) -> HttpResponse:
    """Save what the list's query asks for as a view."""
    listing = _listing(request, listed)
    asked = _asked(request, listing, request.GET)
    return _edit(request, listing, asked, view=None)


@shown_and_sent
@never_cache
def edit_view(request: HttpRequest, view: int) -> HttpResponse:
    """Call a view otherwise, share it, or give it other columns."""
    found = get_object_or_404(SavedView.objects.changeable_by(request.user), pk=view)
    listing = _listing(request, found.list)
    return _edit(request, listing, _asked(request, listing, QueryDict(found.query)), view=found)


@require_POST
@never_cache
def delete_view(request: HttpRequest, view: int) -> HttpResponse:
    """Delete a view; a list that opened in it opens as without any."""
    found = get_object_or_404(SavedView.objects.changeable_by(request.user), pk=view)
    _listing(request, found.list)
    found.delete()
    messages.success(request, _("The view is deleted."))
    return redirect("console:views", found.list)


@require_safe
@never_cache
def open_view(request: HttpRequest, view: int) -> HttpResponse:
    """A view by its number: leads to the list as it asks for it."""
    found = get_object_or_404(SavedView.objects.visible_to(request.user), pk=view)
    return redirect(_address(_listing(request, found.list), found.query))


@require_POST
@never_cache
def set_default(request: HttpRequest, listed: str) -> HttpResponse:
    """Let the list open in a view: a ready-made one by its code, or a saved one by its number."""
    listing = _listing(request, listed)
    chosen = request.POST.get("view", "")
    if chosen in {one.code for one in listing.ready_made}:
        open_in(user=request.user, listing=listing, code=chosen)
    elif chosen.isascii() and chosen.isdecimal() and len(chosen) <= len("9" * 18):
        visible = SavedView.objects.visible_to(request.user).filter(list=listed)
        open_in(user=request.user, listing=listing, view=get_object_or_404(visible, pk=chosen))
    else:
        raise Http404
    messages.success(request, _("The list opens in this view from now on."))
    return redirect("console:views", listed)


@shown_and_sent
@never_cache
def choose_columns(request: HttpRequest, listed: str) -> HttpResponse:
    """Which columns the list shows, and where; leads back to it."""
    listing = _listing(request, listed)
    asked = _asked(request, listing, request.GET)
    form = ColumnsForm(request.POST or None, listing=listing, shown=asked.shown)
    if request.method == "POST" and form.is_valid():
        wanted = {**asked.asked, "columns": form.columns}
        query = {name: given for name, given in wanted.items() if given}
        return redirect(_address(listing, urlencode(query)))
    context = {"listing": listing, "form": form, "way_back": _address(listing, asked.asked_query)}
    return render(
        request, "console/saved_views/columns.html", context, status=400 if form.errors else 200
    )


def _edit(
    request: HttpRequest, listing: Listing, asked: ListForm, *, view: SavedView | None
) -> HttpResponse:
    """Show a view's form, or save what was filled in.

    What the list would not understand is told and not saved: without it the view shows more.
    """
    may_share = request.user.has_perm(RIGHT_TO_SHARE)
    given = request.POST if request.method == "POST" else None
    form = ViewForm(given, may_share=may_share, initial=_initial(request, view))
    columns = ColumnsForm(given, listing=listing, shown=asked.shown)
    if given is not None and form.is_valid() and columns.is_valid() and not asked.errors:
        query = query_to_keep(asked, columns.columns)
        if saved := _save(request, listing, form, query, view):
            return redirect(_address(listing, saved.query))
    context = {
        "listing": listing,
        "form": form,
        "columns": columns,
        "view": view,
        "narrowing": list(_told(asked)),
        "not_understood": list(_not_understood(asked)),
        "way_back": _address(listing, asked.asked_query),
    }
    status = 400 if form.errors or columns.errors or asked.errors else 200
    return render(request, "console/saved_views/view.html", context, status=status)


def _save(
    request: HttpRequest, listing: Listing, form: ViewForm, query: str, view: SavedView | None
) -> SavedView | None:
    """The view as it was filled in; None where that cannot be, which the form then says."""
    filled_in = form.cleaned_data
    owner: Any = view.owner if view else request.user
    is_taken = view and SavedView.objects.filter(
        owner=owner, list=listing.viewed, name=filled_in["name"]
    ).exclude(pk=view.pk)
    if is_taken and is_taken.exists():
        form.add_error("name", _("There is another view of this name."))
        return None
    saved = view or _keep_new(request, listing, form, query)
    if saved is None:
        return None
    if view:
        view.name, view.query = filled_in["name"], query
        view.is_shared = filled_in.get("is_shared", view.is_shared)
        view.save(update_fields=["name", "query", "is_shared"])
    _set_or_take_default(request, listing, saved, is_default=filled_in["is_default"])
    messages.success(request, _("The view is saved."))
    return saved


def _keep_new(
    request: HttpRequest, listing: Listing, form: ViewForm, query: str
) -> SavedView | None:
    try:
        return keep_view(
            owner=request.user,
            listing=listing,
            name=form.cleaned_data["name"],
            query=query,
            is_shared=form.cleaned_data.get("is_shared", False),
        )
    except TooManyViews as refused:
        form.add_error(None, refused.message)
    except SharedUnderThisName as refused:
        may_share = "is_shared" in form.fields
        form.add_error("name", refused.message_to_who_may_share if may_share else refused.message)
    return None


def _set_or_take_default(
    request: HttpRequest, listing: Listing, view: SavedView, *, is_default: bool
) -> None:
    if is_default:
        open_in(user=request.user, listing=listing, view=view)
    else:
        DefaultView.objects.filter(user=request.user.pk, view=view).delete()


def _initial(request: HttpRequest, view: SavedView | None) -> dict[str, Any]:
    if view is None:
        return {}
    is_default = DefaultView.objects.filter(user=request.user.pk, view=view).exists()
    return {"name": view.name, "is_shared": view.is_shared, "is_default": is_default}


def _listing(request: HttpRequest, listed: str) -> Listing:
    """A list of which views are saved, if the user may see it."""
    if listed not in LISTS:
        raise Http404
    listing, right = LISTS[listed]
    if not request.user.has_perm(right):
        raise PermissionDenied
    return listing


def _asked(request: HttpRequest, listing: Listing, query: QueryDict) -> ListForm:
    """What a query asks for of a list; what of it is not valid is left out."""
    return listing.form(query, reader=request.user)


def _not_understood(asked: ListForm) -> Iterator[tuple[Text, Text]]:
    """What is wrong of it: the field, if it is one that people see, and why."""
    for name, errors in asked.errors.items():
        label = "" if asked[name].is_hidden else asked.fields[name].label or ""
        for error in errors:
            yield label, str(error)


def _told(asked: ListForm) -> Iterator[tuple[Text, Text]]:
    """What narrows a list, in words."""
    for name, given in asked.narrowing.items():
        field = asked.fields[name]
        if name in NOT_KEPT:
            yield field.label or "", _("is not kept: it may be about a customer")
        elif isinstance(field, TickField):
            yield field.label or "", _("Yes")
        else:
            choices = {str(code): words for code, words in getattr(field, "choices", ())}
            yield field.label or "", isolated(choices.get(given, given))


def _address(listing: Listing, query: str) -> str:
    return f"{resolve_url(listing.page)}?{query or listing.form.query_of_everything()}"
