"""What is written down of accounts, groups, rights and settings when they change.

By Django's signals, so that pages, commands and shells are all heard; what is written past the
ORM's ``save`` (``update``, SQL) is not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save

from cancellations.models import BundlePolicy, CancellationReason
from console.audit.recording import record
from console.models import AuditKind


@dataclass(frozen=True, slots=True)
class Watched:
    """What of a model is written down.

    Attributes:
        shown: Fields whose values stand in the entry.
        named: Fields of which it says only that they changed: names, addresses, long texts.
    """

    kind: AuditKind
    shown: tuple[str, ...]
    named: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        return (*self.shown, *self.named)


WATCHED: dict[type[Model], Watched] = {
    User: Watched(
        AuditKind.ACCOUNT,
        ("username", "is_active", "is_staff", "is_superuser"),
        ("email", "first_name", "last_name"),
    ),
    Group: Watched(AuditKind.GROUP, ("name",)),
    CancellationReason: Watched(AuditKind.REASON, ("name", "position", "needs_note", "retired")),
    BundlePolicy: Watched(AuditKind.POLICY, ("rule",), ("text",)),
}
_GIVEN, _TAKEN = "given", "taken"
_M2M_ACTS = {"post_add": _GIVEN, "post_remove": _TAKEN, "pre_clear": _TAKEN}


def listen() -> None:
    for model in WATCHED:
        name = model.__name__
        pre_save.connect(_about_to_change, sender=model, dispatch_uid=f"audit.before.{name}")
        post_save.connect(_changed, sender=model, dispatch_uid=f"audit.after.{name}")
        post_delete.connect(_deleted, sender=model, dispatch_uid=f"audit.deleted.{name}")
    for through in (User.groups.through, User.user_permissions.through, Group.permissions.through):
        m2m_changed.connect(_rights_moved, sender=through, dispatch_uid=f"audit.{through.__name__}")


def _about_to_change(
    sender: type[Model], instance: Any, raw: bool, update_fields: Iterable[str] | None, **kw: Any
) -> None:
    """Keep what is stored now of the fields that are saved, to compare with."""
    fields = [
        name
        for name in WATCHED[sender].fields
        if update_fields is None or name in set(update_fields)
    ]
    instance._audited_before = None
    if instance.pk and fields and not raw:
        stored = sender._default_manager.filter(pk=instance.pk)
        instance._audited_before = stored.values(*fields).first()


def _changed(sender: type[Model], instance: Any, created: bool, raw: bool, **kwargs: Any) -> None:
    watched = WATCHED[sender]
    if raw:
        return
    if created:
        shown = {name: getattr(instance, name) for name in watched.shown}
        record(watched.kind, about=str(instance), act="added", **shown)
        return
    _password_set(instance)
    before = instance._audited_before or {}
    moved = {name: was for name, was in before.items() if was != getattr(instance, name)}
    facts: dict[str, Any] = {
        name: [was, getattr(instance, name)] for name, was in moved.items() if name in watched.shown
    }
    if named := [name for name in moved if name in watched.named]:
        facts["fields"] = named
    if facts:
        record(watched.kind, about=str(instance), act="changed", **facts)


def _password_set(instance: object) -> None:
    """A password that was set, not one that signing in hashes anew."""
    if isinstance(instance, User) and vars(instance).get("_password") is not None:
        record(AuditKind.PASSWORD, about=instance.get_username(), act="changed")


def _deleted(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    record(WATCHED[sender].kind, about=str(instance), act="deleted")


def _rights_moved(
    sender: object,
    instance: Any,
    action: str,
    reverse: bool,
    model: type[Model],
    pk_set: set[int] | None,
    **kwargs: Any,
) -> None:
    """Groups and rights of a user, or rights of a group, from whichever end they were changed."""
    act = _M2M_ACTS.get(action)
    if act is None or pk_set == set():
        return
    others = model._default_manager.filter(pk__in=pk_set) if pk_set is not None else None
    if others is None:
        others = _all_of(sender, instance, reverse)
    if not reverse:
        _record_rights(instance, act, others)
        return
    owner: Any
    for owner in others:
        _record_rights(owner, act, [instance])


def _all_of(sender: Any, instance: Any, reverse: bool) -> Any:
    """What is about to be cleared."""
    if sender is User.groups.through:
        return instance.user_set.all() if reverse else instance.groups.all()
    if sender is User.user_permissions.through:
        return instance.user_set.all() if reverse else instance.user_permissions.all()
    return instance.group_set.all() if reverse else instance.permissions.all()


def _record_rights(owner: User | Group, act: str, others: Iterable[Any]) -> None:
    kind = AuditKind.RIGHTS if isinstance(owner, User) else AuditKind.GROUP
    if names := sorted(map(_name_of, others)):
        record(kind, about=str(owner), act=act, rights=names)


def _name_of(given: Group | Permission) -> str:
    if isinstance(given, Group):
        return given.name
    return f"{given.content_type.app_label}.{given.codename}"
