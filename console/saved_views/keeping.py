"""The writers of saved views: whose they are, how many, and which one a list opens in."""

from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.utils.translation import gettext as _

from console.lists.listing import Listing
from console.models import DefaultView, SavedView
from orders.list_form import ListForm

AT_MOST = 50
"""Views of one person and list."""


NOT_KEPT = ("q", "customer")
"""The fields in which people type what may be a customer's name or address."""


class TooManyViews(Exception):
    """Nobody finds anything among more."""

    @property
    def message(self) -> str:
        return _("You have %(count)d views of this list. Delete one first.") % {"count": AT_MOST}


class SharedUnderThisName(Exception):
    """Others use the view that would be replaced, and would lose it."""

    @property
    def message(self) -> str:
        return _("You share a view of this name with everybody. Choose another name.")

    @property
    def message_to_who_may_share(self) -> str:
        return _(
            "You share a view of this name with everybody. Choose another name, or tick “Everybody"
            " sees it” to replace it for all."
        )


def query_to_keep(form: ListForm, columns: str) -> str:
    """What a list asks for, as a view keeps it: in these columns, without what was searched for.

    A view of everything says how it is sorted: a list that is asked for nothing opens in its
    reader's default view.
    """
    wanted = form.asked | {"columns": columns}
    kept = {name: given for name, given in wanted.items() if given and name not in NOT_KEPT}
    return urlencode(kept) or form.query_of_everything()


@transaction.atomic
def keep_view(*, owner: Any, listing: Listing, name: str, query: str, is_shared: bool) -> SavedView:
    """Save a view; one of the same name of the same owner becomes what it is now.

    Raises:
        SharedUnderThisName: One of the same name is shared, and this one is not to be.
        TooManyViews: There are ``AT_MOST`` others.
    """
    mine = SavedView.objects.filter(owner=owner, list=listing.viewed)
    if not is_shared and mine.filter(name=name, is_shared=True).exists():
        raise SharedUnderThisName
    if mine.exclude(name=name).count() >= AT_MOST:
        raise TooManyViews
    view, _is_new = SavedView.objects.update_or_create(
        owner=owner,
        list=listing.viewed,
        name=name,
        defaults={"query": query, "is_shared": is_shared},
    )
    return view


def open_in(*, user: Any, listing: Listing, view: SavedView | None = None, code: str = "") -> None:
    """Let the list open in a saved view, or a ready-made one; in neither: as without any."""
    if view is None and not code:
        DefaultView.objects.filter(user=user, list=listing.viewed).delete()
        return
    DefaultView.objects.update_or_create(
        user=user, list=listing.viewed, defaults={"view": view, "ready_made": code}
    )
