"""What sentences about events are made of: what the page knows beside them, and what they say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cancellations.models import ProcessException
from cancellations.models.numbers import number_of
from orders.formats import isolated, money_text
from orders.models import OrderSummary


@dataclass(frozen=True, slots=True)
class Told:
    """What an event says.

    Attributes:
        details: What belongs to the sentence, a line each.
        note: What a person wrote, with its line breaks.
    """

    sentence: SafeString
    details: tuple[SafeString, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """The names of what events name by key or id.

    Attributes:
        lines, payments: What they are called, by their keys.
        made_by: The change order of each refund and release, by ("refund" or "release", its id).
        exceptions: Those that events name, by id.
    """

    order: OrderSummary
    lines: Mapping[str, str]
    payments: Mapping[str, str]
    made_by: Mapping[tuple[str, int], int]
    exceptions: Mapping[int, ProcessException]

    def money(self, minor: int) -> str:
        return money_text(minor, self.order.currency)

    def line(self, key: str) -> SafeString:
        return isolated(self.lines.get(key, key))

    def payment(self, key: str) -> SafeString:
        return isolated(self.payments.get(key, key))

    def change_order_of(self, facts: Mapping[str, Any]) -> SafeString | None:
        """A link to the change order whose refund or release is named."""
        kind = "release" if "release" in facts else "refund"
        pk = self.made_by.get((kind, facts[kind]))
        return None if pk is None else change_order_link(pk)


def change_order_link(pk: int) -> SafeString:
    url = reverse("console:change_order_record", args=[pk])
    return format_html('<a href="{}">{}</a>', url, number_of(pk))
