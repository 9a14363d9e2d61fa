"""How amounts come about, in words: what unfolds of a line, and why a refund is what it is.

Every figure is one that ``arithmetic`` gave; what is said of it is what was done to get it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cancellations.arithmetic.dues import Due
from orders.arithmetic.money import Currency, Minor
from orders.arithmetic.parts import Counted, Gone, Part, Parts
from orders.arithmetic.totals import TaxLocale
from orders.formats import isolated, money_text, money_texts, number_writer
from orders.models import OrderItemSummary

_LINE_SHOWS = 2
"""So many parts, the amount and one tax, stand in the line itself."""


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of a line under its name.

    Attributes:
        note: What kind of part it is, where the name is a stranger's.
        is_sum: Whether it is what those above it add up to.
    """

    label: str
    note: str
    part: Part
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class Unfolded:
    """What a line's amount is made up of.

    Attributes:
        sentences: How what is left was reckoned, where anything has gone.
    """

    parts: Parts
    rows: tuple[PartRow, ...]
    sentences: tuple[str, ...]


class Unfolding:
    """Tells what unfolds of the lines of an order; its words are looked up once for all of them."""

    def __init__(self, currency: Currency, tax_locale: TaxLocale) -> None:
        self._tax_locale = tax_locale
        self._money, self._number = money_texts(currency), number_writer()
        self._line_amount, self._amount, self._total = _("Line amount"), _("Amount"), _("Total")
        self._tax = _("Tax") if tax_locale == "net" else _("Tax (included above)")
        self._scopes = {"line": _("Line adjustment"), "order": _("Order adjustment")}
        self._reckoned_words = {counted: _words_of(counted) for counted in Counted}
        self._labels = {was: _labels(is_reduced_before=was) for was in (False, True)}

    def of(self, line: OrderItemSummary, parts: Parts) -> Unfolded | None:
        """What unfolds of a line; None where the line itself shows all of it."""
        rows = tuple(self._rows(line, parts))
        plain = not parts.adjustments and len(rows) <= _LINE_SHOWS + 1
        if plain and not parts.is_reduced:
            return None
        return Unfolded(parts, rows, tuple(self._sentences(parts)))

    def of_move(self, line: OrderItemSummary, parts: Parts) -> Unfolded | None:
        """What unfolds of a line that a change moved; None where it moved no money of it."""
        moved = (parts.line_amount, *(part for _scope, part in parts.adjustments), *parts.taxes)
        if not any(part.by for part in moved):
            return None
        return self.of(line, parts)

    def _rows(self, line: OrderItemSummary, parts: Parts) -> Iterator[PartRow]:
        yield PartRow(self._line_amount, "", parts.line_amount)
        for row, (scope, part) in zip(line.adjustments.all(), parts.adjustments, strict=True):
            yield PartRow(isolated(row.name), self._scopes[scope], part)
        if parts.adjustments:
            yield PartRow(self._amount, "", parts.net, is_sum=True)
        for tax, part in zip(line.taxes.all(), parts.taxes, strict=True):
            yield PartRow(isolated(tax.name), self._tax, part)
        if len(parts.taxes) > 1:
            yield PartRow(self._tax, "", parts.tax, is_sum=True)
        if parts.taxes and self._tax_locale == "net":
            yield PartRow(self._total, "", parts.total, is_sum=True)

    def _sentences(self, parts: Parts) -> Iterator[str]:
        """The amount and its tax, each as it was reckoned before the change and after it."""
        for sold, part, (before, after) in zip(
            (parts.sold_net, parts.sold_tax),
            (parts.net, parts.tax),
            self._labels[bool(parts.gone_before.gone)],
            strict=True,
        ):
            if sold and parts.gone_before.gone:
                yield before % {"reckoned": self._reckoned(sold, part.before, parts.gone_before)}
            if sold and parts.gone.gone:
                yield after % {"reckoned": self._reckoned(sold, part.after, parts.gone)}

    def _reckoned(self, sold: Minor, left: Minor, gone: Gone) -> str:
        count = self._money if gone.counted is Counted.PRICE else self._number
        return self._reckoned_words[gone.counted] % {
            "sold": self._money(sold),
            "off": self._money(sold - left),
            "left": self._money(left),
            "gone": count(gone.gone),
            "of": count(gone.of),
        }


def _labels(*, is_reduced_before: bool) -> tuple[tuple[str, str], tuple[str, str]]:
    """Of the amount and of its tax, before a change and after it.

    What is left after a change says so only beside what was left before it.
    """
    amount, tax = _("Amount: %(reckoned)s"), _("Tax: %(reckoned)s")
    if is_reduced_before:
        amount, tax = _("Amount after: %(reckoned)s"), _("Tax after: %(reckoned)s")
    return (_("Amount before: %(reckoned)s"), amount), (_("Tax before: %(reckoned)s"), tax)


def _words_of(counted: Counted) -> str:
    match counted:
        case Counted.UNITS:
            return _("%(sold)s over %(of)s, %(gone)s gone: %(sold)s − %(off)s = %(left)s")
        case Counted.BUNDLES:
            return _("%(sold)s over %(of)s bundles, %(gone)s gone: %(sold)s − %(off)s = %(left)s")
        case Counted.PRICE:
            return _(
                "%(sold)s over items for %(of)s, of which %(gone)s was canceled with its"
                " delivery: %(sold)s − %(off)s = %(left)s"
            )
        case Counted.WHOLE:
            return _("%(sold)s, all of it gone: %(sold)s − %(off)s = %(left)s")


@dataclass(frozen=True, slots=True)
class DueRow:
    """A step from what is canceled to what is refunded; what lessens it is negative."""

    label: str
    amount_minor: Minor


@dataclass(frozen=True, slots=True)
class DueInWords:
    """Why a refund is what it is.

    Attributes:
        rows: From what is canceled on; they add up to the refund.
        sentences: The same of what is not refunded, one each.
    """

    due: Due
    rows: tuple[DueRow, ...]
    sentences: tuple[str, ...]


def due_in_words(due: Due, currency: Currency, *, taken_off: str = "") -> DueInWords:
    """What lies between what is taken off the order, canceled unless it is said, and the refund."""
    steps = [
        (due.owed_before, _("Owed before"), ""),
        (-due.given_before, _("Given elsewhere before"), _("%(amount)s was given before.")),
        (-due.charged_back, _("Charged back"), _("%(amount)s was charged back.")),
        (-due.never_captured, _("Never captured"), _("%(amount)s was never captured.")),
    ]
    canceled = DueRow(taken_off or pgettext("amount", "Canceled"), due.canceled)
    return DueInWords(
        due,
        (canceled, *(DueRow(label, amount) for amount, label, _said in steps if amount)),
        tuple(
            said % {"amount": money_text(-amount, currency)}
            for amount, _label, said in steps
            if amount and said
        ),
    )
