"""The signatures of what is delivered, as Standard Webhooks have them."""

from datetime import UTC, datetime

from standardwebhooks import Webhook

from integrations.events.secrets import decrypted
from integrations.models import Endpoint


def signed_headers(endpoint: Endpoint, *, name: str, body: str, now: datetime) -> dict[str, str]:
    """The headers by which a receiver knows who sent a body, when, and whether it has it already.

    Within a day after a rotation both secrets sign.

    Raises:
        Unreadable: The secret cannot be decrypted.
    """
    at = now.astimezone(UTC).replace(microsecond=0)
    stored = [endpoint.secret]
    if endpoint.old_secret_until and now < endpoint.old_secret_until:
        stored.append(endpoint.old_secret)
    signatures = [Webhook(decrypted(secret)).sign(name, at, body) for secret in stored]
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
