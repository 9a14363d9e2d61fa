"""Errors told to Sentry, where a DSN says so: what broke and where, and nobody's data."""

from typing import Any

from config.observed import cleaned

_KEPT_HEADERS = ("Host", "X-Request-Id", "Hx-Request")


def tell_sentry(dsn: str, *, release: str = "", transport: Any = None) -> None:
    """Begin to tell; without a DSN nothing is imported and nothing sent.

    Raises:
        ModuleNotFoundError: The extra ``sentry`` is not installed.
    """
    if not dsn:
        return
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        release=release or None,
        transport=transport,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,  # they would hold statements with what was asked for
        traces_sample_rate=0,
        before_send=without_data,
    )


def without_data(event: Any, hint: Any) -> Any:
    """What may leave the house of an event."""
    request = event.get("request", {})
    for part in ("data", "cookies", "query_string", "env"):
        request.pop(part, None)
    headers = request.get("headers", {})
    request["headers"] = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
    event["user"] = {"id": event["user"]["id"]} if event.get("user", {}).get("id") else {}
    for left_out in ("breadcrumbs", "extra", "server_name"):
        event.pop(left_out, None)
    for value in event.get("exception", {}).get("values", []):
        value["value"] = cleaned(value.get("value") or "")
        for frame in value.get("stacktrace", {}).get("frames", []):
            frame.pop("vars", None)
    message = event.get("logentry")
    if message:
        event["logentry"] = {"message": cleaned(message.get("message") or "")}
    return event
