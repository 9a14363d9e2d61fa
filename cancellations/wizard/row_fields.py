"""The fields of a row of details: made once for a form, and told apart by their words alone."""

from collections.abc import Mapping
from copy import copy
from typing import TypeVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cancellations.wizard.fields import Choices, NoteField, ReasonField, WholeNumberField
from orders.formats import number_text

RowField = TypeVar("RowField", bound=forms.Field)


class RowFields:
    """Makes the fields of each row out of a few, whose widgets they share.

    What names the line stands in a field's label; whoever writes the field puts it beside it as
    ``aria-label``.
    """

    def __init__(self, choices: Choices) -> None:
        self._quantities: dict[tuple[int, int], WholeNumberField] = {}
        self._reason, self._note = ReasonField(choices=choices), NoteField()
        self._refund_delivery = forms.BooleanField(required=False)
        self._quantity_label = _("Quantity for %(line)s")
        self._reason_label = _("Reason for %(line)s")
        self._note_label = _("Note for %(line)s")
        self._refund_delivery_label = _("Refund delivery charge for %(line)s")

    def quantity(self, least: int, available: int, of: Mapping[str, str]) -> WholeNumberField:
        if (least, available) not in self._quantities:
            self._quantities[least, available] = _quantity(least, available)
        return _named(self._quantities[least, available], self._quantity_label % of)

    def reason(self, of: Mapping[str, str]) -> ReasonField:
        return _named(self._reason, self._reason_label % of)

    def note(self, of: Mapping[str, str]) -> NoteField:
        return _named(self._note, self._note_label % of)

    def refund_delivery(self, of: Mapping[str, str]) -> forms.BooleanField:
        return _named(self._refund_delivery, self._refund_delivery_label % of)


def _named(field: RowField, label: str) -> RowField:
    named = copy(field)
    named.label = label
    return named


def _quantity(least: int, available: int) -> WholeNumberField:
    return WholeNumberField(
        min_value=least,
        max_value=available,
        error_messages={
            "required": _("Enter a quantity."),
            "min_value": _("Enter a quantity of at least %(limit_value)d."),
            "max_value": ngettext(
                "Only %(available)s can be canceled.",
                "Only %(available)s can be canceled.",
                available,
            )
            % {"available": number_text(available)},
        },
    )
