"""Days as people choose them to narrow a list: in the zone of whoever looks."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import pgettext_lazy

_DAY = timedelta(days=1)
_DAYS = (MinValueValidator(date.min + _DAY), MaxValueValidator(date.max - _DAY))
"""Those of which the beginning and the end can be told in every zone, and kept by a database."""


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
    return beginning_of(day + _DAY)


def start_of(since: str) -> datetime:
    """When one of ``SINCE`` began for the viewer, whose week begins on Monday."""
    today = timezone.localdate()
    if since == MONTH:
        return timezone.now() - timedelta(days=30)
    return beginning_of(today - timedelta(days=today.weekday() if since == WEEK else 0))
