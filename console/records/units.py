"""What became of a line's units, in words."""

from collections.abc import Iterator

from django.utils.translation import ngettext

from orders.arithmetic.statuses import Quantities
from orders.formats import number_text


def what_became_of(line: Quantities) -> Iterator[str]:
    """What became of its units, from first to last; what never happened is left out."""
    on_its_way = line.return_initiated - line.returned
    for number, words in (
        (line.ordered, ngettext("%(number)s ordered", "%(number)s ordered", line.ordered)),
        (line.allocated, ngettext("%(number)s allocated", "%(number)s allocated", line.allocated)),
        (line.fulfilled, ngettext("%(number)s fulfilled", "%(number)s fulfilled", line.fulfilled)),
        (on_its_way, ngettext("%(number)s coming back", "%(number)s coming back", on_its_way)),
        (line.returned, ngettext("%(number)s returned", "%(number)s returned", line.returned)),
        (line.canceled, ngettext("%(number)s canceled", "%(number)s canceled", line.canceled)),
    ):
        if number:
            yield words % {"number": number_text(number)}
