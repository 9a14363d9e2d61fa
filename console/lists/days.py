"""Days as people choose them to narrow a list: in the zone of whoever looks."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import pgettext_lazy

_DAYS = (MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31)))
"""What a database and every zone can tell the beginning of."""


TODAY, WEEK, MONTH = "today", "week", "month"
SINCE = (
    (TODAY, pgettext_lazy("since", "Today")),
    (WEEK, pgettext_lazy("since", "This week")),
    (MONTH, pgettext_lazy("since", "In the last 30 days")),
)


class DayField(forms.DateField):
    """A day of the calendar, chosen from one where the browser has it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            validators=_DAYS,
            widget=forms.DateInput({"type": "date"}),
            **{"required": False} | kwargs,
        )


def beginning_of(day: date) -> datetime:
    """The moment at which a day begins in the viewer's zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of(day: date) -> datetime:
    """The moment at which the next one begins."""
    return beginning_of(day + timedelta(days=1))


def start_of(since: str) -> datetime:
    """When one of ``SINCE`` began for the viewer, whose week begins on Monday."""
    today = timezone.localdate()
    if since == MONTH:
        return timezone.now() - timedelta(days=30)
    return beginning_of(today - timedelta(days=today.weekday() if since == WEEK else 0))
