"""What moved between review and submit, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cancellations.snapshots import Snapshot, SnapshotLine
from orders.arithmetic.money import Currency, Minor
from orders.formats import isolated, money_text, number_text, sentence


@dataclass(frozen=True, slots=True)
class Difference:
    """Something as it was reviewed, and as it is now."""

    what: str
    reviewed: str
    now: str


def differences_since(
    reviewed: Snapshot, now: Snapshot, currency: Currency, methods: Mapping[str, str]
) -> tuple[Difference, ...]:
    """What differs between two snapshots, line by line and payment by payment.

    Args:
        methods: Payment methods by payment key.
    """
    rows = [
        _moved_line(was, is_now, currency)
        for key in dict.fromkeys([*reviewed.lines, *now.lines])
        if (was := reviewed.lines.get(key)) != (is_now := now.lines.get(key))
    ]
    rows += _moved_moneys(
        _("Refund to %(payment)s"), reviewed.refunds, now.refunds, currency, methods
    )
    if reviewed.unassigned != now.unassigned:
        rows.append(
            Difference(
                _("Refund without a payment"),
                money_text(reviewed.unassigned, currency),
                money_text(now.unassigned, currency),
            )
        )
    rows += _moved_moneys(
        _("Authorization on %(payment)s released"),
        reviewed.releases,
        now.releases,
        currency,
        methods,
    )
    if reviewed.refund_fees != now.refund_fees:
        rows.append(
            Difference(_("Fees"), _fees(reviewed.refund_fees), _fees(now.refund_fees)),
        )
    return tuple(rows)


def _moved_moneys(
    what: str,
    reviewed: Mapping[str, Minor],
    now: Mapping[str, Minor],
    currency: Currency,
    methods: Mapping[str, str],
) -> list[Difference]:
    """What differs of refunds or releases, payment by payment."""
    return [
        Difference(
            sentence(what, payment=isolated(methods.get(key, key))),
            money_text(reviewed.get(key, 0), currency),
            money_text(now.get(key, 0), currency),
        )
        for key in dict.fromkeys([*reviewed, *now])
        if reviewed.get(key, 0) != now.get(key, 0)
    ]


def _fees(are_refunded: bool) -> str:
    return _("fees refunded with the last item") if are_refunded else _("fees kept")


def _moved_line(
    was: SnapshotLine | None, now: SnapshotLine | None, currency: Currency
) -> Difference:
    before, after = _line_words(was, currency), _line_words(now, currency)
    if before == after:
        after = sentence(_("%(line)s; made up of other amounts"), line=after)
    return Difference(_name(was, now), before, after)


def _name(was: SnapshotLine | None, now: SnapshotLine | None) -> str:
    line = was or now
    return line.name if line else ""


def _line_words(line: SnapshotLine | None, currency: Currency) -> str:
    if line is None:
        return _("not part of it")
    amount = _("%(net)s + %(tax)s tax") % {
        "net": money_text(line.net, currency),
        "tax": money_text(line.tax, currency),
    }
    if line.available is None:
        return amount
    reason, note, refund_delivery = line.answers or ("", "", False)
    delivery = _("delivery charge refunded") if refund_delivery else _("delivery charge kept")
    words = ngettext(
        "%(quantity)s of %(available)s available, %(amount)s; %(answers)s",
        "%(quantity)s of %(available)s available, %(amount)s; %(answers)s",
        line.available,
    )
    answers = [*(isolated(answer) for answer in (reason, note) if answer), delivery]
    return sentence(
        words,
        quantity=number_text(line.quantity),
        available=number_text(line.available),
        amount=amount,
        answers=format_html_join(", ", "{}", ((answer,) for answer in answers)),
    )
