"""What waits for a second person, on every page of those who may see it."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.contrib.auth.models import User

from cancellations.acts.requests import may_approve
from cancellations.second_person import count_waiting_for

register = template.Library()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Attributes:
    count: How many wait for the reader; 0 for one who may not decide.
    """

    count: int


@register.simple_tag
def approvals_for(user: User) -> Waiting | None:
    """None where no amount needs a second person, or for one who may not see approvals."""
    if not settings.APPROVAL_OVER or not user.has_perm("cancellations.view_approval"):
        return None
    return Waiting(count_waiting_for(user) if may_approve(user) else 0)
