"""The API as a page shows it: what ``openapi.json`` tells, laid out for people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from integrations.api.calls import described
from integrations.api.problems import TITLES
from orders.documents.fields import AMOUNT


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a call or a member of a document.

    Attributes:
        document: The name of the document that it holds, if it holds one.
    """

    name: str
    kind: str
    is_required: bool
    document: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One method of one address.

    Attributes:
        bodies: The names of the documents that it takes one of.
        answers: Of those that it answers with.
        done, refused: The statuses it answers with.
    """

    id: str
    method: str
    path: str
    says: str
    parameters: tuple[Field, ...]
    bodies: tuple[str, ...]
    answers: tuple[str, ...]
    done: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Calls about one thing."""

    tag: str
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A document that calls take or answer with."""

    name: str
    says: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """All of it, in the sequence in which it is shown."""

    chapters: tuple[Chapter, ...]
    shapes: tuple[Shape, ...]
    problems: Mapping[str, str]


def reading() -> Reading:
    """The API in the reader's language, but for what the calls say of themselves: English."""
    told = described()
    calls = [
        (operation["tags"][0], _call(method, path, operation))
        for path, operations in told["paths"].items()
        for method, operation in operations.items()
    ]
    chapters = tuple(
        Chapter(tag, tuple(call for _tag, call in some))
        for tag, some in groupby(sorted(calls, key=lambda each: each[0]), key=lambda each: each[0])
    )
    schemas = told["components"]["schemas"]
    named = _shown_from(chapters, schemas)
    shapes = tuple(_shape(name, schemas[name]) for name in sorted(named))
    return Reading(chapters, shapes, TITLES)


def _call(method: str, path: str, operation: Mapping[str, Any]) -> Call:
    parameters = tuple(
        Field(each["name"], _kind(each["schema"]), each["required"])
        for each in operation.get("parameters", ())
    )
    answered = [
        name
        for status, told in operation["responses"].items()
        if status < "400"
        for name in _documents(told)
    ]
    statuses = sorted(map(str, operation["responses"]))
    return Call(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        says=_plainly(operation),
        parameters=parameters,
        bodies=_documents(operation.get("requestBody", {})),
        answers=tuple(dict.fromkeys(answered)),
        done=tuple(each for each in statuses if each < "400"),
        refused=tuple(each for each in statuses if each >= "400"),
    )


def _documents(told: Mapping[str, Any]) -> tuple[str, ...]:
    """Those that a body is one of."""
    schemas = [each["schema"] for each in told.get("content", {}).values()]
    several = [one for schema in schemas for one in schema.get("anyOf", [schema])]
    return tuple(dict.fromkeys(filter(None, map(_named, several))))


def _shape(name: str, schema: Mapping[str, Any]) -> Shape:
    required = schema.get("required", ())
    fields = tuple(
        Field(each, _kind(held), each in required, _named(held))
        for each, held in schema.get("properties", {}).items()
    )
    return Shape(name, _plainly(schema), fields)


def _plainly(told: Mapping[str, Any]) -> str:
    """What something says of itself, without the marks of code."""
    return str(told.get("description", "")).replace("``", "")


def _shown_from(chapters: tuple[Chapter, ...], schemas: Mapping[str, Any]) -> set[str]:
    """The names of documents that calls take or answer with, and of those within them."""
    found: set[str] = set()
    calls = [call for each in chapters for call in each.calls]
    open_ = {"Problem"}.union(*([*call.bodies, *call.answers] for call in calls))
    while open_:
        found |= open_
        held = (schemas[name].get("properties", {}).values() for name in open_)
        open_ = {_named(each) for some in held for each in some} - found - {""}
    return found


def _named(schema: Mapping[str, Any]) -> str:
    """The document that a schema refers to, by itself, in a list, or among others."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    within = [schema["items"]] if "items" in schema else schema.get("anyOf", ())
    return next(filter(None, map(_named, within)), "")


def _kind(schema: Mapping[str, Any]) -> str:
    """What may stand there, in words."""
    if "$ref" in schema:
        return _("object")
    if "enum" in schema:
        return _("one of %(values)s") % {"values": ", ".join(map(str, schema["enum"]))}
    if "anyOf" in schema:
        return _(" or ").join(_kind(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return _("list of %(what)s") % {"what": _kind(schema["items"])}
    return ", ".join([_plain(schema), *_bounds(schema)])


def _plain(schema: Mapping[str, Any]) -> str:
    kinds = {
        "string": _("time") if schema.get("format") == "date-time" else _("text"),
        "integer": _("number"),
        "boolean": _("true or false"),
        "null": _("nothing"),
    }
    named = schema.get("type", "")
    several = named if isinstance(named, list) else [named]
    return _(" or ").join(kinds.get(each, _("object")) for each in several)


def _bounds(schema: Mapping[str, Any]) -> Iterator[str]:
    if "maxLength" in schema:
        yield _("at most %(count)s characters") % {"count": schema["maxLength"]}
    if "minimum" in schema:
        yield _("at least %(number)s") % {"number": schema["minimum"]}
    if "maximum" in schema:
        yield _("at most %(number)s") % {"number": schema["maximum"]}
    if schema.get("pattern") == AMOUNT:
        yield _("like 12.34")
