"""What an order's page says beyond its rows, and what its reader may do with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from cancellations.acts.requests import SETTLING_NEEDS, may_cancel, may_settle
from cancellations.acts.settle import can_be_settled
from cancellations.arithmetic.distribution import beyond_steps
from cancellations.history import with_items_and_refunds
from cancellations.misfits import headline_of
from cancellations.models import (
    Approval,
    BundlePolicy,
    ChangeOrder,
    ProcessException,
    Refund,
    Release,
)
from cancellations.refunds.gateways.asking import what_can_be_sent
from cancellations.second_person import waiting_of
from cancellations.undoing import UndoOffer, undo_offer
from console.lists.columns import Link
from console.lists.subjects import subject_of
from console.records.amendments import Amendments, read_amendments
from console.records.changes import ChangeRow, change_rows
from console.records.lines import Lines, OrderRow, Parts, read_lines
from console.records.live import next_look
from console.records.money import Behind, read_behind
from console.records.totals import read_totals
from orders.arithmetic.availability import BundleRule
from orders.arithmetic.money import Minor
from orders.formats import money_text
from orders.models import OrderSummary
from orders.standing import as_it_stands

MOST_EXCEPTIONS = 3
"""So many stand on top of an order; the list has the others."""

Reader: TypeAlias = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class OpenException:
    """A process exception in the banner on top; ``url`` is where a person sees to it."""

    exception: ProcessException
    subject: str
    url: str
    message: str


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """An order's page in figures.

    Attributes:
        lines: A page of its lines.
        pending_minor: What is set aside for refunds that have not succeeded.
        next_look: In so many seconds its refunds may have come further; 0 when none is in flight.
        totals: Labels and amounts; with the tax its parts by name, where it has several.
        owed_minor: Money held above what the order is worth: owed to the customer.
        beyond_steps_minor: What of it is too little for its gateways to send.
        behind: What stands behind the amounts.
        change_orders: The order's change orders, newest first; ``changes`` says more of each.
        refunds, releases: Of all of them, in the same sequence.
        exceptions: The newest open ones; ``more_exceptions`` says that there are others.
        waiting: Those that wait for a second person.
        amendments: How newer documents changed the order.
        undo: The offer to undo the last change order, where its reader can.
        why_not, why_not_all: Why the reader cannot cancel anything of the order, or all that is
            left of it at once, or "".
        can_be_settled: Whether something is owed or can be given back.
        can_expect_nothing_more: Whether others still have to pay something back.
        may_not_settle: Why the reader cannot do that, or say that nothing more is coming, or "".
    """

    lines: Lines
    refunded_minor: Minor
    pending_minor: Minor
    next_look: int
    totals: tuple[tuple[str, Minor, Parts], ...]
    owed_minor: Minor
    beyond_steps_minor: Minor
    behind: Behind
    change_orders: tuple[ChangeOrder, ...]
    changes: tuple[ChangeRow, ...]
    refunds: tuple[Refund, ...]
    releases: tuple[Release, ...]
    exceptions: tuple[OpenException, ...]
    more_exceptions: bool
    waiting: tuple[Approval, ...]
    amendments: Amendments
    undo: UndoOffer | None
    why_not: str
    why_not_all: str
    can_be_settled: bool
    can_expect_nothing_more: bool
    may_not_settle: str

    @property
    def rows(self) -> tuple[OrderRow, ...]:
        return self.lines.rows


def read_order(
    order: OrderSummary, *, reader: Reader, looks: int = 0, after: int | None = None
) -> OrderRecord:
    """The record of an order of which everything was fetched.

    Args:
        looks: How often its page has looked again by itself.
        after: The position of the line after which its page of lines begins; the first page
            where there is none.

    Raises:
        NoSuchPage: The order has no such line.
    """
    standing, sends = as_it_stands(order), what_can_be_sent(order)
    lines = list(order.lines.all())
    change_orders = tuple(with_items_and_refunds(order.change_orders.all()).order_by("-pk"))
    refunds = tuple(refund for change in change_orders for refund in change.refunds.all())
    releases = tuple(release for change in change_orders for release in change.releases.all())
    found = order.process_exceptions.open().select_related(
        "order", "line", "payment", "refund", "release"
    )
    exceptions = tuple(found[: MOST_EXCEPTIONS + 1])
    rule = BundlePolicy.objects.for_order(order).bundle_rule
    available = order.available_to_cancel(rule)
    return OrderRecord(
        lines=read_lines(lines, standing, available, after=after),
        refunded_minor=sum(payment.refunded for payment in standing.payments),
        pending_minor=sum(payment.reserved for payment in standing.payments),
        next_look=next_look([*refunds, *releases], looks=looks),
        totals=tuple(read_totals(order, standing)),
        owed_minor=standing.excess_funds,
        beyond_steps_minor=beyond_steps(standing.excess_funds, standing.payments, sends),
        behind=read_behind(standing),
        change_orders=change_orders,
        changes=tuple(change_rows(change_orders, standing.excess_funds, order.currency)),
        refunds=refunds,
        releases=releases,
        exceptions=tuple(_open(exception) for exception in exceptions[:MOST_EXCEPTIONS]),
        more_exceptions=len(exceptions) > MOST_EXCEPTIONS,
        waiting=tuple(waiting_of(order)),
        amendments=read_amendments(order),
        undo=undo_offer(change_orders[0], reader=reader) if change_orders else None,
        why_not=_why_not(order, rule, available) or _why_not_by(reader),
        why_not_all=_why_not(order, rule, available, to_all=True) or _why_not_by(reader),
        can_be_settled=order.is_managed and can_be_settled(standing, sends),
        can_expect_nothing_more=order.is_managed and bool(standing.elsewhere.expected),
        may_not_settle="" if may_settle(reader) else _(SETTLING_NEEDS),
    )


def _open(exception: ProcessException) -> OpenException:
    subject = subject_of(exception)
    url = subject.url if isinstance(subject, Link) else resolve_url(exception)
    return OpenException(exception, str(subject), url, headline_of(exception, money_text))


def _why_not(
    order: OrderSummary, rule: BundleRule, available: Mapping[int, int], *, to_all: bool = False
) -> str:
    obstacle = order.obstacle(rule, available, to_all=to_all)
    return _(obstacle.sentence) if obstacle else ""


def _why_not_by(reader: Reader) -> str:
    if may_cancel(reader):
        return ""
    return _("You may look at orders. Canceling needs the right to cancel order items.")
