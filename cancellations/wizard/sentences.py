"""The sentences of domain.md §4 and §5 as agents read them."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cancellations.arithmetic.notices import Bite, Notice
from orders.arithmetic.money import Currency
from orders.arithmetic.stories import Fate
from orders.formats import isolated, money_text, number_text, sentence


def words(notice: Notice, currency: Currency) -> SafeString:
    """What a notice says, in the reader's language."""
    amount = money_text(notice.amount, currency)
    match notice.bite:
        case Bite.CHILD_WITHOUT_BUNDLE:
            said = _("Takes %(amount)s off the order: the bundle item is not selected.")
        case Bite.CHILD_OF_INELIGIBLE_BUNDLE:
            said = _("Takes %(amount)s off the order: the bundle item can no longer be canceled.")
        case Bite.NOT_PRORATED:
            said = _("Refund is not prorated.")
        case Bite.CHILD_STAYS:
            return _what_became_of_child(notice, amount)
        case Bite.DELIVERY_STAYS:
            said = _("%(amount)s delivery stays on a group with nothing left.")
        case Bite.FEE_STAYS:
            said = _("%(amount)s for %(name)s stays on an order with nothing left.")
        case Bite.FEE_STAYS_WITH_UNITS:
            said = _("%(amount)s for %(name)s stays: fees go back with the last item of the order.")
    return sentence(said, amount=amount, name=isolated(notice.line.name))


def _what_became_of_child(notice: Notice, amount: str) -> SafeString:
    fate = notice.fate or Fate.OPEN
    if fate is Fate.OPEN and notice.is_all and notice.amount:
        said = _("Includes %(amount)s for %(name)s, which is not canceled.")
    else:
        said = (_FATES_WITH_MONEY if notice.amount else _FATES)[fate](notice.units)
    name = isolated(notice.about.name if notice.about else "")
    return sentence(said, amount=amount, name=name, units=number_text(notice.units))


_FATES = {
    Fate.OPEN: lambda units: ngettext(
        "%(units)s %(name)s is not canceled; the refund is for the whole bundle.",
        "%(units)s %(name)s are not canceled; the refund is for the whole bundle.",
        units,
    ),
    Fate.ALLOCATED: lambda units: ngettext(
        "%(units)s %(name)s is allocated and stays; the refund is for the whole bundle.",
        "%(units)s %(name)s are allocated and stay; the refund is for the whole bundle.",
        units,
    ),
    Fate.FULFILLED: lambda units: ngettext(
        "%(units)s %(name)s has shipped; the refund is for the whole bundle.",
        "%(units)s %(name)s have shipped; the refund is for the whole bundle.",
        units,
    ),
    Fate.COMING_BACK: lambda units: ngettext(
        "%(units)s %(name)s is on its way back; the refund is for the whole bundle.",
        "%(units)s %(name)s are on their way back; the refund is for the whole bundle.",
        units,
    ),
    Fate.RETURNED: lambda units: ngettext(
        "%(units)s %(name)s has been returned; the refund is for the whole bundle.",
        "%(units)s %(name)s have been returned; the refund is for the whole bundle.",
        units,
    ),
}
_FATES_WITH_MONEY = {
    Fate.OPEN: lambda units: ngettext(
        "Includes %(amount)s for %(name)s, of which %(units)s is not canceled.",
        "Includes %(amount)s for %(name)s, of which %(units)s are not canceled.",
        units,
    ),
    Fate.ALLOCATED: lambda units: ngettext(
        "Includes %(amount)s for %(name)s, of which %(units)s is allocated and stays.",
        "Includes %(amount)s for %(name)s, of which %(units)s are allocated and stay.",
        units,
    ),
    Fate.FULFILLED: lambda units: ngettext(
        "Includes %(amount)s for %(name)s, of which %(units)s has shipped.",
        "Includes %(amount)s for %(name)s, of which %(units)s have shipped.",
        units,
    ),
    Fate.COMING_BACK: lambda units: ngettext(
        "Includes %(amount)s for %(name)s, of which %(units)s is on its way back.",
        "Includes %(amount)s for %(name)s, of which %(units)s are on their way back.",
        units,
    ),
    Fate.RETURNED: lambda units: ngettext(
        "Includes %(amount)s for %(name)s, of which %(units)s has been returned.",
        "Includes %(amount)s for %(name)s, of which %(units)s have been returned.",
        units,
    ),
}
