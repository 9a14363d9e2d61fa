"""Which orders somebody looked at last: a few of each user, to find them again; no audit."""

from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from console.models import RecentlyViewed
from orders.models import OrderSummary

AT_MOST = 50


def remember(user: Any, order: OrderSummary) -> None:
    """Put the order first among what the user looked at, in two statements.

    The page that was asked for is shown even where a database takes nothing.
    """
    viewed = RecentlyViewed(user_id=user.pk, order=order, at=timezone.now())
    mine = RecentlyViewed.objects.filter(user=user.pk).order_by("-at")
    try:
        with transaction.atomic():
            RecentlyViewed.objects.bulk_create(
                [viewed],
                update_conflicts=True,
                unique_fields=["user", "order"],
                update_fields=["at"],
            )
            mine.filter(pk__in=mine.values("pk")[AT_MOST : AT_MOST * 2]).order_by().delete()
    except DatabaseError:
        pass
