"""Audit entries as a list: the columns, and what it is narrowed by."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from console.audit.words import what_happened
from console.lists.columns import Column, Moment, Narrow
from console.lists.listing import Empty, Listing
from console.models import AuditEntry
from orders.keyset import COUNT_AT_MOST, Key, ListForm, Ordering, Page, page_of, whole

ENTRY_COLUMNS: tuple[Column[AuditEntry], ...] = (
    Column("at", pgettext_lazy("time", "When"), lambda entry: Moment(entry.at), sort="pk"),
    Column("kind", _("Kind"), lambda entry: entry.get_kind_display(), narrow=Narrow.CORNER),
    Column("actor", _("Who"), lambda entry: entry.actor_name),
    Column(
        "about", pgettext_lazy("concerning", "About"), lambda entry: entry.about, narrow=Narrow.END
    ),
    Column("what", _("What"), what_happened, narrow=Narrow.WHOLE),
    Column("address", _("Address"), lambda entry: entry.address or ""),
)


_DAYS = (MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31)))
"""What a database and every zone can tell the beginning of."""


class AuditForm(ListForm):
    ordering = Ordering((Key("pk", whole),), descending=True)
    count_words = ngettext_lazy("%(count)d entry", "%(count)d entries", "count")
    many_words = ngettext_lazy(
        "more than %(most)s entry", "more than %(most)s entries", COUNT_AT_MOST
    )

    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("All kinds")), *AuditEntry.Kind.choices],
        error_messages={"invalid_choice": _("Choose a kind from the list.")},
    )
    who = forms.CharField(label=_("Who"), required=False, max_length=150)
    about = forms.CharField(
        label=pgettext_lazy("concerning", "About"), required=False, max_length=200
    )
    since = forms.DateField(
        label=pgettext_lazy("day", "From"),
        required=False,
        validators=_DAYS,
        widget=forms.DateInput({"type": "date"}),
    )
    until = forms.DateField(
        label=pgettext_lazy("day", "To"),
        required=False,
        validators=_DAYS,
        widget=forms.DateInput({"type": "date"}),
    )


def page_of_entries(form: ListForm) -> Page[AuditEntry]:
    """Entries, newest first, that a form asks for."""
    found = entries_asked_for(form)
    return page_of(form, found, counted=found)


def entries_asked_for(form: ListForm) -> QuerySet[AuditEntry]:
    """What narrows the list is an exact name, so that an index finds it; days are the viewer's."""
    entries = AuditEntry.objects.all()
    for name, column in (("kind", "kind"), ("who", "actor_name"), ("about", "about")):
        if given := form.answer(name):
            entries = entries.filter(**{column: given})
    if since := _day(form, "since"):
        entries = entries.filter(at__gte=_midnight(since))
    if until := _day(form, "until"):
        entries = entries.filter(at__lt=_midnight(until) + timedelta(days=1))
    return entries


def _day(form: ListForm, name: str) -> date | None:
    return None if name in form.errors else form.cleaned_data[name]


def _midnight(day: date) -> datetime:
    """The moment at which a day begins in the viewer's zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


ENTRIES = Listing(
    heading=_("Audit"),
    icon="scroll-text",
    kicker=_("Who came in, and what they did"),
    caption=_("Audit entries, newest first"),
    columns=ENTRY_COLUMNS,
    form=AuditForm,
    page_of=page_of_entries,
    no_match=Empty(
        _("No entry matches"),
        _("Names are looked for as they are written. Choose other days, or {link}."),
        link=_("see all entries"),
        leads_to="console:audit",
    ),
    nothing_yet=Empty(_("No entries yet"), _("Whatever people do here from now on is listed.")),
)
