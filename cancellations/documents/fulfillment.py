"""Reports of what others did with an order and its payments (contract.md §3)."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from cancellations.arithmetic.reports import LineFacts, PaymentFacts, Report
from orders.arithmetic.amounts import Line, Standing
from orders.arithmetic.facts import Reported
from orders.arithmetic.funds import Payment
from orders.arithmetic.money import Currency
from orders.documents.fields import (
    Count,
    Document,
    DocumentRefused,
    Key,
    Moment,
    Money,
    Number,
    Problem,
    fingerprint,
    plain,
    repeated_keys,
    validated,
    version_of,
)

CONTENT_VERSION = 1
"""Of what a fingerprint names; defaults are not named."""

ReportName = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(plain)]

_COUNTERS = ("canceled", "allocated", "fulfilled", "return_initiated", "returned")
_FIGURES = ("authorized", "captured", "refunded", "refunded_total", "charged_back")


class LineReport(Document):
    key: Key
    quantity_allocated: Count | None = None
    quantity_fulfilled: Count | None = None
    quantity_return_initiated: Count | None = None
    quantity_returned: Count | None = None
    quantity_canceled: Count | None = None
    quantity_canceled_total: Count | None = None
    refund_delivery: bool = False


class PaymentReport(Document):
    key: Key
    authorized: Money | None = None
    captured: Money | None = None
    refunded: Money | None = None
    refunded_total: Money | None = None
    charged_back: Money | None = None


class FulfillmentDocument(Document):
    """What others did: absolute counters and figures; absent fields stay as last reported."""

    order_number: Number
    event: ReportName | None = None
    at: Moment | None = None
    items: Annotated[list[LineReport], Field(max_length=2000)] = []
    payments: Annotated[list[PaymentReport], Field(max_length=100)] = []

    def named(self, currency: Currency) -> str:
        """The fingerprint of its content, whose amounts are in ``currency``."""
        return self._named(currency, CONTENT_VERSION)

    def is_what_is_named(self, name: str, currency: Currency) -> bool:
        """Whether ``name`` is this content's fingerprint, of whichever version it was made in."""
        return name == self._named(currency, version_of(name))

    def _named(self, currency: Currency, version: int) -> str:
        """By the content of a version; the next one that changes a default is told apart here."""
        content = self.model_dump(
            mode="json", exclude_defaults=True, context={"currency": currency}
        )
        return fingerprint(content, version=version)


def read_fulfillment(value: Mapping[str, Any], *, currency: Currency) -> FulfillmentDocument:
    """The fulfilment document in a JSON object, its amounts in the order's currency.

    Raises:
        DocumentRefused: It breaks contract.md §3, with a problem for every field concerned.
    """
    document = validated(FulfillmentDocument, value, currency=currency)
    if problems := tuple(_problems(document)):
        raise DocumentRefused(*problems)
    return document


def resolved(document: FulfillmentDocument, standing: Standing) -> Report:
    """The report in absolute figures: what it leaves out as last reported, totals less ours.

    Raises:
        DocumentRefused: It contradicts itself, or names a line or payment that is not there.
    """
    payments = {payment.key: payment for payment in standing.payments}
    problems: list[Problem] = []
    lines: dict[str, LineFacts] = {}
    for position, entry in enumerate(document.items):
        line = standing.lines.get(entry.key)
        if line is None or not line.is_product:
            message = f"{entry.key!r} is not a product line of this order"
            problems.append(Problem.at("items", position, "key", message=message))
            continue
        reported = _counters(entry, line)
        if contradiction := reported.contradiction:
            counter, message = contradiction
            problems.append(Problem.at("items", position, f"quantity_{counter}", message=message))
        lines[entry.key] = LineFacts(reported, entry.refund_delivery)
    for position, report in enumerate(document.payments):
        if report.key not in payments:
            message = f"{report.key!r} is not a payment of this order"
            problems.append(Problem.at("payments", position, "key", message=message))
    if problems:
        raise DocumentRefused(*problems)
    return Report(
        lines, {each.key: _figures(each, payments[each.key]) for each in document.payments}
    )


def _problems(document: FulfillmentDocument) -> Iterator[Problem]:
    yield from repeated_keys("items", document.items)
    yield from repeated_keys("payments", document.payments)
    twice = "is given in two ways: leave out this or the figure without _total"
    for position, entry in enumerate(document.items):
        if None not in (entry.quantity_canceled, entry.quantity_canceled_total):
            yield Problem.at("items", position, "quantity_canceled_total", message=twice)
    for position, payment in enumerate(document.payments):
        if None not in (payment.refunded, payment.refunded_total):
            yield Problem.at("payments", position, "refunded_total", message=twice)
        for figure in _FIGURES:
            if (getattr(payment, figure) or 0) < 0:
                yield Problem.at("payments", position, figure, message="must not be negative")


def _counters(entry: LineReport, line: Line) -> Reported:
    counters = {
        name: getattr(line.reported, name) if given is None else given
        for name in _COUNTERS
        for given in [getattr(entry, f"quantity_{name}")]
    }
    if entry.quantity_canceled_total is not None:
        known = line.quantities
        counters["canceled"] = max(
            known.canceled_elsewhere, entry.quantity_canceled_total - known.canceled_here
        )
    return Reported(**counters)


def _figures(entry: PaymentReport, payment: Payment) -> PaymentFacts:
    refunded = payment.refunded_elsewhere if entry.refunded is None else entry.refunded
    if entry.refunded_total is not None:
        ours = payment.reserved + payment.refunded_here
        refunded = max(refunded, entry.refunded_total - ours)
    return PaymentFacts(
        authorized=payment.authorized if entry.authorized is None else entry.authorized,
        captured=payment.captured if entry.captured is None else entry.captured,
        refunded_elsewhere=refunded,
        charged_back=payment.charged_back if entry.charged_back is None else entry.charged_back,
    )
