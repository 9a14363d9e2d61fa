"""What a process exception's page says: the facts beside each other, and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import resolve_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cancellations.acts.change_orders import actor_name
from cancellations.acts.exceptions import facts_name, is_decided_on_the_refund
from cancellations.acts.requests import RESOLVING_NEEDS, may_resolve
from cancellations.misfits import message_of
from cancellations.models import ProcessException, Refund
from cancellations.models.refund_states import RefundStatus
from console.lists.columns import Link, Status, link_to
from console.lists.exceptions import severity_of, state_of
from console.lists.refunds import title_of
from console.lists.subjects import subject_of
from orders.arithmetic.money import Minor
from orders.formats import Text, isolated, money_text

Category = ProcessException.Category

_COUNTERS: dict[str, Text] = {
    "allocated": pgettext_lazy("quantity", "Allocated"),
    "fulfilled": pgettext_lazy("quantity", "Fulfilled"),
    "return_initiated": pgettext_lazy("quantity", "Return initiated"),
    "returned": pgettext_lazy("quantity", "Returned"),
    "canceled": pgettext_lazy("quantity", "Canceled elsewhere"),
}
_FIGURES: dict[str, Text] = {
    "captured": pgettext_lazy("amount", "Captured"),
    "refunded_here": pgettext_lazy("amount", "Refunded here"),
    "refunded_elsewhere": pgettext_lazy("amount", "Refunded elsewhere"),
    "beyond_expected": _("Refunded beyond what was expected"),
    "charged_back": pgettext_lazy("amount", "Charged back"),
    "reserved": _("Set aside for refunds"),
    "captured_at_release": _("Captured when the rest was released"),
}
_ADVICE: dict[str, Text] = {
    Category.FULFILLMENT: _(
        "Find out where the units are, and stop them or ask for them back. A later report in"
        " which the line fits resolves this by itself."
    ),
    Category.PAYMENT: _(
        "Compare the figures with those of the payment’s provider. A later report in which the"
        " payment fits resolves this by itself."
    ),
    Category.REFUND: _(
        "Find out at the payment’s provider whether one refund was made or two. No report"
        " resolves this by itself."
    ),
    Category.RECORDS: _(
        "Someone wrote past the console, or it has a fault. Leave the order alone until whoever"
        " keeps the database has found what changed it, then say what it was. Nothing resolves"
        " this by itself, and the same differences do not open it again."
    ),
}


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter of a line, as reported and as it is in effect."""

    label: Text
    reported: int
    in_effect: int

    @property
    def differs(self) -> bool:
        return self.reported != self.in_effect


@dataclass(frozen=True, slots=True)
class ExceptionRecord:
    """A process exception in words.

    Attributes:
        counters: Of a line; or ``figures``, labels and amounts, of a payment; or ``differences``
            between the order's records and its events, each as verify_orders tells it.
        seen: Names the facts on the page.
        title: Its category and what it is about, or the refund or release alone.
        subject: What it is about; a link where that has a page of its own.
        decided_on: The page on which the refund or release is decided on, with which this is
            resolved; or "".
        ours: The unfinished refunds of ours that what was reported may have been, as links.
        can_be_assigned: Whether it is about what is owed, which a settlement directs.
        may_not: Why the reader cannot resolve it, or "".
        resolver: Who resolved it, or "".
    """

    message: str
    advice: Text
    severity: Status
    state: Status
    counters: tuple[Counter, ...]
    figures: tuple[tuple[Text, Minor], ...]
    differences: tuple[str, ...]
    seen: str
    title: SafeString
    subject: str | Link
    decided_on: str
    ours: tuple[Link, ...]
    can_be_assigned: bool
    may_not: str
    resolver: str


def read_exception(
    exception: ProcessException, *, reader: AbstractBaseUser | AnonymousUser
) -> ExceptionRecord:
    """The record of an exception fetched with its order, line and payment."""
    about_line = exception.line is not None
    row = exception.instruction if is_decided_on_the_refund(exception) else None
    return ExceptionRecord(
        message=message_of(exception, money_text),
        advice=_advice(exception),
        severity=severity_of(exception),
        state=state_of(exception),
        counters=_counters(exception) if about_line else (),
        figures=() if about_line else _figures(exception),
        differences=tuple(exception.facts.get("differences", ())),
        seen=facts_name(exception),
        title=_title(exception),
        subject=subject_of(exception),
        decided_on=resolve_url(row) if row else "",
        ours=tuple(_ours(exception)),
        can_be_assigned=_is_unassigned(exception),
        may_not="" if may_resolve(reader) else gettext(RESOLVING_NEEDS),
        resolver=actor_name(exception.resolved_by) if exception.resolved_by else "",
    )


def _ours(exception: ProcessException) -> Iterator[Link]:
    is_doubt = exception.category == Category.REFUND and not exception.instruction
    if not (is_doubt and exception.payment and exception.is_open):
        return
    unfinished = Refund.objects.filter(payment=exception.payment).exclude(
        status__in=(RefundStatus.SUCCEEDED, RefundStatus.WITHDRAWN)
    )
    for refund in unfinished:
        yield link_to(refund, title_of(refund))


def _title(exception: ProcessException) -> SafeString:
    subject = isolated(subject_of(exception))
    if exception.instruction:
        return subject
    return format_html("{} · {}", exception.get_category_display(), subject)


def _advice(exception: ProcessException) -> Text:
    if is_decided_on_the_refund(exception):
        return _("Retry it, look it up, withdraw it or record it as paid; that resolves this.")
    if exception.instruction:
        return _("Compare it with what the payment’s provider has, then say what you found.")
    if _is_unassigned(exception):
        return _(
            "Refund what is owed directs it over a payment of your choice. A refund that leaves"
            " nothing owed resolves this by itself."
        )
    return _ADVICE[exception.category]


def _is_unassigned(exception: ProcessException) -> bool:
    return exception.category == Category.REFUND and exception.payment is None


def _counters(exception: ProcessException) -> tuple[Counter, ...]:
    reported, in_effect = exception.facts["reported"], exception.facts["in_effect"]
    counted = {**in_effect, "canceled": in_effect["canceled_elsewhere"]}
    return tuple(Counter(label, reported[name], counted[name]) for name, label in _COUNTERS.items())


def _figures(exception: ProcessException) -> tuple[tuple[Text, Minor], ...]:
    facts = exception.facts
    return tuple(
        (label, facts[name]) for name, label in _FIGURES.items() if facts.get(name) is not None
    )
