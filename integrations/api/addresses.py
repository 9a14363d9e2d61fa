"""What addresses and queries name; what nothing of ours can be called is not there."""

import re

from cancellations.models import ChangeOrder
from cancellations.models.numbers import SPELLING, pk_of
from integrations.api.problems import not_found
from orders import addresses
from orders.documents.fields import DocumentRefused, Problem
from orders.models import OrderSummary

LONGEST_TEXT = 255


def number_in(spelling: str) -> str:
    """The number that an address spells.

    Raises:
        Refused: None is spelled like this.
    """
    try:
        return addresses.read(spelling)
    except ValueError as error:
        raise not_found() from error


def order_at(spelling: str) -> OrderSummary:
    """The order that an address names.

    Raises:
        Refused: There is none.
    """
    found = OrderSummary.objects.filter(order_number=number_in(spelling)).first()
    if found is None:
        raise not_found()
    return found


def change_order_at(number: str) -> ChangeOrder:
    """The change order that an address names.

    Raises:
        Refused: There is none.
    """
    if not re.fullmatch(SPELLING, number):
        raise not_found()
    found = ChangeOrder.objects.filter(pk=pk_of(number)).select_related("order").first()
    if found is None:
        raise not_found()
    return found


def text_of(text: str, field: str) -> str:
    """A text of the query, as a column may hold it.

    Raises:
        DocumentRefused: None may.
    """
    if not text.isprintable() or len(text) > LONGEST_TEXT:
        raise DocumentRefused(Problem(field, "must be at most 255 printable characters"))
    return text
