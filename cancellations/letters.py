"""What a customer is told of a change order, in sentences: for mails, and to read out or paste.

What a gateway did not say yet stands nowhere as done.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cancellations.history import with_items_and_refunds
from cancellations.models import ChangeOrder, CustomerNotice, Refund
from cancellations.models.refund_states import RefundStatus
from orders.arithmetic.money import Minor
from orders.formats import isolated, money_text, number_text, sentence
from orders.models import OrderSummary
from orders.standing import as_it_stands
from orders.texts import ERASED

Kind = CustomerNotice.Kind
MOST_ITEMS = 100
"""So many stand in a letter one by one."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence: ``str`` of it is plain text, ``html`` is for a page.

    Attributes:
        amounts: What it is filled in with: numbers and money, as they are written.
        names: And what strangers wrote.
    """

    words: str
    amounts: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.words % {**self.amounts, **self.names}

    @property
    def html(self) -> SafeString:
        names = {name: isolated(text) for name, text in self.names.items()}
        return sentence(self.words, **self.amounts, **names)


@dataclass(frozen=True, slots=True)
class Letter:
    """What is told; ``lines`` are items, or amounts, that follow on the opening."""

    subject: str
    greeting: Said
    opening: Said
    lines: tuple[Said, ...]
    sentences: tuple[Said, ...]

    @property
    def text(self) -> str:
        """As plain text, without a blank line too many."""
        text = render_to_string("mail/letter.txt", {"letter": self})
        return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"

    @property
    def html(self) -> str:
        """As a page that needs nothing else."""
        return render_to_string("mail/letter.html", {"letter": self})


def letter_of(change_order: ChangeOrder, kind: str) -> Letter:
    """What a notice of this kind says, as things are now, in the language that is active.

    Args:
        change_order: A cancellation or settlement, with items, refunds and releases.
    """
    order, made = change_order.order, ChangeOrder.Kind(change_order.kind)
    number = {"number": order.order_number}
    owed = tuple(_owed(change_order))
    if kind == Kind.REFUNDED:
        return Letter(
            subject=_("Your order %(number)s: refunded") % number,
            greeting=_greeting(order),
            opening=Said(_("For your order %(number)s we have refunded:"), names=number),
            lines=tuple(_refunded(change_order)),
            sentences=(Said(_("It may take some days until you see it.")), *owed),
        )
    return Letter(
        subject=_SUBJECTS[made] % number,
        greeting=_greeting(order),
        opening=Said(str(_OPENINGS[made]), names=number),
        lines=tuple(_items(change_order)),
        sentences=(*_money(change_order), *owed),
    )


def customers_language() -> translation.override:
    """The language in which customers are written to."""
    return translation.override(settings.LANGUAGE_CODE)


def to_read_out(change_order: ChangeOrder) -> str:
    """What an agent may read out or paste of a change order; "" where nothing of it stands.

    Args:
        change_order: With items, refunds and releases.
    """
    was_undone = ChangeOrder.objects.filter(undoes=change_order).exists()
    if was_undone or not ChangeOrder.Kind(change_order.kind).can_be_undone:
        return ""
    return letter_of(change_order, Kind.CHANGED).text


def letter_for(notice: CustomerNotice) -> Letter:
    """What a notice says now, in the customer's language."""
    found = with_items_and_refunds(ChangeOrder.objects.select_related("order"))
    with customers_language():
        return letter_of(found.get(pk=notice.change_order_id), notice.kind)


_SUBJECTS = {
    ChangeOrder.Kind.CANCELLATION: gettext_lazy("Your order %(number)s: what was canceled"),
    ChangeOrder.Kind.SETTLEMENT: gettext_lazy("Your order %(number)s: your refund"),
}
_OPENINGS = {
    ChangeOrder.Kind.CANCELLATION: gettext_lazy(
        "We have canceled this part of your order %(number)s:"
    ),
    ChangeOrder.Kind.SETTLEMENT: gettext_lazy("This is about the money of your order %(number)s."),
}
_REFUNDS = {
    RefundStatus.SUCCEEDED: gettext_lazy("%(amount)s has been refunded to %(payment)s."),
    RefundStatus.FAILED: gettext_lazy(
        "%(amount)s is still to be refunded to %(payment)s. It takes longer than usual; we see to"
        " it."
    ),
    RefundStatus.UNKNOWN: gettext_lazy(
        "%(amount)s is still to be refunded to %(payment)s. It takes longer than usual; we see to"
        " it."
    ),
}
_TO_COME = gettext_lazy("%(amount)s will be refunded to %(payment)s.")
_ANOTHER_WAY = {
    RefundStatus.SUCCEEDED: gettext_lazy("%(amount)s has been refunded."),
    RefundStatus.MANUAL: gettext_lazy("%(amount)s will be refunded."),
}
"""Of what a person pays out, or what went back elsewhere: nobody knows here which way it goes."""
_RELEASED = gettext_lazy("%(amount)s that was set aside on %(payment)s has been released.")
_TO_RELEASE = gettext_lazy(
    "%(amount)s that was set aside on %(payment)s, and never charged, will be released."
)


def _greeting(order: OrderSummary) -> Said:
    if order.customer_name not in ("", ERASED):
        return Said(_("Hello %(name)s,"), names={"name": order.customer_name})
    return Said(_("Hello,"))


def _items(change_order: ChangeOrder) -> Iterator[Said]:
    items = [item for item in change_order.items.all() if item.quantity]
    for item in items[:MOST_ITEMS]:
        amounts = {"quantity": number_text(item.quantity)}
        yield Said(_("%(quantity)s × %(name)s"), amounts, {"name": item.line.name})
    if (others := len(items) - MOST_ITEMS) > 0:
        words = ngettext("and %(number)s other", "and %(number)s others", others)
        yield Said(words, {"number": number_text(others)})


def _money(change_order: ChangeOrder) -> Iterator[Said]:
    """What the order costs less, what goes back over each payment, and what is released."""
    if less := change_order.canceled_minor:
        yield Said(_("Your order costs %(amount)s less."), {"amount": _amount(less, change_order)})
    refunds = [each for each in change_order.refunds.all() if each.status != _WITHDRAWN]
    for refund in refunds:
        status = RefundStatus(refund.status)
        words = _REFUNDS.get(status, _TO_COME)
        if _goes_another_way(refund):
            words = _ANOTHER_WAY.get(status, words)
        yield _over(str(words), refund.amount_minor, refund.payment.method, change_order)
    if not change_order.refund_due_minor:
        yield Said(_("There is nothing to refund."))
    for release in change_order.releases.all():
        if release.status != _WITHDRAWN:
            words = _RELEASED if release.status == RefundStatus.SUCCEEDED else _TO_RELEASE
            yield _over(str(words), release.amount_minor, release.payment.method, change_order)


def _goes_another_way(refund: Refund) -> bool:
    """Whether it goes, or went, back by other means than its payment's gateway."""
    return bool(refund.paid_by or refund.by_hand)


def _refunded(change_order: ChangeOrder) -> Iterator[Said]:
    for refund in change_order.refunds.all():
        if refund.status == RefundStatus.SUCCEEDED:
            words = "%(amount)s" if _goes_another_way(refund) else _("%(amount)s to %(payment)s")
            yield _over(words, refund.amount_minor, refund.payment.method, change_order)


def _owed(change_order: ChangeOrder) -> Iterator[Said]:
    """What no payment could take, as far as it is owed still."""
    unassigned = change_order.unassigned_minor
    if not unassigned:
        return
    if owed := min(unassigned, as_it_stands(change_order.order).excess_funds):
        words = _("%(amount)s is still owed to you. We see to how it reaches you.")
        yield Said(words, {"amount": _amount(owed, change_order)})


def _over(words: str, minor: Minor, payment: str, change_order: ChangeOrder) -> Said:
    return Said(words, {"amount": _amount(minor, change_order)}, {"payment": payment})


def _amount(minor: Minor, change_order: ChangeOrder) -> str:
    return money_text(minor, change_order.order.currency)


_WITHDRAWN = RefundStatus.WITHDRAWN
