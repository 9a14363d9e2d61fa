"""Every call of the API by who may not call it, and by methods that its address does not know."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.utils import timezone

from integrations.api.tokens import revoke
from integrations.models import ApiToken
from tests.proofs.bad_input.api import BARE, BATCH, BEARER, KEY, SOUND, Call, by_call
from tests.proofs.bad_input.row import BadInput
from tests.proofs.bad_input.stage import Stage


def ran_out(stage: Stage) -> None:
    """The token ran out a second ago."""
    past = timezone.now() - timedelta(seconds=1)
    ApiToken.objects.update(expires_at=past)


def revoked(stage: Stage) -> None:
    """The token was revoked."""
    token = stage.named["token_of"]
    revoke(token, by=token.user)


def left(stage: Stage) -> None:
    """Whoever the token acts for has left."""
    user = stage.named["token_of"].user
    user.is_active = False
    user.save()


def without_scopes(stage: Stage) -> None:
    """The token has no scope."""
    ApiToken.objects.update(scopes=[])


def without_rights(stage: Stage) -> None:
    """The token's user has no right left."""
    user = stage.named["token_of"].user
    user.groups.clear()
    user.user_permissions.clear()


FORGED: tuple[tuple[str, dict[str, str]], ...] = (
    ("no token", {}),
    ("an empty token", {"Authorization": ""}),
    ("a scheme alone", {"Authorization": "Bearer"}),
    ("another scheme", {"Authorization": "Basic {token}"}),
    ("a token without its scheme", {"Authorization": "{token}"}),
    ("a token with more behind it", {"Authorization": "Bearer {token}A"}),
    ("a token and another", {"Authorization": "Bearer {token} {token}"}),
    ("a token in capitals", {"Authorization": "Bearer CMT_{token}"}),
    ("a secret of another", {"Authorization": "Bearer cmt_0123456789ab_" + "A" * 43}),
    ("NUL in a token", {"Authorization": "Bearer {token}\0"}),
    ("full-width digits", {"Authorization": "Bearer cmt_１２３４５６７８９０１２_" + "A" * 43}),  # noqa: RUF001
    ("10,000 characters", {"Authorization": "Bearer cmt_" + "0" * 10_000}),
    ("SQL", {"Authorization": "Bearer cmt_' OR 1=1 --_x"}),
)
STATES: tuple[tuple[str, Callable[[Stage], None], int, str], ...] = (
    ("a token that ran out", ran_out, 401, "unauthorized"),
    ("a revoked token", revoked, 401, "unauthorized"),
    ("a token of one who left", left, 401, "unauthorized"),
    ("a token without scopes", without_scopes, 403, "forbidden · : The token lacks the scope"),
)
_EVERYBODYS = ("GET /me", "GET /events")
"""The token's own, and a feed that tells what its user may see: nothing, perhaps."""
WRONG_METHODS = {
    "/orders": "PUT",
    "/orders/W-1": "DELETE",
    "/orders:batch": "GET",
    "/orders/W-1/fulfillment": "POST",
    "/orders/W-1/cancellations/preview": "GET",
    "/orders/W-1/cancellations": "PUT",
    "/orders/W-1/settlements": "DELETE",
    "/change-orders": "POST",
    "/change-orders/CO-00000001": "PATCH",
    "/change-orders/CO-00000001/undo": "GET",
    "/refunds": "POST",
    "/refunds/1": "DELETE",
    "/refunds/1/retry": "PUT",
    "/refunds/1/withdraw": "GET",
    "/refunds/1/paid-by-hand": "TRACE",
    "/process-exceptions": "POST",
    "/process-exceptions/1/resolve": "GET",
    "/events": "POST",
    "/webhook-endpoints": "DELETE",
    "/webhook-endpoints/{endpoint}": "PUT",
    "/webhook-endpoints/{endpoint}/rotate": "GET",
    "/webhook-endpoints/{endpoint}/test": "PATCH",
    "/webhook-endpoints/{endpoint}/deliveries": "POST",
    "/webhook-endpoints/{endpoint}/resend": "GET",
    "/webhook-endpoints/{endpoint}/replay": "OPTIONS",
    "/me": "POST",
    "/openapi.json": "BREW",
}


def _rows() -> Iterator[BadInput]:
    for number, what in enumerate((*SOUND, *BARE, BATCH)):
        body = SOUND.get(what)
        forged = FORGED if number == 0 else [FORGED[0], FORGED[number % len(FORGED)]]
        for words, shown in dict(forged).items():
            call = Call(what, body, headers=KEY | shown)
            yield BadInput(f"{what}: {words}", call, 401, "unauthorized")
        for words, given, status, says in STATES:
            if what != "GET /me" or status != 403:
                yield BadInput(f"{what}: {words}", Call(what, body), status, says, given=(given,))
        if what not in _EVERYBODYS:
            yield BadInput(
                f"{what}: without rights",
                Call(what, body),
                404,
                "not-found",
                given=(without_rights,),
            )
    for path, method in WRONG_METHODS.items():
        call = Call(f"{method} {path}", headers=BEARER)
        yield BadInput(f"{method} {path}", call, 405, "method-not-allowed · Allow: ")


WAY_IN = by_call("API, callers and methods", tuple(_rows()))
