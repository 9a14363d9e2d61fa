"""Exceptions: the columns, and what the list is searched and narrowed by."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from cancellations.acts.change_orders import actor_name
from cancellations.misfits import message_of
from cancellations.models import ProcessException
from cancellations.models.exceptions import IS_OPEN
from console.lists.columns import Column, Link, Moment, Narrow, Status, label_of, link_to
from console.lists.listing import Empty, Listing, search_field
from console.lists.subjects import subject_of
from orders.formats import isolated, money_text, sentence
from orders.keyset import COUNT_AT_MOST, Page, page_of
from orders.list_form import ListForm
from orders.models import OrderSummary
from orders.places import Key, Ordering, flag, whole
from orders.search import every_word, in_any
from orders.texts import LONGEST_NUMBER

OPEN, RESOLVED = "open", "resolved"
_STATES = {OPEN: pgettext_lazy("exception", "Open"), RESOLVED: _("Resolved")}
_AGES = {
    "day": (timedelta(days=1), _("Older than a day")),
    "week": (timedelta(days=7), _("Older than a week")),
    "month": (timedelta(days=30), _("Older than 30 days")),
}


def state_of(exception: ProcessException) -> Status:
    """Whether it is open, or who resolved it."""
    if exception.resolved_by is None:
        return Status(OPEN, str(_STATES[OPEN]))
    by = sentence(_say("by %(name)s"), name=isolated(actor_name(exception.resolved_by)))
    return Status(RESOLVED, str(_STATES[RESOLVED]), by)


def severity_of(exception: ProcessException) -> Status:
    return Status(exception.severity, label_of(exception, "severity"))


EXCEPTION_COLUMNS: tuple[Column[ProcessException], ...] = (
    Column("order", pgettext_lazy("purchase", "Order"), lambda exception: link_to(exception.order)),
    Column("category", _("Category"), lambda exception: label_of(exception, "category")),
    Column("severity", _("Severity"), severity_of, narrow=Narrow.CORNER),
    Column(
        "about",
        pgettext_lazy("concerning", "About"),
        subject_of,
        narrow=Narrow.WHOLE,
    ),
    Column(
        "message",
        _("What does not fit"),
        lambda exception: Link(message_of(exception, money_text), exception),
        leads=True,
        narrow=Narrow.SENTENCE,
    ),
    Column(
        "opened",
        pgettext_lazy("when", "Opened"),
        lambda exception: Moment(exception.opened_at),
        sort="is_open_now",
        narrow=Narrow.END,
    ),
    Column("state", _("State"), state_of, narrow=Narrow.END),
)


class ExceptionListForm(ListForm):
    ordering = Ordering((Key("is_open_now", flag), Key("pk", whole)), descending=True)
    count_words = ngettext_lazy("%(count)d exception", "%(count)d exceptions", "count")
    many_words = ngettext_lazy(
        "more than %(most)s exception", "more than %(most)s exceptions", COUNT_AT_MOST
    )

    q = search_field(_("Order number"))
    order = forms.CharField(
        label=pgettext_lazy("purchase", "Order"), required=False, max_length=LONGEST_NUMBER
    )
    category = forms.ChoiceField(
        label=_("Category"),
        required=False,
        choices=[("", _("All categories")), *ProcessException.Category.choices],
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Open ones first")), *_STATES.items()]
    )
    age = forms.ChoiceField(
        label=_("Age"),
        required=False,
        choices=[("", _("Any age")), *((name, words) for name, (_age, words) in _AGES.items())],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """One order is named by the links that lead here; nobody is asked for it."""
        super().__init__(*args, **kwargs)
        if not self.data.get("order"):
            self.fields["order"].widget = forms.HiddenInput()


def page_of_exceptions(form: ListForm) -> Page[ProcessException]:
    """Process exceptions: the open ones first, else newest first."""
    exceptions = ProcessException.objects.annotate(is_open_now=IS_OPEN)
    if q := form.answer("q"):
        orders = OrderSummary.objects.filter(every_word(q, _in_its_number))
        exceptions = exceptions.filter(order__in=orders.values("pk"))
    if number := form.answer("order"):
        exceptions = exceptions.filter(order__order_number=number)
    if category := form.answer("category"):
        exceptions = exceptions.filter(category=category)
    if state := form.answer("state"):
        exceptions = exceptions.filter(resolved_at__isnull=state == OPEN)
    if age := form.answer("age"):
        exceptions = exceptions.filter(opened_at__lte=timezone.now() - _AGES[age][0])
    listed = with_open_ones_first(ProcessException.objects.all())
    # The planner thinks that nearly none is left beyond a place, and would join them all.
    return page_of(form, listed, counted=exceptions, found_first=True)


def _in_its_number(word: str) -> Q:
    return in_any(word, "order_number")


def with_open_ones_first(exceptions: QuerySet[ProcessException]) -> QuerySet[ProcessException]:
    """With all that a row shows, and by what they are ordered."""
    read = exceptions.select_related("order", "line", "payment", "resolved_by")
    return read.annotate(is_open_now=IS_OPEN)


EXCEPTIONS = Listing(
    heading=_("Exceptions"),
    icon="triangle-alert",
    kicker=_("What does not fit, or waits for a person"),
    help=_(
        "See here to what was reported and does not fit an order, or failed and needs a person."
    ),
    caption=_("Process exceptions: the open ones first, then the newest"),
    columns=EXCEPTION_COLUMNS,
    form=ExceptionListForm,
    page_of=page_of_exceptions,
    no_match=Empty(
        _("No exception matches"),
        _("Choose another category, state or age, or {link}."),
        link=_("see all exceptions"),
        leads_to="console:exception_list",
    ),
    nothing_yet=Empty(
        _("No exceptions"),
        _(
            "Whatever is reported and does not fit an order, and every refund that waits for a"
            " person, appears here."
        ),
    ),
    previous=_("Previous"),
    next=_("Next"),
)
