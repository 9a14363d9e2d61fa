"""What an audit entry says, in words: its facts are codes, and so much stays as it was typed."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cancellations.models.approvals import ApprovalStatus
from console.audit.pages import called
from console.models import AuditEntry
from orders.formats import Text
from orders.models import EventType

_VALUES: dict[str, Text] = {
    "added": gettext_lazy("Added"),
    "changed": pgettext_lazy("done", "Changed"),
    "deleted": gettext_lazy("Deleted"),
    "given": pgettext_lazy("rights", "Given"),
    "taken": pgettext_lazy("rights", "Taken away"),
    "linked": gettext_lazy("Linked to a provider"),
    "unlinked": gettext_lazy("No longer linked to a provider"),
    "released": pgettext_lazy("sign-in", "Released"),
    "ended": gettext_lazy("Sessions ended"),
    "rotated": gettext_lazy("New secret"),
    "tested": gettext_lazy("Tested"),
    "resent": gettext_lazy("Delivered again"),
    "replayed": gettext_lazy("Replayed"),
    **{status.value: status.label for status in ApprovalStatus},
    "retry": gettext_lazy("Sent again"),
    "withdraw": gettext_lazy("Withdrawn"),
    "look_up": gettext_lazy("Gateway asked"),
    "mark_as_paid": gettext_lazy("Marked as paid"),
    "was_this_refund": gettext_lazy("Reported elsewhere, was ours"),
    **{event.value: event.label for event in EventType},
}
_NAMES: dict[str, Text] = {
    "username": gettext_lazy("Username"),
    "is_active": pgettext_lazy("account", "Active"),
    "is_staff": gettext_lazy("Staff"),
    "is_superuser": gettext_lazy("Superuser"),
    "email": gettext_lazy("E-mail"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "fields": gettext_lazy("Also changed"),
    "rights": gettext_lazy("Rights"),
    "name": gettext_lazy("Name"),
    "position": gettext_lazy("Position"),
    "needs_note": gettext_lazy("Needs a note"),
    "retired": gettext_lazy("Retired"),
    "rule": gettext_lazy("Rule"),
    "text": gettext_lazy("Text"),
    "type": gettext_lazy("Type"),
    "request": gettext_lazy("Request"),
    "refund": gettext_lazy("Refund"),
    "release": gettext_lazy("Release"),
    "exception": gettext_lazy("Exception"),
    "change_order": gettext_lazy("Change order"),
    "sequence": gettext_lazy("Event"),
    "asked": gettext_lazy("Asked for"),
    "before": pgettext_lazy("time", "Before"),
    "provider": gettext_lazy("Provider"),
    "sessions": gettext_lazy("Sessions"),
    "rows": gettext_lazy("Rows"),
    "enabled": pgettext_lazy("endpoint", "Enabled"),
    "deliveries": gettext_lazy("Deliveries"),
}
_UNNAMED = ("act", "event", "decision")
"""Facts that are the sentence's verb."""


def what_happened(entry: AuditEntry) -> str:
    """The facts of an entry in one line: what was done, then each fact by its name."""
    return " · ".join(_parts(entry.facts))


def _parts(facts: dict[str, Any]) -> Iterator[str]:
    for name in _UNNAMED:
        if name in facts:
            yield _said(facts[name])
    if "page" in facts:
        yield called(facts["page"])
    for name, value in facts.items():
        if name not in (*_UNNAMED, "page"):
            yield f"{_NAMES.get(name, name)}: {_of(name, value)}"


def _of(name: str, value: Any) -> str:
    """A value; of a field that changed, what it was and is."""
    if name == "fields":
        return ", ".join(str(_NAMES.get(each, each)) for each in value)
    if isinstance(value, list) and name not in ("rights", "asked"):
        return " → ".join(map(_said, value))
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    return _said(value)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value == "":
        return "–"
    return str(_VALUES.get(value, value)) if isinstance(value, str) else str(value)
