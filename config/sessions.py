"""Django's sessions, for keys that a browser made up and a database that is busy."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError


class SessionStore(db.SessionStore):
    """Reject session keys that no backend could have made, and report a busy database as busy.

    Django would put any text into its query, and take a session that the database did not
    save for one that was deleted.
    """

    def _validate_session_key(self, key: str | None) -> bool:
        text = key or ""
        looks_right: bool = super()._validate_session_key(key)  # type: ignore[misc]
        return looks_right and text.isascii() and text.isalnum()

    def save(self, must_create: bool = False) -> None:
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError):
                raise error.__context__ from error.__context__.__cause__
            raise
