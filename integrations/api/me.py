"""Who the caller is."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from integrations.api.described import answers
from integrations.api.documents import as_json
from integrations.api.more_answers import MeAnswer
from integrations.models import ApiToken
from orders.documents.export import written

router = Router(tags=["me"])


@router.get("/me", openapi_extra=answers(MeAnswer, 200))
def me(request: HttpRequest) -> HttpResponse:
    """What the token is called, as whom it acts, and for what it may be used."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    return as_json(
        {
            "token": token.prefix,
            "name": token.name,
            "user": token.user.get_username(),
            "scopes": token.scopes,
            "expires_at": written(token.expires_at) if token.expires_at else None,
        }
    )
