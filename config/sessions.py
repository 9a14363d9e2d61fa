"""Django's sessions: their end, what is kept beyond it, made-up keys and a busy database."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.utils import timezone

from cancellations.wizard.run import IN_SESSION
from console.people.sessions import KEPT_FOR, SIGNED_IN_AT, remove_worth_nothing
from orders.locking import is_contention

ONE_MINUTE = timedelta(minutes=1)
"""How exactly the quiet is measured: a page writes no more often than that."""


class SessionStore(db.SessionStore):
    """A session ends after a quiet, ``SESSION_COOKIE_AGE``, and at the age of ``SESSION_LIFE``.

    The row's ``expire_date`` is its end as it stands now. It is moved by itself, without the
    answers in the row: a slow page would write back what it read before another tab's came in.
    What was typed into wizards is kept beyond the end, as long as a session can live, for the
    user who typed it; who that was, such a session says, and nobody is signed in by it.

    Session keys that no backend could have made are rejected, and a busy database is reported as
    busy. Django would put any text into its query, and take a session that the database did not
    save for one that was deleted.
    """

    def load(self) -> dict[str, Any]:
        key = self.session_key
        row = Session.objects.filter(session_key=key).first() if key else None
        if row is None:
            self._session_key = None
            return {}
        data: dict[str, Any] = self.decode(row.session_data)
        if row.expire_date > timezone.now():  # guard: a session ends
            self._move_end(row, data)
            return data
        kept = _kept(data) if row.expire_date + settings.SESSION_LIFE > timezone.now() else {}
        if not kept:
            self._session_key = None
        return kept

    @classmethod
    def clear_expired(cls) -> None:
        """What ``clearsessions`` does: who comes back after a quiet still finds what they typed."""
        remove_worth_nothing(timezone.now())

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        after_quiet: datetime = super().get_expiry_date(**kwargs)
        return _within_life(after_quiet, self)

    def save(self, must_create: bool = False) -> None:
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError):
                raise error.__context__ from error.__context__.__cause__
            raise

    def _validate_session_key(self, key: str | None) -> bool:
        text = key or ""
        looks_right: bool = super()._validate_session_key(key)  # type: ignore[misc]
        return looks_right and text.isascii() and text.isalnum()

    def _move_end(self, row: Session, data: dict[str, Any]) -> None:
        """Whoever asks is there; a database that is busy is told next time."""
        quiet = timedelta(seconds=settings.SESSION_COOKIE_AGE)
        end = _within_life(timezone.now() + quiet, data)
        if end - row.expire_date < ONE_MINUTE:
            return
        try:
            Session.objects.filter(pk=row.pk).update(expire_date=end)
        except OperationalError as error:
            if not is_contention(error):
                raise


def _within_life(end: datetime, data: Any) -> datetime:
    since = data.get(SIGNED_IN_AT)
    if since is None:
        return end
    return min(end, datetime.fromisoformat(since) + settings.SESSION_LIFE)


def _kept(data: dict[str, Any]) -> dict[str, Any]:
    """What a session that has ended is worth: the runs, and whose they are; or nothing."""
    owner = data.get(SESSION_KEY, data.get(KEPT_FOR))
    runs = {name: value for name, value in data.items() if name.startswith(IN_SESSION)}
    return {KEPT_FOR: owner} | runs if owner and runs else {}
