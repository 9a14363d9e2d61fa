"""Which orders somebody looked at last: a few of each user, to find them again; no audit."""

from contextlib import suppress
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from console.models import RecentlyViewed
from orders.models import OrderSummary


def remember(user: Any, order: OrderSummary) -> None:
    """Put the order first among what the user looked at, in one statement.

    The page that was asked for is shown even where a database takes nothing.
    """
    viewed = RecentlyViewed(
        user_id=user.pk, slot=order.pk % RecentlyViewed.SLOTS, order=order, at=timezone.now()
    )
    with suppress(DatabaseError), transaction.atomic():
        RecentlyViewed.objects.bulk_create(
            [viewed],
            update_conflicts=True,
            unique_fields=["user", "slot"],
            update_fields=["order", "at"],
        )
