"""Whether a user has acted: then history names them, and they are neither renamed nor deleted."""

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db.models import PROTECT, ForeignObjectRel
from django.utils.translation import gettext

from cancellations.seeds import SYSTEM_USER
from console.models import AuditEntry


def why_the_name_is_final(user: User) -> str:
    """Why a user is neither renamed nor deleted, in a sentence; or ""."""
    if user.username == SYSTEM_USER:
        return gettext("The commands act as this user: it keeps its name and is never deleted.")
    if has_acted(user):
        return gettext(
            "History names this user: the username is final, and the account is never deleted."
            " Deactivate it instead."
        )
    return ""


def has_acted(user: User) -> bool:
    """Whether anything says that this user did it."""
    deeds = (LogEntry.objects.filter(user=user), AuditEntry.objects.filter(actor_id=user.pk))
    if any(found.exists() for found in deeds):
        return True
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: user}).exists()
        for relation in _records_of_deeds()
    )


def _records_of_deeds() -> list[ForeignObjectRel]:
    """Every relation by which a record names who made it, for which the user has to stay."""
    relations = User._meta.get_fields(include_hidden=True)
    return [
        relation
        for relation in relations
        if isinstance(relation, ForeignObjectRel)
        and getattr(relation, "on_delete", None) is PROTECT
    ]
