"""A row of Cancel Item's details, as its template takes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms

from orders.arithmetic.money import Minor
from orders.models import OrderItemSummary
from orders.tree import TreeRow

if TYPE_CHECKING:
    from cancellations.wizard.details_form import DetailsForm


@dataclass(frozen=True, slots=True)
class DetailsRow:
    """One selected line with its four fields."""

    form: DetailsForm
    tree: TreeRow

    @property
    def line(self) -> OrderItemSummary:
        return self.tree.line

    @property
    def is_of_bundle(self) -> bool:
        """Whether a rule of bundles can bite here."""
        return self.tree.is_bundle or self.line.bundle_id is not None

    @property
    def available(self) -> int:
        return self.form.available[self.line.pk]

    @property
    def quantity(self) -> forms.BoundField:
        return self.form[f"{self.line.pk}-quantity"]

    @property
    def reason(self) -> forms.BoundField:
        return self.form[f"{self.line.pk}-reason"]

    @property
    def note(self) -> forms.BoundField:
        return self.form[f"{self.line.pk}-note"]

    @property
    def refund_delivery(self) -> forms.BoundField | None:
        """The choice on its group's charge, where there is one."""
        return self.form[f"{self.line.pk}-refund_delivery"] if self.charge_minor else None

    @property
    def charge_minor(self) -> Minor:
        """What is left of the charges for its delivery."""
        return self.form.charges.get(self.line.key, 0)

    @property
    def following(self) -> Sequence[int]:
        return self.form.following(self.line)

    @property
    def hints(self) -> Sequence[str]:
        """The bundle rules that bite on this row."""
        return self.form.hints.get(self.line.key, ())

    @property
    def capped(self) -> bool:
        """Whether Apply to All asked for more than this row has."""
        follows = self.form.bundle_of(self.line) is not None
        return not follows and (self.form.apply_quantity or 0) > self.available
