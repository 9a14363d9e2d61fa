"""Bodies of calls, read as strictly as files are."""

from typing import Any, TypeVar

from django.http import HttpRequest, UnreadablePostError

from integrations.api.problems import Refused
from orders.documents.fields import Document, Problem, validated
from orders.documents.jsonlines import LONGEST_LINE, NotADocument, parse_object

AnyDocument = TypeVar("AnyDocument", bound=Document)
_MOST_DIGITS = 20
_JSON = ("application/json", "application/x-ndjson")


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The one JSON object of a call.

    Raises:
        Refused: It is something else, too long, or cut short.
    """
    try:
        return parse_object(body_of(request), first=True)
    except NotADocument as refusal:
        raise Refused(400, "bad-request", Problem("", f"The body {refusal}.")) from refusal


def document_of(request: HttpRequest, model: type[AnyDocument]) -> AnyDocument:
    """The body as a document without amounts.

    Raises:
        Refused, DocumentRefused: It is none.
    """
    return validated(model, json_body(request))


def body_of(request: HttpRequest) -> bytes:
    """The bytes of a JSON body.

    Raises:
        Refused: It is none, or too long, or did not come whole.
    """
    if request.content_type not in _JSON:
        raise Refused(415, "unsupported-media-type")
    length = request.headers.get("Content-Length", "0")
    if not length.isdecimal() or len(length) > _MOST_DIGITS or int(length) > LONGEST_LINE:
        raise Refused(413, "too-large")
    try:
        return request.body
    except UnreadablePostError as error:
        raise Refused(400, "bad-request", Problem("", "The body did not come whole.")) from error
