"""The sentences of domain.md §4 and §5 as agents read them."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from cancellations.arithmetic.notices import Bite, Fate, Notice
from orders.arithmetic.money import Currency
from orders.formats import money_text


def words(notice: Notice, currency: Currency) -> str:
    """What a notice says, in the reader's language."""
    of = {"amount": money_text(notice.amount, currency), "name": notice.line.name}
    match notice.bite:
        case Bite.CHILD_WITHOUT_BUNDLE:
            sentence = _("Takes %(amount)s off the order: the bundle item is not selected.")
        case Bite.CHILD_OF_INELIGIBLE_BUNDLE:
            sentence = _(
                "Takes %(amount)s off the order: the bundle item can no longer be canceled."
            )
        case Bite.NOT_PRORATED:
            sentence = _("Refund is not prorated.")
        case Bite.CHILD_STAYS:
            return _what_became_of_child(notice, of["amount"])
        case Bite.DELIVERY_STAYS:
            sentence = _("%(amount)s delivery stays on a group with nothing left.")
        case Bite.FEE_STAYS:
            sentence = _("%(amount)s for %(name)s stays on an order with nothing left.")
        case Bite.FEE_STAYS_WITH_UNITS:
            sentence = _(
                "%(amount)s for %(name)s stays: fees go back with the last item of the order."
            )
    return sentence % of


def _what_became_of_child(notice: Notice, amount: str) -> str:
    of = {"amount": amount, "name": notice.about and notice.about.name, "units": notice.units}
    fate = notice.fate or Fate.NOT_CANCELED
    if fate is Fate.NOT_CANCELED and notice.is_all and notice.amount:
        return _("Includes %(amount)s for %(name)s, which is not canceled.") % of
    sentences = _FATES_WITH_MONEY if notice.amount else _FATES
    return sentences[fate] % of


_FATES = {
    Fate.NOT_CANCELED: ngettext_lazy(
        "%(units)d %(name)s is not canceled; the refund is for the whole bundle.",
        "%(units)d %(name)s are not canceled; the refund is for the whole bundle.",
        "units",
    ),
    Fate.ALLOCATED: ngettext_lazy(
        "%(units)d %(name)s is allocated and stays; the refund is for the whole bundle.",
        "%(units)d %(name)s are allocated and stay; the refund is for the whole bundle.",
        "units",
    ),
    Fate.SHIPPED: ngettext_lazy(
        "%(units)d %(name)s has shipped; the refund is for the whole bundle.",
        "%(units)d %(name)s have shipped; the refund is for the whole bundle.",
        "units",
    ),
    Fate.ON_ITS_WAY_BACK: ngettext_lazy(
        "%(units)d %(name)s is on its way back; the refund is for the whole bundle.",
        "%(units)d %(name)s are on their way back; the refund is for the whole bundle.",
        "units",
    ),
    Fate.RETURNED: ngettext_lazy(
        "%(units)d %(name)s has been returned; the refund is for the whole bundle.",
        "%(units)d %(name)s have been returned; the refund is for the whole bundle.",
        "units",
    ),
}
_FATES_WITH_MONEY = {
    Fate.NOT_CANCELED: ngettext_lazy(
        "Includes %(amount)s for %(name)s, of which %(units)d is not canceled.",
        "Includes %(amount)s for %(name)s, of which %(units)d are not canceled.",
        "units",
    ),
    Fate.ALLOCATED: ngettext_lazy(
        "Includes %(amount)s for %(name)s, of which %(units)d is allocated and stays.",
        "Includes %(amount)s for %(name)s, of which %(units)d are allocated and stay.",
        "units",
    ),
    Fate.SHIPPED: ngettext_lazy(
        "Includes %(amount)s for %(name)s, of which %(units)d has shipped.",
        "Includes %(amount)s for %(name)s, of which %(units)d have shipped.",
        "units",
    ),
    Fate.ON_ITS_WAY_BACK: ngettext_lazy(
        "Includes %(amount)s for %(name)s, of which %(units)d is on its way back.",
        "Includes %(amount)s for %(name)s, of which %(units)d are on their way back.",
        "units",
    ),
    Fate.RETURNED: ngettext_lazy(
        "Includes %(amount)s for %(name)s, of which %(units)d has been returned.",
        "Includes %(amount)s for %(name)s, of which %(units)d have been returned.",
        "units",
    ),
}
