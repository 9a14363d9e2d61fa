"""Where this caller's events are delivered."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import AfterValidator, Field

from integrations.api.bodies import document_of
from integrations.api.callers import caller
from integrations.api.described import LINK, LOCATION, answers, takes
from integrations.api.documents import as_json
from integrations.api.more_answers import (
    DeliveriesAnswer,
    DeliveryAnswer,
    EndpointAnswer,
    EndpointsAnswer,
    ReplayAnswer,
    SecretAnswer,
)
from integrations.api.pages import Page, answer_page
from integrations.api.problems import not_found
from integrations.api.refunds import id_in
from integrations.events import again
from integrations.events import endpoints as acts
from integrations.models import RIGHT_TO_MANAGE, Delivery, Endpoint, Scope
from integrations.models.endpoints import LONGEST_ADDRESS
from orders.documents.export import written
from orders.documents.fields import Document, Moment, plain

router = Router(tags=["webhook endpoints"])


Address = Annotated[str, Field(max_length=LONGEST_ADDRESS), AfterValidator(plain)]
Description = Annotated[str, Field(max_length=200), AfterValidator(plain)]


class NewEndpoint(Document):
    """``types`` are those it is told of; without any, all that whoever keeps it may see."""

    address: Address
    description: Description = ""
    types: list[str] = []


class EndpointChange(Document):
    address: Address | None = None
    description: Description | None = None
    types: list[str] | None = None
    enabled: bool | None = None


class Resend(Document):
    delivery: int


class Replay(Document):
    since: Moment


@router.get("/webhook-endpoints", openapi_extra=answers(EndpointsAnswer, 200, told_in=(LINK,)))
def endpoints(request: HttpRequest, page: Query[Page]) -> HttpResponse:
    """All endpoints."""
    _manager(request)
    return answer_page(request, Endpoint.objects.all(), page, lambda rows: list(map(_dump, rows)))


@router.post(
    "/webhook-endpoints", openapi_extra=takes(NewEndpoint, SecretAnswer, 201, told_in=(LOCATION,))
)
def create(request: HttpRequest) -> HttpResponse:
    """Make one; its secret is told this once."""
    user = _manager(request)
    asked = document_of(request, NewEndpoint)
    made, secret = acts.create_endpoint(
        address=asked.address, description=asked.description, types=asked.types, by=user
    )
    headers = {"Location": f"/api/v1/webhook-endpoints/{made.pk}"}
    return as_json({**_dump(made), "secret": secret}, status=201, headers=headers)


@router.get("/webhook-endpoints/{endpoint}", openapi_extra=answers(EndpointAnswer, 200))
def read(request: HttpRequest, endpoint: str) -> HttpResponse:
    """One endpoint."""
    _manager(request)
    return as_json(_dump(_endpoint(endpoint)))


@router.patch(
    "/webhook-endpoints/{endpoint}", openapi_extra=takes(EndpointChange, EndpointAnswer, 200)
)
def change(request: HttpRequest, endpoint: str) -> HttpResponse:
    """Change what is named, and leave the rest."""
    user = _manager(request)
    asked = document_of(request, EndpointChange)
    changed = acts.change_endpoint(
        endpoint=id_in(endpoint),
        address=asked.address,
        description=asked.description,
        types=asked.types,
        enabled=asked.enabled,
        by=user,
    )
    return as_json(_dump(changed))


@router.delete("/webhook-endpoints/{endpoint}", openapi_extra=answers(None, 204))
def delete(request: HttpRequest, endpoint: str) -> HttpResponse:
    """Delete it, with its deliveries."""
    acts.delete_endpoint(endpoint=id_in(endpoint), by=_manager(request))
    return HttpResponse(status=204)


@router.post("/webhook-endpoints/{endpoint}/rotate", openapi_extra=answers(SecretAnswer, 200))
def rotate(request: HttpRequest, endpoint: str) -> HttpResponse:
    """Give it another secret, told this once; for a day the one before signs, too."""
    rotated, secret = acts.rotate_secret(endpoint=id_in(endpoint), by=_manager(request))
    return as_json({**_dump(rotated), "secret": secret})


@router.post("/webhook-endpoints/{endpoint}/test", openapi_extra=answers(DeliveryAnswer, 202))
def test(request: HttpRequest, endpoint: str) -> HttpResponse:
    """Deliver an event that says nothing."""
    sent = acts.test_endpoint(endpoint=id_in(endpoint), by=_manager(request))
    return as_json(_dump_delivery(sent), status=202)


@router.get(
    "/webhook-endpoints/{endpoint}/deliveries",
    openapi_extra=answers(DeliveriesAnswer, 200, told_in=(LINK,)),
)
def deliveries(request: HttpRequest, endpoint: str, page: Query[Page]) -> HttpResponse:
    """What was delivered to one, or is to be."""
    _manager(request)
    found = Delivery.objects.filter(endpoint=_endpoint(endpoint)).select_related("event")
    return answer_page(request, found, page, lambda rows: list(map(_dump_delivery, rows)))


@router.post(
    "/webhook-endpoints/{endpoint}/resend", openapi_extra=takes(Resend, DeliveryAnswer, 202)
)
def resend(request: HttpRequest, endpoint: str) -> HttpResponse:
    """Deliver one once more."""
    user = _manager(request)
    asked = document_of(request, Resend)
    sent = again.resend_delivery(
        endpoint=id_in(endpoint), delivery=id_in(str(asked.delivery)), by=user
    )
    return as_json(_dump_delivery(sent), status=202)


@router.post("/webhook-endpoints/{endpoint}/replay", openapi_extra=takes(Replay, ReplayAnswer, 202))
def replay(request: HttpRequest, endpoint: str) -> HttpResponse:
    """Deliver once more all that was published since a time."""
    user = _manager(request)
    asked = document_of(request, Replay)
    count = again.replay_since(endpoint=id_in(endpoint), since=asked.since, by=user)
    return as_json({"deliveries": count}, status=202)


def _manager(request: HttpRequest) -> Any:
    return caller(request, Scope.WEBHOOKS_MANAGE, RIGHT_TO_MANAGE)


def _endpoint(text: str) -> Endpoint:
    found = Endpoint.objects.filter(pk=id_in(text)).first()
    if found is None:
        raise not_found()
    return found


def _dump(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "id": endpoint.pk,
        "address": endpoint.address,
        "description": endpoint.description,
        "types": endpoint.types,
        "enabled": endpoint.is_enabled,
        "disabled_why": endpoint.disabled_why or None,
        "created_at": written(endpoint.created_at),
    }


def _dump_delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.pk,
        "event": delivery.event.name if delivery.event else None,
        "status": delivery.status,
        "tries": delivery.tries,
        "due_at": _time(delivery.due_at),
    }


def _time(moment: datetime | None) -> str | None:
    return written(moment) if moment else None
