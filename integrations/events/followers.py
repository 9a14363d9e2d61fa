"""Deliveries that go together: claimed with one that is due, and sent after it by the same hand."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import TypeAlias

from django.db import Error, transaction
from django.db.models import Q

from integrations.models import Delivery
from integrations.models.deliveries import AT_ONCE, heads_of
from orders.rows import update_rows

logger = logging.getLogger(__name__)

MOST = 50
"""In one hand, the first of them included."""

Subject: TypeAlias = tuple[int | None, int]
"""What deliveries have to keep their order about: one order; without one each stands alone."""


def claim_followers(leaders: Sequence[Delivery], now: datetime) -> None:
    """Claim more of what waits for the endpoints of deliveries that are claimed just now.

    They go under the lease of their leader. An endpoint that struggles gets one at a time, and
    what was tried before goes alone: it may be what ends its worker. Those about one order are in
    one hand, in the feed's sequence, and none between them is left out. Where that fails, the
    leaders go alone.
    """
    of_endpoints: defaultdict[int, list[Delivery]] = defaultdict(list)
    for leader in leaders:
        if not leader.endpoint.is_struggling and leader.tries == 1:
            of_endpoints[leader.endpoint_id].append(leader)
    for own in of_endpoints.values():
        try:
            with transaction.atomic():
                update_rows(list(_followers(own, now)), ["due_at", "lease"])
        except Error:
            logger.exception("endpoint %s gets its events one by one", own[0].endpoint_id)
            for leader in own:
                leader.followers = ()


def _followers(leaders: Sequence[Delivery], now: datetime) -> Iterator[Delivery]:
    """What goes after the leaders of one endpoint, changed as a claim changes it.

    A row that someone else has locked is passed over, with all that follows on it in its order.
    """
    hands = _dealt(leaders, now)
    sequence = _in_sequence(hands, leaders)
    free = Delivery.objects.select_related("event").filter(due_at__lte=now, tries=0)
    free = free.select_for_update(skip_locked=True, of=("self",))  # guard: followers exclude
    found = free.in_bulk([pk for pk, _ in sequence])
    taken: defaultdict[int, list[Delivery]] = defaultdict(list)
    stopped: set[Subject] = set()
    for pk, order in sequence:
        subject, row = _subject(pk, order), found.get(pk)
        leader = hands[subject]
        if row is None or subject in stopped or len(taken[leader.pk]) >= MOST - 1:
            stopped.add(subject)  # guard: no gap in an order
            continue
        row.was_due_at, row.due_at, row.lease = row.due_at, leader.due_at, leader.lease
        taken[leader.pk].append(row)
        yield row
    for leader in leaders:
        leader.followers = taken[leader.pk]


def _dealt(leaders: Sequence[Delivery], now: datetime) -> Mapping[Subject, Delivery]:
    """Which hand gets what: of little each gets as much as the endpoint's other hands would."""
    heads = heads_of(leaders[0].endpoint_id, now).order_by("due_at", "pk")
    waiting = list(heads.values_list("pk", "order")[: MOST * AT_ONCE])
    share = min(ceil(len(waiting) / AT_ONCE), MOST - 1)
    hands = {_subject(leader.pk, leader.order_id): leader for leader in leaders}
    for number, (pk, order) in enumerate(waiting[: share * len(leaders)]):
        hands[_subject(pk, order)] = leaders[number % len(leaders)]
    return hands


def _in_sequence(
    hands: Mapping[Subject, Delivery], leaders: Sequence[Delivery]
) -> list[tuple[int, int | None]]:
    """All that waits about what the hands got, due or not, as the feed has it."""
    orders = [order for order, _ in hands if order is not None]
    alone = [pk for order, pk in hands if order is None]
    waiting = Delivery.objects.filter(endpoint=leaders[0].endpoint_id, due_at__isnull=False)
    waiting = waiting.filter(Q(order__in=orders) | Q(pk__in=alone))
    waiting = waiting.exclude(pk__in=[leader.pk for leader in leaders])
    return list(waiting.order_by("event", "pk").values_list("pk", "order")[: MOST * len(leaders)])


def _subject(pk: int, order: int | None) -> Subject:
    return (None, pk) if order is None else (order, 0)
