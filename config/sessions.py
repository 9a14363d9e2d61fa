"""Django's sessions in the database, for keys that a browser can make up."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Takes a cookie for a session's key only when it looks like one: no text breaks a query."""

    def _validate_session_key(self, key: str | None) -> bool:
        text = key or ""
        looks_right: bool = super()._validate_session_key(key)  # type: ignore[misc]
        return looks_right and text.isascii() and text.isalnum()
