"""What people choose when they refund what is owed, and what they send to have it done."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cancellations.arithmetic.settlements import (
    charges_left_behind,
    fees_left_behind,
    quote_settlement,
)
from cancellations.selection import SettlementRequest
from cancellations.snapshots import NotReadBack, Snapshot
from cancellations.wizard.review import UNREADABLE
from console.notes import NoteField
from orders.arithmetic.amounts import Standing
from orders.arithmetic.money import Currency, Minor, NotMoney, parse, show
from orders.formats import isolated, money_text, sentence
from orders.models import OrderSummary


class MoneyField(forms.CharField):
    """An amount as documents write it, in minor units; None where nothing is typed."""

    default_error_messages = {
        "invalid": _("Enter an amount such as %(example)s."),
        "negative": _("Enter an amount of 0 or more."),
    }

    def __init__(self, *, currency: Currency, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=20, **kwargs)
        self.currency = currency

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = parse(text, self.currency)
        except NotMoney as error:
            message = self.error_messages["invalid"] % {"example": show(1250, self.currency)}
            raise forms.ValidationError(message) from error
        if amount < 0:
            raise forms.ValidationError(self.error_messages["negative"])
        return amount

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off", "size": 12}


class RunField(forms.UUIDField):
    """Under which id it is submitted: once, however often it is sent."""

    widget = forms.HiddenInput
    default_error_messages = {"required": UNREADABLE, "invalid": UNREADABLE}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=pgettext_lazy("step", "Review"), **kwargs)


class ChoicesForm(forms.Form):
    """What is given back beside what is owed, and over which payments; it comes with the URL.

    Attributes:
        standing: The order as it stands.
    """

    run = RunField(required=False)

    def __init__(self, *args: Any, order: OrderSummary, standing: Standing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order, self.standing = order, standing
        self._new_run = uuid4()
        groups = {group.key: group for group in order.delivery_groups.all()}
        self.groups: dict[str, str] = {}
        for key, worth in charges_left_behind(standing).items():
            self.groups[f"group-{groups[key].pk}"] = key
            self.fields[f"group-{groups[key].pk}"] = forms.BooleanField(
                required=False,
                label=sentence(
                    _say("Refund the delivery charge of %(group)s: %(amount)s"),
                    group=isolated(groups[key]),
                    amount=self._shown(worth),
                ),
            )
        if fees := fees_left_behind(standing):
            self.fields["fees"] = forms.BooleanField(
                required=False,
                label=_say("Refund the fees: %(amount)s")
                % {"amount": self._shown(sum(fees.values()))},
            )
        self.payments = self._payment_fields()

    @property
    def has_choices(self) -> bool:
        """Whether there is anything to choose."""
        return len(self.fields) > len(self.base_fields)

    @property
    def choices(self) -> Iterator[forms.BoundField]:
        """The check boxes."""
        return (self[name] for name in self.fields if name in self.groups or name == "fees")

    @property
    def amounts(self) -> Iterator[forms.BoundField]:
        """The amounts over payments."""
        return (self[name] for name in self.payments)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        refundable = {payment.key: payment.refundable for payment in self.standing.payments}
        for name, key in self.payments.items():
            if (answers.get(name) or 0) > refundable[key]:
                at_most = _say("At most %(amount)s can go back over this payment.")
                self.add_error(name, at_most % {"amount": self._shown(refundable[key])})
        if not self.errors and (chosen := self.chosen):
            due = quote_settlement(
                self.standing, self.delivery_groups, refund_fees=self.refund_fees
            ).refund_due
            if sum(chosen.values()) > due:
                more = _say("Together these are more than the %(amount)s to refund.")
                raise forms.ValidationError(more % {"amount": self._shown(due)})
        return answers

    @property
    def delivery_groups(self) -> tuple[str, ...]:
        return tuple(key for name, key in self.groups.items() if self.cleaned_data[name])

    @property
    def refund_fees(self) -> bool:
        return bool(self.cleaned_data.get("fees"))

    @property
    def chosen(self) -> Mapping[str, Minor] | None:
        """Minor units by payment, or None where the rules distribute."""
        amounts = {key: self.cleaned_data[name] for name, key in self.payments.items()}
        given = {key: amount for key, amount in amounts.items() if amount is not None}
        return given or None

    def request(self) -> SettlementRequest:
        """What the valid answers ask, under the run's id, a new one unless it came along."""
        return SettlementRequest(
            order_number=self.order.order_number,
            request_id=str(self.run_id),
            delivery_groups=self.delivery_groups,
            refund_fees=self.refund_fees,
            note=self.cleaned_data.get("note", ""),
            chosen=self.chosen,
        )

    @property
    def run_id(self) -> UUID:
        """The id that came along, else a new one."""
        return self.cleaned_data.get("run") or self._new_run

    def _payment_fields(self) -> dict[str, str]:
        """An amount for each of the payments, by field, where there is something to choose.

        A single payment is chosen where the rules may leave it out: only full refunds go over it.
        """
        rows = [row for row in self.order.payments.all() if row.figures.refundable]
        if len(rows) < 2 and not any(row.full_refund_only for row in rows):
            return {}
        for row in rows:
            self.fields[f"payment-{row.pk}"] = MoneyField(
                currency=self.order.currency,
                label=sentence(
                    _say("Over %(payment)s, at most %(amount)s"),
                    payment=isolated(row.method),
                    amount=self._shown(row.figures.refundable),
                ),
            )
        return {f"payment-{row.pk}": row.key for row in rows}

    def _shown(self, amount: Minor) -> str:
        return money_text(amount, self.order.currency)


class SubmitForm(ChoicesForm):
    """The choices as they were reviewed, with what they came to, signed; and a note."""

    run = RunField()
    note = NoteField(label=_("Note"))
    agreed = forms.CharField(
        label=pgettext_lazy("step", "Review"),
        widget=forms.HiddenInput,
        error_messages={"required": UNREADABLE},
    )

    def clean_agreed(self) -> Snapshot:
        try:
            return Snapshot.read(self.cleaned_data["agreed"], self.order.order_number)
        except NotReadBack as error:
            raise forms.ValidationError(UNREADABLE) from error
