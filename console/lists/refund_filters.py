"""What the list of refunds and releases is narrowed by, and what is summed of it."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import EMPTY_VALUES
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cancellations.models import Refund, Release
from cancellations.models.queue import IS_IN_FLIGHT
from cancellations.models.refund_states import RefundStatus
from cancellations.models.refunds import WAITS_FOR_A_PERSON
from cancellations.refunds.gateways import known_gateways
from console.lists.amounts import AmountField, CurrencyField, at_least, at_most
from orders.arithmetic.money import Currency
from orders.formats import Text, money_text, number_text
from orders.keyset import COUNT_AT_MOST
from orders.list_form import ListForm
from orders.places import Key, Ordering, flag, whole
from orders.planning import by_indexes

RELEASES = "releases"
NEEDS_ATTENTION, IN_FLIGHT, DONE = "needs_attention", "in_flight", "done"
OTHER_GATEWAY = "other"

_STATES = {
    NEEDS_ATTENTION: Q(attention_since__isnull=False),
    IN_FLIGHT: Q(attention_since__isnull=True, due_at__isnull=False),
    DONE: Q(attention_since__isnull=True, due_at__isnull=True),
}
_AGES = {
    "hour": (timedelta(hours=1), _("Older than an hour")),
    "day": (timedelta(days=1), _("Older than a day")),
    "week": (timedelta(days=7), _("Older than a week")),
    "month": (timedelta(days=30), _("Older than 30 days")),
}


def _gateways() -> list[tuple[str, Text]]:
    named = [(name, name) for name in known_gateways()]
    return [("", _("All gateways")), *named, (OTHER_GATEWAY, _("Any other"))]


class RefundListForm(ListForm):
    ordering = Ordering(
        (Key("waits_for_a_person", flag), Key("is_in_flight", flag), Key("pk", whole)),
        descending=True,
    )
    count_words = ngettext_lazy("%(count)d refund", "%(count)d refunds", "count")
    many_words = ngettext_lazy(
        "more than %(most)s refund", "more than %(most)s refunds", COUNT_AT_MOST
    )

    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("Refunds")), (RELEASES, _("Releases"))],
    )
    status = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All states")),
            (NEEDS_ATTENTION, _("Needs attention")),
            (IN_FLIGHT, _("In flight")),
            (DONE, pgettext_lazy("refund", "Done")),
            *RefundStatus.choices,
        ],
    )
    gateway = forms.ChoiceField(label=_("Gateway"), required=False, choices=_gateways)
    age = forms.ChoiceField(
        label=_("Age"),
        required=False,
        choices=[("", _("Any age")), *((name, words) for name, (_age, words) in _AGES.items())],
    )
    currency = CurrencyField(label=_("Currency"))
    amount_from = AmountField(label=_("Amount from"))
    amount_to = AmountField(label=_("Amount to"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("kind") == RELEASES:
            self.count_words = ngettext_lazy("%(count)d release", "%(count)d releases", "count")
            self.many_words = ngettext_lazy(
                "more than %(most)s release", "more than %(most)s releases", COUNT_AT_MOST
            )


def narrowed(form: ListForm) -> QuerySet[Any]:
    """The refunds or releases that a form asks for, with what they are ordered by."""
    model = Release if form.answer("kind") else Refund
    found: QuerySet[Any] = model.objects.annotate(
        waits_for_a_person=WAITS_FOR_A_PERSON, is_in_flight=IS_IN_FLIGHT
    )
    if status := form.answer("status"):
        found = found.filter(_STATES.get(status) or Q(status=status))
    if gateway := form.answer("gateway"):
        of_it = Q(payment__gateway=gateway)
        if gateway == OTHER_GATEWAY:
            of_it = ~Q(payment__gateway__in=known_gateways())
        found = found.filter(of_it)
    if age := form.answer("age"):
        found = found.filter(created_at__lte=timezone.now() - _AGES[age][0])
    if currency := form.answer("currency"):
        found = found.filter(currency_code=currency.upper())
    if (amount := form.answer("amount_from")) not in EMPTY_VALUES:
        found = found.filter(at_least(amount, "amount_minor", places="currency_places"))
    if (amount := form.answer("amount_to")) not in EMPTY_VALUES:
        found = found.filter(at_most(amount, "amount_minor", places="currency_places"))
    return found


def sums_of(form: ListForm) -> str:
    """What the narrowed rows come to, by currency; nothing is summed of more than are counted."""
    rows = narrowed(form).using(form.database).order_by(*form.ordering.forward)
    amounts = rows.values_list("currency_code", "currency_places", "amount_minor")
    with by_indexes(form.database):
        found = list(amounts[: COUNT_AT_MOST + 1])
    if len(found) > COUNT_AT_MOST:
        words = gettext("Sums are shown of %(most)s at most: narrow the list.")
        return words % {"most": number_text(COUNT_AT_MOST)}
    sums: Counter[Currency] = Counter()
    for code, places, amount in found:
        sums[Currency(code, places)] += amount
    if not sums:
        return ""
    by_code = sorted(sums, key=lambda currency: currency.code)
    texts = (money_text(sums[currency], currency) for currency in by_code)
    return gettext("Together: %(amounts)s") % {"amounts": " · ".join(texts)}
