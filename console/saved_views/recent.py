"""Which orders somebody looked at last: a few of each user, to find them again; no audit."""

import logging
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from console.models import RecentlyViewed
from orders.models import OrderSummary

logger = logging.getLogger(__name__)


def remember(user: Any, order: OrderSummary) -> None:
    """Put the order first among what the user looked at, in one statement.

    The page that was asked for is shown even where a database takes nothing; the log says so.
    """
    viewed = RecentlyViewed(user_id=user.pk, order=order, viewed_at=timezone.now())
    try:
        with transaction.atomic():
            RecentlyViewed.objects.bulk_create(
                [viewed],
                update_conflicts=True,
                unique_fields=["user", "order"],
                update_fields=["viewed_at"],
            )
    except DatabaseError:
        logger.warning("could not remember which order was looked at", exc_info=True)


def forget_older(sender: object, user: Any, **kwargs: Any) -> None:
    """Receiver of ``user_logged_in``: what is no longer shown goes, in one statement."""
    RecentlyViewed.objects.older_of(user.pk).delete()
