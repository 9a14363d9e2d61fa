"""The signatures of what is delivered, as Standard Webhooks have them."""

from datetime import UTC, datetime

from standardwebhooks import Webhook

from integrations.events.secrets import decrypted
from integrations.models import Endpoint


class Signer:
    """Signs what is delivered to an endpoint, with secrets that are decrypted once.

    Within a day after a rotation both secrets sign.

    Raises:
        Unreadable: A secret cannot be decrypted.
    """

    def __init__(self, endpoint: Endpoint, *, now: datetime) -> None:
        self._secrets: list[tuple[Webhook, datetime | None]] = [
            (Webhook(decrypted(endpoint.secret)), None)
        ]
        if (until := endpoint.old_secret_until) and now < until:
            self._secrets.append((Webhook(decrypted(endpoint.old_secret)), until))

    def headers(self, *, name: str, body: str, now: datetime) -> dict[str, str]:
        """The headers by which a receiver knows who sent a body, when, and whether it has it."""
        at = now.astimezone(UTC).replace(microsecond=0)
        signing = [secret for secret, until in self._secrets if until is None or now < until]
        return {
            "webhook-id": name,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": " ".join(each.sign(name, at, body) for each in signing),
        }
