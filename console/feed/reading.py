"""The feed of an order: everything that happened to it, read from its events, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from cancellations.acts.change_orders import actor_name
from cancellations.models import ChangeOrder, ProcessException, Refund, Release
from console.feed.known import Known, Told
from console.feed.words import NOT_AS_WRITTEN, WORDS
from orders.formats import sentence
from orders.keyset import COUNT_AT_MOST, Page, page_of
from orders.list_form import ListForm
from orders.models import EventType, OrderEvent, OrderSummary
from orders.places import Key, Ordering, whole

LARGEST_ID = 2**63 - 1
OF_NO_TYPE = "info"


class FeedForm(ListForm):
    """The events of one order: nothing narrows them further."""

    ordering = Ordering((Key("sequence", whole),), descending=True)
    count_words = ngettext_lazy("%(count)d event", "%(count)d events", "count")
    many_words = ngettext_lazy(
        "more than %(most)s event", "more than %(most)s events", COUNT_AT_MOST
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in words.

    Attributes:
        by: Who acted or reported, under the name of then where that was kept.
        icon: The name of an icon of Lucide.
    """

    event: OrderEvent
    by: str
    icon: str
    told: Told


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of an order's events, and what they say."""

    page: Page[OrderEvent]
    entries: tuple[Entry, ...]


def read_feed(
    order: OrderSummary, form: FeedForm, instructions: Iterable[Refund | Release]
) -> Feed:
    """The page of the feed that a form asks for, in four queries.

    Args:
        order: Fetched ``with_everything()``.
        instructions: The refunds and releases of all of its change orders.
    """
    made = Prefetch("change_orders", ChangeOrder.objects.order_by("pk"))
    listed = order.events.select_related("by", "note").prefetch_related(made)
    page = page_of(form, listed, counted=order.events.all())
    known = Known(
        order=order,
        lines={line.key: line.name for line in order.lines.all()},
        payments={payment.key: payment.method for payment in order.payments.all()},
        made_by={
            ("release" if each.is_release else "refund", each.pk): each.change_order_id
            for each in instructions
        },
        exceptions=_exceptions_in(page.rows, order),
    )
    return Feed(page, tuple(_entry(event, known) for event in page.rows))


def _entry(event: OrderEvent, known: Known) -> Entry:
    """One that is not as acts write it still stands there, by its type."""
    made = event.change_orders.all()
    by = made[0].actor_name if made else actor_name(event.by)
    icon = OF_NO_TYPE
    try:
        icon, words = WORDS[EventType(event.type)]
        told = words(event, known)
    except NOT_AS_WRITTEN:
        said = _("%(what)s. What it says cannot be read.")
        told = Told(sentence(said, what=event.get_type_display()))
    return Entry(event, by, icon, told)


def _exceptions_in(
    events: Iterable[OrderEvent], order: OrderSummary
) -> dict[int, ProcessException]:
    """The process exceptions that events name."""
    named = [
        event.facts.get("exception")
        for event in events
        if event.type == EventType.EXCEPTION_RESOLVED and isinstance(event.facts, dict)
    ]
    ids = [pk for pk in named if isinstance(pk, int) and 0 < pk <= LARGEST_ID]
    found = order.process_exceptions.filter(pk__in=ids).select_related("line", "payment")
    return {exception.pk: exception for exception in found}
