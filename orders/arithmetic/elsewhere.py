"""How facts move the money that is other systems' matter: the table of domain.md §6.

Every function takes the order as it stands after the fact, and gives it with P, G and W moved.
"""

from dataclasses import replace

from orders.arithmetic.amounts import Standing
from orders.arithmetic.funds import Elsewhere
from orders.arithmetic.money import Minor


def after_capture(after: Standing, *, balance_before: Minor) -> Standing:
    """More was captured: what others had taken off unpaid is theirs to pay back as far as owed."""
    money = after.elsewhere
    owed = min(money.unpaid, _growth(balance_before, after.balance))
    return _moved(after, expected=money.expected + owed, unpaid=money.unpaid - owed)


def after_loss(after: Standing, *, taken: Minor, balance_before: Minor) -> Standing:
    """Others took ``taken`` off the grand total: theirs to pay back, as far as it was paid."""
    money = after.elsewhere
    given_before = min(taken, max(0, money.given))
    after = _moved(after, given=money.given - given_before)
    rest = taken - given_before
    owed = min(rest, _growth(balance_before, after.balance))
    return _moved(after, expected=money.expected + owed, unpaid=money.unpaid + rest - owed)


def after_chargeback(after: Standing, *, lost: Minor) -> Standing:
    """``lost`` more was charged back: it cannot be refunded any more, and is no goodwill."""
    expected = after.elsewhere.expected
    return _moved(after, expected=expected - min(lost, expected))


def after_refunds(after: Standing, *, refunded: Minor, balance_before: Minor) -> Standing:
    """Others refunded ``refunded`` more (less, where one failed there).

    It pays what was expected of them, then what we owed; the rest is goodwill.
    """
    money = after.elsewhere
    if refunded < 0:
        goodwill = min(-refunded, max(0, money.given))
        return _moved(
            after, given=money.given - goodwill, expected=money.expected - refunded - goodwill
        )
    expected = min(refunded, money.expected)
    beyond = max(0, refunded - expected - max(0, balance_before))
    return _moved(after, expected=money.expected - expected, given=money.given + beyond)


def nothing_more_expected(standing: Standing, *, shop_keeps_it: bool) -> Standing:
    """A person says that nothing more is coming: the shop keeps P, or we owe it."""
    money = standing.elsewhere
    kept = money.expected if shop_keeps_it else 0
    return _moved(standing, expected=0, given=money.given - kept)


def as_it_came(standing: Standing) -> Standing:
    """An order as imported: a report of all that had happened before (domain.md §6).

    First what was canceled and returned, at full value less value as imported, then what was
    refunded. Where nothing was, nothing is to be moved.
    """
    payments = standing.payments
    refunded = sum(payment.refunded_elsewhere for payment in payments)
    is_whole = not any(line.quantities.gone for line in standing.lines.values())
    if is_whole and not refunded:
        return standing.with_money(elsewhere=Elsewhere())
    unrefunded = tuple(replace(payment, refunded_elsewhere=0) for payment in payments)
    whole = replace(
        standing,
        payments=unrefunded,
        elsewhere=Elsewhere(),
        lines={
            key: replace(line, quantities=replace(line.quantities, canceled=0, returned=0))
            for key, line in standing.lines.items()
        },
    )
    taken = whole.totals.grand_total - standing.totals.grand_total
    before = standing.with_money(payments=unrefunded, elsewhere=Elsewhere())
    before = after_loss(before, taken=taken, balance_before=whole.balance)
    return after_refunds(
        before.with_money(payments=payments),
        refunded=refunded,
        balance_before=before.balance,
    )


def _growth(before: Minor, after: Minor) -> Minor:
    """By how much what we owe has grown."""
    return max(0, max(0, after) - max(0, before))


def _moved(standing: Standing, **moved: Minor) -> Standing:
    return standing.with_money(elsewhere=replace(standing.elsewhere, **moved))
