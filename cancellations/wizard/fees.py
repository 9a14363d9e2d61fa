"""The choice on fees, which the details of both wizards ask for where an order has some."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AsksOfFees(forms.Form):
    """Asks whether the fees go back with the last item of the order (domain.md §5)."""

    def ask_of_fees(self, *, has_fees: bool, initial: bool = False) -> None:
        """Add the choice to the form of an order that has fees."""
        if has_fees:
            self.fields["refund_fees"] = forms.BooleanField(
                label=_("Refund fees"), required=False, initial=initial
            )

    @property
    def refund_fees(self) -> forms.BoundField | None:
        """The choice, where it is asked for."""
        return self["refund_fees"] if "refund_fees" in self.fields else None

    @property
    def shows_refund_fees(self) -> bool:
        """What the page shows as chosen now."""
        return self.refund_fees is not None and bool(self.refund_fees.value())

    @property
    def is_to_refund_fees(self) -> bool:
        """The valid answer; without the question no fee is refunded."""
        return bool(self.cleaned_data.get("refund_fees"))
