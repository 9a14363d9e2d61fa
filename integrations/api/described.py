"""How calls are told in ``openapi.json``: the documents that they take, and every refusal."""

from typing import Any

from ninja import NinjaAPI
from pydantic.json_schema import models_json_schema

from integrations.api.problems import PROBLEM, TITLES
from orders.documents.fields import Document

ALWAYS = (400, 401, 403, 404, 405, 413, 415, 422, 429, 503)
_documents: set[type[Document]] = set()
"""Those that calls take; each call names its own."""

_REF = "#/components/schemas/{model}"


def takes(document: type[Document] | None, *statuses: int) -> dict[str, Any]:
    """What stands in an operation that takes a document, and answers so."""
    told: dict[str, Any] = {"responses": _responses(statuses)}
    if document is not None:
        _documents.add(document)
        schema = {"$ref": _REF.format(model=document.__name__)}
        told["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    return told


class DescribedAPI(NinjaAPI):
    """Adds to what ninja tells of calls the documents of the contract and the problems."""

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        told = super().get_openapi_schema(**kwargs)
        schemas = told["components"].setdefault("schemas", {})
        _, found = models_json_schema(
            [(model, "validation") for model in sorted(_documents, key=str)], ref_template=_REF
        )
        schemas.update(found["$defs"])
        schemas["Problem"] = _PROBLEM
        told["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        told["security"] = [{"token": []}]
        for operations in told["paths"].values():
            for operation in operations.values():
                told_here = operation["responses"].items()
                own = {status: said for status, said in told_here if isinstance(status, str)}
                operation["responses"] = own or _responses((200,))  # not ninja's, by number
                operation.pop("security", None)
        return told


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


def _responses(statuses: tuple[int, ...]) -> dict[str, Any]:
    problem = {PROBLEM: {"schema": {"$ref": _REF.format(model="Problem")}}}
    done = {"application/json": {"schema": {"type": "object"}}}
    return {
        str(status): {
            "description": "Done." if status < 400 else "Refused.",
            "content": done if status < 400 else problem,
        }
        for status in sorted({*statuses, *ALWAYS})
    }
