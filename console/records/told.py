"""What is said of a line beside its name: what tells it from others, what became of its units."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.arithmetic.statuses import Quantities
from orders.formats import number_text
from orders.models import DeliveryGroup, OrderItemSummary


def teller(lines: Iterable[OrderItemSummary]) -> Callable[[OrderItemSummary], Iterator[str]]:
    """Says of a line what tells it from others: only where something else looks the same."""
    products = [line for line in lines if line.is_product]
    named = Counter(line.name for line in products)
    differing = _differing({line.delivery_group for line in products if line.delivery_group})

    def tell_apart(line: OrderItemSummary) -> Iterator[str]:
        if named[line.name] > 1:
            yield _("Line %(key)s") % {"key": line.key}
        if line.delivery_group:
            yield from (said for name in differing if (said := getattr(line.delivery_group, name)))

    return tell_apart


def _differing(groups: set[DeliveryGroup]) -> list[str]:
    """What of delivery groups tells them apart: to whom and how they go, or else where to."""
    if len(groups) < 2:
        return []
    told = ("deliver_to", "method")
    differing = [name for name in told if len({getattr(group, name) for group in groups}) > 1]
    return differing or ["address"]


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
