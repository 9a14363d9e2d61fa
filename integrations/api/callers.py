"""Who calls, and what they may: never more than their token's user."""

from django.contrib.auth.models import User
from django.http import HttpRequest
from structlog.contextvars import bind_contextvars

from integrations.api.problems import Refused, not_found
from integrations.api.tokens import token_of
from integrations.models import ApiToken, Scope
from orders.documents.fields import Problem

SEES_ORDERS = "orders.view_ordersummary"
SEES_CHANGE_ORDERS = "cancellations.view_changeorder"
SEES_REFUNDS = "cancellations.view_refund"
SEES_EXCEPTIONS = "cancellations.view_processexception"


def known_token(request: HttpRequest) -> ApiToken:
    """What every call proves first; a browser's session proves nothing here.

    Raises:
        NoToken, TooManyRequests: As they say.
    """
    token = token_of(request.headers.get("Authorization", ""))
    request.user = token.user
    bind_contextvars(user=token.user_id, caller=token.prefix)
    return token


def caller(request: HttpRequest, scope: Scope, *rights: str) -> User:
    """The user for whom the call's token acts.

    Args:
        rights: Without one of them, what is asked about is not there for them.

    Raises:
        Refused: The token has no such scope (403), or its user no such right (404).
    """
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    if scope not in token.scopes:  # guard: the scope of a token
        missing = Problem("", f"The token lacks the scope {scope.value}.")
        raise Refused(403, "forbidden", missing)
    if not token.user.has_perms(rights):  # guard: the rights of a token's user
        raise not_found()
    return token.user


def has_right(user: User, right: str, words: str) -> None:
    """Refuse what the user may see, but not do.

    Raises:
        Refused: With what is missing.
    """
    if not user.has_perm(right):
        raise Refused(403, "forbidden", Problem("", f"The token's user has no right to {words}."))
