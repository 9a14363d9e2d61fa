"""The views of a list as the page shows them on which people tidy them up."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cancellations.acts.change_orders import actor_name
from console.lists.listing import Listing
from console.models import DefaultView, SavedView
from orders.formats import Text, isolated


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A view, and what its reader may do with it.

    Attributes:
        value: What says in a form that it is meant: its code, or its number.
        edit: Its number, if it may be edited.
        opens_first: Whether the list opens in it.
    """

    name: Text
    query: str
    whose: Text
    value: str
    opens_first: bool
    edit: int | None = None


def all_rows(user: Any, listing: Listing) -> list[ViewRow]:
    """The ready-made views of a list, then those that the user may see, in three queries."""
    default = DefaultView.objects.filter(user=user.pk, list=listing.viewed).first()
    code = default.ready_made if default else ""
    rows = [
        ViewRow(
            name=one.name,
            query=one.query,
            whose=_("Ready-made"),
            value=one.code,
            opens_first=code == one.code or (default is None and one == listing.ready_made[0]),
        )
        for one in listing.ready_made
    ]
    changeable = SavedView.objects.changeable_by(user).filter(list=listing.viewed)
    may_edit = set(changeable.values_list("pk", flat=True))
    seen = SavedView.objects.visible_to(user).filter(list=listing.viewed).select_related("owner")
    for view in seen:
        rows.append(
            ViewRow(
                name=isolated(view),
                query=view.query,
                whose=_whose(view, user),
                value=str(view.pk),
                opens_first=default is not None and default.view_id == view.pk,
                edit=view.pk if view.pk in may_edit else None,
            )
        )
    return rows


def _whose(view: SavedView, user: Any) -> Text:
    if view.owner_id == user.pk:
        return _("Yours, shared") if view.is_shared else _("Yours")
    return isolated(actor_name(view.owner))
