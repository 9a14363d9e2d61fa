"""What a list is narrowed to, and where its page starts."""

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.models import AnonymousUser, User
from django.core.validators import EMPTY_VALUES
from django.db import DEFAULT_DB_ALIAS
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from orders.formats import Text
from orders.places import Ordering, Place

_REPEATED = 300
"""Characters of an answer that a query repeats: more than a field takes, so that it says so."""


class ListForm(forms.Form):
    """What a list is narrowed to and where its page starts; it comes with the URL.

    Subclasses name the ordering and how many rows there are in words, and add the fields that
    narrow the list. What is not valid narrows nothing.

    Attributes:
        ordering: How the list is sorted unless asked otherwise.
        usual: What that is called in the URL, where it can be asked for.
        sorts: The other ways, by their names, which are those of their places.
        first: The fields that are always in view, while the others are folded away; none: all.
        hint: What is worth knowing about those, in a sentence.
        keeps: The hidden fields that say how the list is shown.
        reader: Who asks, where that makes a difference.
        database: Where its rows are read, by the database's alias.
        count_words: So many rows, ``%(count)d`` of them.
        many_words: More rows than are counted, which are ``%(most)s``.
        about_words: Some ``%(about)s`` rows of a list that nothing narrows, as the database thinks.
    """

    ordering: ClassVar[Ordering]
    usual: ClassVar[str] = ""
    sorts: ClassVar[Mapping[str, Ordering]] = {}
    count_words: Text
    many_words: Text
    about_words: ClassVar[Text] = ""
    first: ClassVar[tuple[str, ...]] = ()
    hint: ClassVar[Text] = ""
    keeps: ClassVar[tuple[str, ...]] = ("sort",)
    database: str = DEFAULT_DB_ALIAS

    sort = forms.CharField(required=False, widget=forms.HiddenInput)
    after = forms.CharField(required=False, widget=forms.HiddenInput)
    before = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, reader: User | AnonymousUser | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader

    def clean_sort(self) -> str:
        """How it is sorted; "" as usual."""
        name: str = self.cleaned_data["sort"]
        if name == self.usual:
            return ""
        if name and name not in self.sorts:
            raise forms.ValidationError(_("This list cannot be sorted like that."))
        return name

    def clean(self) -> dict[str, Any]:
        """Places are read last: where they are depends on how the list is sorted."""
        for side in ("after", "before"):
            if text := self.answer(side):
                self.cleaned_data[side] = self._place(side, text)
        return self.cleaned_data

    def answer(self, name: str) -> Any:
        """What was given for a narrowing field, or ""."""
        return "" if name in self.errors else self.cleaned_data[name]

    def place(self, name: str) -> Place | None:
        return None if name in self.errors else self.cleaned_data[name] or None

    @property
    def sorted_by(self) -> Ordering:
        """How the list is sorted that is asked for."""
        return self.sorts.get(self.answer("sort"), self.ordering)

    @property
    def must_be_fresh(self) -> bool:
        """Whether it asks for what a mere look at a page writes, and no replica knows at once."""
        return False

    @cached_property
    def _narrows(self) -> list[forms.BoundField]:
        """The fields that narrow the list."""
        return self.visible_fields()

    @property
    def fields_in_view(self) -> list[forms.BoundField]:
        return [field for field in self._narrows if not self.first or field.name in self.first]

    @cached_property
    def fields_folded(self) -> list[forms.BoundField]:
        return [field for field in self._narrows if self.first and field.name not in self.first]

    @property
    def folded_count(self) -> int:
        """How many of the folded ones narrow the list, or are wrong."""
        asked = self.narrowing.keys() | self.errors.keys()
        return sum(field.name in asked for field in self.fields_folded)

    @property
    def fields_kept(self) -> list[forms.BoundField]:
        """The hidden fields that say how the list is shown, where they do."""
        return [self[name] for name in self.keeps if self.answer(name)]

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of the columns that were chosen, in their sequence; none: the usual ones."""
        return ()

    @property
    def has_errors_at_fields(self) -> bool:
        """Whether something is wrong that a person typed or chose, and not only the place."""
        return any(field.errors for field in self._narrows)

    @cached_property
    def narrowing(self) -> dict[str, str]:
        """The answers that narrow the list, as the URL's query holds them."""
        names = [field.name for field in self._narrows]
        return {
            name: str(given) for name in names if (given := self.answer(name)) not in EMPTY_VALUES
        }

    @property
    def kept(self) -> dict[str, str]:
        """How the list is shown, as the URL's query holds it."""
        return {name: given for name in self.keeps if (given := self.answer(name))}

    @cached_property
    def asked(self) -> dict[str, str]:
        """What the list is narrowed to and how it is shown, as the URL's query holds it."""
        return self.narrowing | self.kept

    @property
    def asked_query(self) -> str:
        """The query of just that, without a place; where nothing is asked for, of everything."""
        return urlencode(self.asked) or self.query_of_everything()

    @property
    def sent_query(self) -> str:
        """The query that asks again for all that was sent, right or wrong: a page says which."""
        sent = {name: str(self.data.get(name, ""))[:_REPEATED] for name in self.fields}
        return urlencode({name: given for name, given in sent.items() if given})

    @classmethod
    def query_of_everything(cls) -> str:
        """What asks for all rows, sorted as usual.

        A list that has views says so: asked for nothing it opens in its reader's default view.
        """
        return urlencode({"sort": cls.usual}) if cls.usual else ""

    def _place(self, side: str, text: str) -> Place | None:
        try:
            return self.sorted_by.read(text)
        except (ValueError, OverflowError):
            self.add_error(side, _("The page to show is not one of this list."))
            return None
