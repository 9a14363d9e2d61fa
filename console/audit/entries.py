"""Audit entries as a list: the columns, and what it is narrowed by."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from console.audit.words import what_happened
from console.lists.columns import Column, Moment, Narrow
from console.lists.days import DayField, beginning_of, end_of
from console.lists.listing import Empty, Listing
from console.models import AuditEntry
from orders.keyset import COUNT_AT_MOST, Page, page_of
from orders.list_form import ListForm
from orders.places import Key, Ordering, whole

ENTRY_COLUMNS: tuple[Column[AuditEntry], ...] = (
    Column("at", pgettext_lazy("time", "When"), lambda entry: Moment(entry.at), sort="pk"),
    Column("kind", _("Kind"), lambda entry: entry.get_kind_display(), narrow=Narrow.CORNER),
    Column("actor", _("Who"), lambda entry: entry.actor_name),
    Column(
        "about", pgettext_lazy("concerning", "About"), lambda entry: entry.about, narrow=Narrow.END
    ),
    Column("what", _("What"), what_happened, narrow=Narrow.SENTENCE),
    Column("address", _("Address"), lambda entry: entry.address or ""),
)


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
    since = DayField(label=pgettext_lazy("day", "From"))
    until = DayField(label=pgettext_lazy("day", "To"))


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
    if since := form.answer("since"):
        entries = entries.filter(at__gte=beginning_of(since))
    if until := form.answer("until"):
        entries = entries.filter(at__lt=end_of(until))
    return entries


ENTRIES = Listing(
    heading=_("Audit"),
    icon="scroll-text",
    kicker=_("Who came in, and what they did"),
    help=_("Check here who came in and what they did to accounts, rights, settings and money."),
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
