"""What a report makes of an order: facts are taken, whether they fit or not (domain.md §2, §6)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from cancellations.arithmetic.delivery import groups_after
from orders.arithmetic import elsewhere
from orders.arithmetic.amounts import Line, Standing
from orders.arithmetic.facts import Reported, in_effect
from orders.arithmetic.money import Minor
from orders.arithmetic.statuses import Quantities

ReportedKind = Literal["reported_cancellation", "return"]
Concern: TypeAlias = tuple[Literal["fulfillment", "payment", "refund"], str]
"""The category of what may not fit, with the key of its line or payment."""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line's counters as reported, and whether the other system gave the delivery back."""

    reported: Reported
    refund_delivery: bool = False


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """A payment's figures as reported, in minor units; ``refunded_elsewhere`` is by others."""

    authorized: Minor
    captured: Minor
    refunded_elsewhere: Minor
    charged_back: Minor


@dataclass(frozen=True, slots=True)
class Report:
    """What is reported of an order, in absolute figures, by the keys of lines and payments."""

    lines: Mapping[str, LineFacts] = field(default_factory=dict)
    payments: Mapping[str, PaymentFacts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReportedChange:
    """Units that left elsewhere, by the key of their line: what a change order is written of."""

    kind: ReportedKind
    before: Standing
    after: Standing
    quantities: Mapping[str, int]
    flagged: frozenset[str]


@dataclass(frozen=True, slots=True)
class Taken:
    """An order after a report.

    Attributes:
        fits: What it says that fits; a misfit of before is resolved by it.
        misfits: What it says that does not.
        beyond_expected: What it says went back elsewhere above what was expected, in minor units.
    """

    after: Standing
    changes: tuple[ReportedChange, ...]
    fits: frozenset[Concern]
    misfits: frozenset[Concern]
    beyond_expected: Minor = 0


def take(standing: Standing, report: Report) -> Taken:
    """Take a report over, in the sequence of domain.md §6; it does not contradict itself."""
    after = _captures(standing, report)
    changes = []
    counters = {
        key: in_effect(after.lines[key].quantities, facts.reported)
        for key, facts in report.lines.items()
    }
    for kind in _KINDS:
        lines, quantities = _taken_over(kind, after, report, counters)
        if quantities:
            flagged = frozenset(key for key in quantities if report.lines[key].refund_delivery)
            changes.append(_units_gone(kind, after, lines, quantities, flagged))
            after = changes[-1].after
        else:
            after = after.with_other_counters(lines)
    after = _chargebacks(after, report)
    before = after
    after = _refunds(after, report)
    concerns = dict([*_lines_that_fit(after, report), *_payments_that_fit(before, after, report)])
    return Taken(
        after,
        tuple(changes),
        fits=frozenset(concern for concern, fits in concerns.items() if fits),
        misfits=frozenset(concern for concern, fits in concerns.items() if not fits),
        beyond_expected=_beyond_expected(before, after),
    )


_KINDS: tuple[ReportedKind, ...] = ("reported_cancellation", "return")
"""When one report brings both, the cancellation comes first."""


def _captures(standing: Standing, report: Report) -> Standing:
    after = standing.with_money(
        payments=tuple(
            replace(payment, authorized=facts.authorized, captured=facts.captured)
            if (facts := report.payments.get(payment.key))
            else payment
            for payment in standing.payments
        )
    )
    return elsewhere.after_capture(after, balance_before=standing.balance)


def _taken_over(
    kind: ReportedKind, before: Standing, report: Report, counters: Mapping[str, Quantities]
) -> tuple[dict[str, Line], dict[str, int]]:
    """The lines with the counters of one kind taken over, and how many units left by it."""
    lines = dict(before.lines)
    quantities = {}
    for key, now in counters.items():
        was = lines[key].quantities
        quantities[key] = now.returned - was.returned if kind == "return" else _elsewhere(now, was)
        taken = now if kind == "return" else _canceled_more(was, quantities[key])
        reported = report.lines[key].reported
        lines[key] = replace(lines[key], quantities=taken, reported=reported)
    return lines, {key: count for key, count in quantities.items() if count}


def _units_gone(
    kind: ReportedKind,
    before: Standing,
    lines: Mapping[str, Line],
    quantities: Mapping[str, int],
    flagged: frozenset[str],
) -> ReportedChange:
    """What units that left move of the order's money."""
    after = replace(before, lines=lines)
    groups = groups_after(before, after, moved=quantities, flagged=flagged)
    after = replace(after, groups=groups)
    taken_off = before.totals.grand_total - after.totals.grand_total
    after = elsewhere.after_loss(after, taken=taken_off, balance_before=before.balance)
    return ReportedChange(kind, before, after, quantities, flagged)


def _elsewhere(now: Quantities, was: Quantities) -> int:
    return now.canceled_elsewhere - was.canceled_elsewhere


def _canceled_more(was: Quantities, units: int) -> Quantities:
    return replace(
        was,
        canceled=was.canceled + units,
        canceled_elsewhere=was.canceled_elsewhere + units,
    )


def _chargebacks(standing: Standing, report: Report) -> Standing:
    lost = sum(
        max(0, facts.charged_back - payment.charged_back)
        for payment in standing.payments
        if (facts := report.payments.get(payment.key))
    )
    after = standing.with_money(
        payments=tuple(
            replace(payment, charged_back=facts.charged_back)
            if (facts := report.payments.get(payment.key))
            else payment
            for payment in standing.payments
        )
    )
    return elsewhere.after_chargeback(after, lost=lost)


def _refunds(standing: Standing, report: Report) -> Standing:
    after = standing.with_money(
        payments=tuple(
            replace(payment, refunded_elsewhere=facts.refunded_elsewhere)
            if (facts := report.payments.get(payment.key))
            else payment
            for payment in standing.payments
        )
    )
    refunded = _refunded_elsewhere(after) - _refunded_elsewhere(standing)
    return elsewhere.after_refunds(after, refunded=refunded, balance_before=standing.balance)


def _refunded_elsewhere(standing: Standing) -> Minor:
    return sum(payment.refunded_elsewhere for payment in standing.payments)


def _beyond_expected(before: Standing, after: Standing) -> Minor:
    refunded = _refunded_elsewhere(after) - _refunded_elsewhere(before)
    return max(0, refunded - before.elsewhere.expected)


def _lines_that_fit(after: Standing, report: Report) -> Iterable[tuple[Concern, bool]]:
    for key, facts in report.lines.items():
        counters = after.lines[key].quantities
        yield ("fulfillment", key), Reported.of(counters) == facts.reported


def _payments_that_fit(
    before: Standing, after: Standing, report: Report
) -> Iterator[tuple[Concern, bool]]:
    """Whether figures fit; and what may have been our own refund, told of as someone else's."""
    beyond_expected = _beyond_expected(before, after)
    for was, now in zip(before.payments, after.payments, strict=True):
        if now.key not in report.payments:
            continue
        yield ("payment", now.key), now.misfit is None
        if beyond_expected and now.refunded_elsewhere > was.refunded_elsewhere and now.reserved:
            yield ("refund", now.key), False
