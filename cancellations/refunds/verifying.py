"""The states of refunds and releases, held against the events and attempts that made them."""

from collections import Counter
from collections.abc import Iterator

from cancellations.models import Attempt, Refund, Release
from cancellations.models.refund_states import RefundStatus
from cancellations.refunds.attention import kind_of
from orders.fetching import related_rows
from orders.models import OrderEvent, OrderSummary

_AT_FIRST = {RefundStatus.PENDING, RefundStatus.MANUAL}
_ENDED = {RefundStatus.SUCCEEDED, RefundStatus.FAILED, RefundStatus.WITHDRAWN}
_SENT_AGAIN = {RefundStatus.PENDING, RefundStatus.UNKNOWN}
"""From which a claim leads on, of which no event tells."""


def state_differences(order: OrderSummary) -> Iterator[str]:
    """Each refund or release that is not what the last event about it says, or whose attempts
    do not bear out its events.

    Args:
        order: Fetched with its history.
    """
    events = related_rows(order, "events")
    for change_order in related_rows(order, "change_orders"):
        rows: list[Refund | Release] = [
            *related_rows(change_order, "refunds"),
            *related_rows(change_order, "releases"),
        ]
        for row in rows:
            told = [event for event in events if _is_about(event, row)]
            where = f"{change_order.number} {kind_of(row)} over {row.payment.key}"
            yield from _of_its_state(where, row, told)
            yield from _of_its_attempts(where, row, told)


def _is_about(event: OrderEvent, row: Refund | Release) -> bool:
    if event.type == OrderEvent.Type.UNDONE:
        return bool(event.facts["change_order"] == row.change_order_id)
    return bool(event.facts.get(kind_of(row)) == row.pk)


def _of_its_state(where: str, row: Refund | Release, told: list[OrderEvent]) -> Iterator[str]:
    states = [
        RefundStatus.WITHDRAWN
        if event.type == OrderEvent.Type.UNDONE
        else RefundStatus(event.facts["now"])
        for event in told
    ]
    possible = {states[-1]} if states else set(_AT_FIRST)
    if possible & _SENT_AGAIN:
        possible.add(RefundStatus.PROCESSING)
    if row.status not in possible:
        yield f"{where}: stored {row.status}, by its events {' or '.join(sorted(possible))}"


def _of_its_attempts(where: str, row: Refund | Release, told: list[OrderEvent]) -> Iterator[str]:
    calls = set(Attempt.Call.values)
    answered = Counter(
        event.facts["outcome"]
        for event in told
        if event.type == OrderEvent.Type.GATEWAY_ANSWERED and event.facts["call"] in calls
    )
    kept = Counter(attempt.outcome for attempt in related_rows(row, "attempts"))
    is_paid = any(
        each.outcome == Attempt.Outcome.SUCCEEDED and each.idempotency_key == row.idempotency_key
        for each in related_rows(row, "attempts")
    )
    if is_paid and row.status not in _ENDED:
        yield f"{where}: an attempt says that it has succeeded, and no event does"
    for outcome, count in sorted(answered.items()):
        if kept[outcome] < count:
            yield f"{where}: {count} answered {outcome}, {kept[outcome]} attempts say so"
