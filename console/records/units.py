"""What became of a line's units, in words."""

from collections.abc import Iterator

from django.utils.translation import ngettext

from orders.arithmetic.statuses import Quantities
from orders.formats import number_text


def what_became_of(line: Quantities) -> Iterator[str]:
    """What became of its units, from first to last; what never happened is left out."""
    for number, words in (
        (line.ordered, _ordered),
        (line.allocated, _allocated),
        (line.fulfilled, _fulfilled),
        (line.return_initiated - line.returned, _coming_back),
        (line.returned, _returned),
        (line.canceled, _canceled),
    ):
        if number:
            yield words(number) % {"number": number_text(number)}


def _ordered(number: int) -> str:
    return ngettext("%(number)s ordered", "%(number)s ordered", number)


def _allocated(number: int) -> str:
    return ngettext("%(number)s allocated", "%(number)s allocated", number)


def _fulfilled(number: int) -> str:
    return ngettext("%(number)s fulfilled", "%(number)s fulfilled", number)


def _coming_back(number: int) -> str:
    return ngettext("%(number)s coming back", "%(number)s coming back", number)


def _returned(number: int) -> str:
    return ngettext("%(number)s returned", "%(number)s returned", number)


def _canceled(number: int) -> str:
    return ngettext("%(number)s canceled", "%(number)s canceled", number)
