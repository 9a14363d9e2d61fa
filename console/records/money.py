"""What stands behind an order's amounts, in words: money that other systems move (domain.md §6)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from orders.arithmetic.amounts import Standing
from orders.arithmetic.money import Minor
from orders.formats import money_text


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind an order's amounts.

    Attributes:
        rows: Labels and amounts, from what is held to what is owed; none where nothing but the
            order's own total stands behind it.
        sentences: What others gave, kept or still have to pay back.
        expected_minor: What others still have to pay back.
    """

    rows: tuple[tuple[str, Minor], ...]
    sentences: tuple[str, ...]
    expected_minor: Minor


def read_behind(standing: Standing) -> Behind:
    """What is behind the amounts of an order as it stands."""
    sentences = tuple(sentence for sentence in _sentences(standing) if sentence)
    has_more = bool(sentences or standing.balance)
    return Behind(
        rows=_rows(standing) if has_more else (),
        sentences=sentences,
        expected_minor=standing.elsewhere.expected,
    )


def _rows(standing: Standing) -> tuple[tuple[str, Minor], ...]:
    """How the balance comes about; it ends with it."""
    balance = standing.balance
    rows = [
        (_("Held of the payments"), standing.held),
        (_("To keep for the order"), -standing.to_keep),
    ]
    if standing.elsewhere.expected:
        rows.append((_("Expected to be refunded elsewhere"), -standing.elsewhere.expected))
    if balance < 0:
        return (*rows, (_("Not paid yet"), -balance))
    return (*rows, (_("Owed to the customer"), balance))


def _sentences(standing: Standing) -> tuple[str, ...]:
    money = standing.elsewhere
    return (
        _amount_in(_expected_words(standing), money.expected, standing),
        _amount_in(
            _("%(amount)s was given elsewhere, beyond what was owed. It stays the customer’s."),
            max(0, money.given),
            standing,
        ),
        _amount_in(
            _("%(amount)s of what was returned or canceled elsewhere was kept by the shop."),
            max(0, -money.given),
            standing,
        ),
        _amount_in(
            _("%(amount)s was taken off elsewhere before anyone had paid for it."),
            money.unpaid,
            standing,
        ),
    )


def _expected_words(standing: Standing) -> str:
    """What left elsewhere decides what is said to be paid back there."""
    lines = standing.lines.values()
    returned = any(line.quantities.returned for line in lines)
    canceled = any(line.quantities.canceled_elsewhere for line in lines)
    if returned and not canceled:
        return _("%(amount)s of a return is expected to be refunded elsewhere.")
    if canceled and not returned:
        return _("%(amount)s of a cancellation elsewhere is expected to be refunded there.")
    return _(
        "%(amount)s of what was returned or canceled elsewhere is expected to be refunded there."
    )


def _amount_in(sentence: str, amount: Minor, standing: Standing) -> str:
    """The sentence with an amount, or "" without one."""
    return sentence % {"amount": money_text(amount, standing.currency)} if amount else ""
