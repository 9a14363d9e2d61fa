"""What gateways were sent and answered is forgotten in time; that they were asked stays."""

from datetime import datetime

from django.db.models import Q, QuerySet

from cancellations.models import Attempt


def bodies_before(moment: datetime) -> QuerySet[Attempt]:
    """Attempts that began before a moment and still say what was sent or answered."""
    return Attempt.objects.filter(began_at__lt=moment).exclude(Q(request={}) & Q(answer={}))


def forget_bodies(before: datetime) -> int:
    """Empty what was sent and answered before a moment; gives the number of attempts."""
    return bodies_before(before).update(request={}, answer={})
