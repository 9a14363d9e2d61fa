"""How calls are told in ``openapi.json``: what they take, what they answer, and every refusal."""

from collections.abc import Collection, Mapping
from typing import Any

from ninja import NinjaAPI
from ninja.operation import Operation
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from integrations.api.problems import PROBLEM, TITLES
from orders.documents.fields import Document

JSON, JSON_LINES = "application/json", "application/x-ndjson"
ALWAYS = (400, 401, 403, 404, 422, 429, 503)
WITH_BODY = (413, 415)
NO_CONTENT = 204, 304

_REF = "#/components/schemas/{model}"
_models: set[type[BaseModel]] = set()
"""Those of which calls tell; each call names its own."""

Told = dict[str, Any]


def answers(
    model: Any,
    *statuses: int,
    headers: Collection[str] = (),
    told_in: Collection[str] = (),
    media: str = JSON,
) -> Told:
    """What stands in an operation without a body, which answers so.

    Args:
        model: The answer, or a union of answers; None: there is nothing to tell.
        statuses: Beside ``ALWAYS``.
        headers: Of ``HEADERS``.
        told_in: The headers of the answer, of ``ANSWERED``, that this call's own has.
    """
    done = {media: {"schema": _schema_of(model)}} if model is not None else {}
    return {
        "parameters": [HEADERS[name] for name in headers],
        "responses": {
            str(each): _response(each, done, told_in) for each in sorted({*statuses, *ALWAYS})
        },
    }


def takes(
    document: Any,
    model: Any,
    *statuses: int,
    headers: Collection[str] = (),
    told_in: Collection[str] = (),
    media: Collection[str] = (JSON,),
    answered_in: str = JSON,
) -> Told:
    """What stands in an operation that takes a document (or one of a union), and answers so."""
    codes = (*statuses, *WITH_BODY)
    told = answers(model, *codes, headers=headers, told_in=told_in, media=answered_in)
    schema = _schema_of(document)
    content = {each: {"schema": _BODIES.get(each, schema)} for each in media}
    return {**told, "requestBody": {"required": True, "content": content}}


def _schema_of(model: Any) -> Told:
    several = getattr(model, "__args__", (model,))
    _models.update(several)
    told = [{"$ref": _REF.format(model=each.__name__)} for each in several]
    return told[0] if len(told) == 1 else {"anyOf": told}


def _response(status: int, done: Told, told_in: Collection[str]) -> Told:
    headers = _answered(status, told_in)
    if status in NO_CONTENT:
        return {"description": "Done, and there is nothing to say.", "headers": headers}
    if status < 400:
        return {"description": "Done.", "headers": headers, "content": done}
    problem = {PROBLEM: {"schema": {"$ref": _REF.format(model="Problem")}}}
    return {"description": "Refused.", "headers": headers, "content": problem}


def _answered(status: int, own: Collection[str]) -> Told:
    return {
        name: {"description": said, "required": required, "schema": {"type": "string"}}
        for name, (statuses, required, said) in ANSWERED.items()
        if status in statuses and (name in own or name in OF_EVERY_CALL)
    }


def _header(name: str, description: str, *, required: bool = False, **schema: Any) -> Told:
    return {
        "in": "header",
        "name": name,
        "required": required,
        "description": description,
        "schema": {"type": "string", **schema},
    }


KEY, IF_MATCH, IF_NONE_MATCH = "Idempotency-Key", "If-Match", "If-None-Match"
LONGEST_KEY = 200
KEYS = "[!-~]([ -~]*[!-~])?"
"""Keys as a header may carry them: what is not ASCII comes out of it as something else."""
_key = {"minLength": 1, "maxLength": LONGEST_KEY, "pattern": f"^{KEYS}$"}
HEADERS: Mapping[str, Told] = {
    KEY: _header(KEY, "The key under which it happens once.", required=True, **_key),
    IF_MATCH: _header(IF_MATCH, "The ETag of the order: only while it is this."),
    IF_NONE_MATCH: _header(IF_NONE_MATCH, "The ETag that is known already."),
}
ETAG, LOCATION, LINK, REPLAYED = "ETag", "Location", "Link", "Idempotent-Replayed"
ANSWERED: Mapping[str, tuple[Collection[int], bool, str]] = {
    ETAG: ((200, 304), True, "Names what the document says."),
    LOCATION: ((200, 201), True, "Where it can be read."),
    REPLAYED: ((200,), True, "true: it was done before, under this key."),
    LINK: ((200,), False, "rel=next: where the page behind this one is, if there is one."),
    "Retry-After": ((429, 503), True, "Seconds to wait."),
    "WWW-Authenticate": ((401,), True, "Bearer"),
}
"""The headers of answers: with which statuses, whether always, and what they say."""
OF_EVERY_CALL = ("Retry-After", "WWW-Authenticate")
_BODIES: Mapping[str, Told] = {
    JSON_LINES: {"type": "string", "description": "A document a line."},
}
_ELSEWHERE: dict[str, tuple[str, ...]] = {}
"""Members of documents, by their names, that the call's address or header names already."""
_ADDED: dict[str, Told] = {}


def named_elsewhere(document: type[Document], *members: str, **added: Told) -> None:
    """A call completes the document: these members may be left out, those may be added."""
    _ELSEWHERE[document.__name__] = members
    _ADDED[document.__name__] = added


class DescribedAPI(NinjaAPI):
    """Adds to what ninja tells of calls the documents of the contract and the problems."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        module = operation.view_func.__module__.rpartition(".")[2]
        return f"{module}_{operation.view_func.__name__}"

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        told = super().get_openapi_schema(**kwargs)
        told["components"] = {
            "schemas": {**_schemas(), "Problem": _PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        }
        told["security"] = [{"token": []}]
        for path, operations in told["paths"].items():
            for operation in operations.values():
                _complete(path, operation)
        return told


def _complete(path: str, operation: Told) -> None:
    """What ninja says of answers is left out: it knows nothing of them."""
    kept = operation["responses"].items()
    operation["responses"] = {key: value for key, value in kept if isinstance(key, str)}
    operation.pop("security", None)
    for parameter in operation["parameters"]:
        schema = parameter["schema"]
        if parameter["in"] == "path":
            schema |= _PATHS[path.partition("{")[0].split("/")[3]]
        for either in schema.pop("anyOf", []):  # null stands in no query
            schema |= either if either["type"] != "null" else {}


_id = {"type": "string", "pattern": "^[0-9]{1,19}$"}
_PATHS: Mapping[str, Told] = {
    "orders": {"type": "string", "pattern": "^[A-Za-z0-9._~-]+$"},
    "change-orders": {"type": "string", "pattern": "^CO-([0-9]{8}|[1-9][0-9]{8,17})$"},
    "refunds": _id,
    "process-exceptions": _id,
    "webhook-endpoints": _id,
}
"""How what addresses name is spelled."""


def _schemas() -> Told:
    models = sorted(_models, key=lambda model: model.__name__)
    _, found = models_json_schema([(each, "validation") for each in models], ref_template=_REF)
    schemas: Told = found["$defs"]
    for name, members in _ELSEWHERE.items():
        required = [each for each in schemas[name]["required"] if each not in members]
        schemas[name] |= {
            "required": required,
            "properties": schemas[name]["properties"] | _ADDED[name],
        }
    return schemas


_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "errors"],
    "properties": {
        "type": {"type": "string", "enum": sorted(TITLES)},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "message"],
                "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
