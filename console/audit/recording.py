"""The one writer of audit entries."""

from typing import Any

from django.contrib.auth.models import User

from console.audit.acting import acting_user, clients_address
from console.models import AuditEntry, AuditKind

LONGEST_NAME = 200


def record(kind: AuditKind, *, about: str = "", by: User | None = None, **facts: Any) -> AuditEntry:
    """Write down an act, in the transaction that is open: the entry stands if the act does.

    Args:
        about: The name or number of what it was about, no customer's name or address.
        by: Who did it; unless given, whoever is signed in where the request is answered.
        facts: Codes, counts and names of rights: neither customers' data nor secrets.
    """
    actor = by or acting_user()
    return AuditEntry.objects.create(
        kind=kind,
        actor_id=actor.pk if actor else None,
        actor_name=actor.get_username() if actor else "",
        about=about[:LONGEST_NAME],
        address=clients_address(),
        facts=facts,
    )
