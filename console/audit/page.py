"""The auditors' pages: the list of entries, and the same as a file for a spreadsheet."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from console.audit.entries import ENTRIES, ENTRY_COLUMNS, AuditForm, entries_asked_for
from console.audit.recording import record
from console.audit.words import what_happened
from console.models import RIGHT_TO_AUDIT, AuditEntry, AuditKind
from console.spreadsheets import CHUNK, as_file

audits = permission_required(RIGHT_TO_AUDIT, raise_exception=True)


@require_safe
@never_cache
@audits
def audit(request: HttpRequest) -> HttpResponse:
    """Audit entries: newest first, narrowed by the URL's query."""
    form = AuditForm(request.GET)
    page = ENTRIES.page_of(form)
    context = {
        "listing": ENTRIES,
        "form": form,
        "page": page,
        "table": ENTRIES.table(page, form),
        "sums": "",
    }
    status = 400 if form.errors else 200
    return render(request, "console/audit/audit.html", context, status=status)


@require_POST
@never_cache
@audits
def audit_export(request: HttpRequest) -> HttpResponseBase:
    """The entries of a list as CSV, and an entry that they were taken out.

    What is not valid leads to the list that is asked for the same, which says what is wrong.
    """
    form = AuditForm(request.POST)
    if not form.is_valid():
        return redirect(f"{resolve_url('console:audit')}?{form.sent_query}")
    asked = [f"{name}={given}" for name, given in form.narrowing.items()]
    taken_out = record(AuditKind.EXPORTED, about="audit", asked=asked)
    rows = _rows(entries_asked_for(form).filter(pk__lt=taken_out.pk))
    return as_file("audit", [column.label for column in ENTRY_COLUMNS], rows)


def _rows(entries: QuerySet[AuditEntry]) -> Iterator[tuple[Any, ...]]:
    """In keyset chunks, oldest first: no transaction is held open meanwhile."""
    last = 0
    while chunk := list(entries.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield from map(_cells, chunk)
        last = chunk[-1].pk


def _cells(entry: AuditEntry) -> tuple[Any, ...]:
    return (
        entry.at.isoformat(),
        entry.get_kind_display(),
        entry.actor_name,
        entry.about,
        what_happened(entry),
        entry.address or "",
    )
