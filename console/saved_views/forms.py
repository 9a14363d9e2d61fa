"""What people fill in to save a view, and to choose the columns of a list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from console.lists.listing import Listing
from console.models.views import LONGEST_NAME
from orders.texts import check_line

_MOST_COLUMNS = 99


class ColumnsForm(forms.Form):
    """At which place each column stands, from left to right; one without a place is left out.

    The first column names the row, and is always there.
    """

    def __init__(self, *args: Any, listing: Listing, shown: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = tuple(column.name for column in listing.columns[1:])
        self._usual = usual
        places = {name: place for place, name in enumerate(shown or usual, start=1)}
        for column in listing.all_columns[1:]:
            self.fields[f"place-{column.name}"] = forms.IntegerField(
                label=column.label,
                required=False,
                min_value=1,
                max_value=_MOST_COLUMNS,
                initial=places.get(column.name),
            )

    @property
    def columns(self) -> str:
        """The chosen ones as the list's URL has them; "" for the usual ones, or for none."""
        places = [(place, name) for name, place in self.cleaned_data.items() if place]
        in_sequence = sorted(places, key=lambda place_and_name: place_and_name[0])
        names = tuple(name.removeprefix("place-") for _place, name in in_sequence)
        return "" if names == self._usual else ",".join(names)


class ViewForm(forms.Form):
    """What a view is called, and who has it."""

    name = forms.CharField(
        label=pgettext_lazy("view", "Name"), max_length=LONGEST_NAME, validators=[check_line]
    )
    is_shared = forms.BooleanField(label=_("Everybody sees it"), required=False)
    is_default = forms.BooleanField(label=_("The list opens in it for me"), required=False)

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]
