"""What all documents share: their building blocks, and refusals that name the field."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Protocol, TypeVar

from django.utils import timezone
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializationInfo,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic import ValidationError as PydanticError
from pydantic_core import PydanticCustomError

from orders.arithmetic.money import Currency, Minor, NotMoney, parse, parse_micros, show
from orders.documents.words import in_words
from orders.texts import LINE_BREAK, control_in, is_number, override_in, with_short_breaks

NO_CURRENCY = Currency("", 3)
"""For documents without amounts, and reports on an order that is not there."""

_MOMENT = re.compile(
    r"(19|20)\d\d-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_BROKEN = re.compile("[\0\ud800-\udfff]")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

FieldPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a document is refused, at a field such as ``items[3].unit_price``."""

    path: str
    message: str

    @classmethod
    def at(cls, *path: str | int, message: str) -> "Problem":
        return cls(spell(path), message)

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message

    def after(self, where: str) -> str:
        """The problem behind where it is: "line 12, order 00001401, items[3].key: …"."""
        return f"{where}, {self}" if self.path else f"{where}: {self}"


class DocumentRefused(Exception):
    """The document breaks the contract; nothing of it was taken over."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


def spell(path: FieldPath) -> str:
    """A field's path as people write it.

    >>> spell(("items", 3, "unit_price"))
    'items[3].unit_price'
    """
    parts = (f"[{part}]" if isinstance(part, int) else f".{_shown(part)}" for part in path)
    return "".join(parts).removeprefix(".")


def _shown(name: str) -> str:
    """A member's name, in a form that no terminal takes for more than text."""
    return name if name.isprintable() else repr(name)


def _unbroken(text: str) -> str:
    if _BROKEN.search(text):
        raise PydanticCustomError("plain_text", "must not hold NUL or broken characters")
    return text


def plain(text: str, allowed: str = "") -> str:
    """Refuse what no database stores as text, and what no text may hold (``orders.texts``)."""
    if text.isprintable():  # as nothing of that is
        return text
    if point := control_in(_unbroken(text), allowed):
        words = "must not hold the control character {point}"
        raise PydanticCustomError("control", words, {"point": point})
    if point := override_in(text):
        words = "must not hold {point}, which changes the direction of reading"
        raise PydanticCustomError("override", words, {"point": point})
    return text


def _plain_lines(text: str) -> str:
    return plain(text, allowed=LINE_BREAK)


def _short_breaks(value: object) -> object:
    return with_short_breaks(value) if isinstance(value, str) else value


def _printable(text: str) -> str:
    if not text.isprintable():
        raise PydanticCustomError("printable", "must hold printable characters only")
    return text


def _number(text: str) -> str:
    if not is_number(text):
        words = "must be 1 to 64 printable characters without white space at the ends"
        raise PydanticCustomError("number", words)
    return text


def _minor(value: object, info: ValidationInfo) -> Minor:
    """The amount in minor units; the document's currency comes with the context."""
    if not isinstance(value, str):
        raise PydanticCustomError("money", 'must be an amount as text, such as "12.50"')
    context: dict[str, Currency] = info.context or {}
    try:
        return parse(value, context["currency"])
    except NotMoney as refusal:
        raise PydanticCustomError("money", "{reason}", {"reason": str(refusal)}) from refusal


def _micros(value: object) -> int:
    """A unit price in millionths."""
    if not isinstance(value, str):
        raise PydanticCustomError("money", 'must be an amount as text, such as "12.50"')
    try:
        return parse_micros(value)
    except NotMoney as refusal:
        raise PydanticCustomError("money", "{reason}", {"reason": str(refusal)}) from refusal


def _unit_price(micros: int) -> str:
    """The unit price as a number, however many decimals it was given with."""
    return f"{Decimal(micros).scaleb(-6).normalize():f}"


def _major(amount: Minor, info: SerializationInfo) -> str:
    """The amount as a number of the document's currency, however many places that has."""
    context: dict[str, Currency] = info.context or {}
    text = show(amount, context["currency"])
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_moment(value: object) -> datetime:
    """A time with an offset, between 1990 and a day from now."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise PydanticCustomError("moment", "must be a time such as 2026-10-03T09:15:00Z")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise PydanticCustomError("moment", "is not a time of any calendar day") from error
    if not _EARLIEST <= moment <= timezone.now() + timedelta(days=1):
        raise PydanticCustomError("moment", "must lie between 1990 and a day from now")
    return moment.astimezone(UTC)


def _rate(text: str) -> str:
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) or len(text.replace(".", "")) > 18:
        raise PydanticCustomError("rate", "must be a rate such as 0.05, of at most 18 digits")
    return text


Number = Annotated[str, AfterValidator(_unbroken), AfterValidator(_number)]
Key = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_printable)]
Name = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(plain)]
ShortText = Annotated[str, Field(max_length=255), AfterValidator(plain)]
LongText = Annotated[str, Field(max_length=1000), AfterValidator(plain)]
LINES = (BeforeValidator(_short_breaks), AfterValidator(_plain_lines))
"""For texts that may have line breaks, each of which counts one."""
# Numbers as JSON schemas tell them.
AMOUNT = r"^-?[0-9]+(\.[0-9]+)?$"
_AMOUNT = WithJsonSchema({"type": "string", "pattern": AMOUNT}, mode="validation")
_TIME = WithJsonSchema({"type": "string", "format": "date-time"}, mode="validation")
_in_json = partial(PlainSerializer, return_type=str, when_used="json")
Money = Annotated[Minor, BeforeValidator(_minor), _in_json(_major), _AMOUNT]
UnitPrice = Annotated[int, BeforeValidator(_micros), _in_json(_unit_price), _AMOUNT]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Moment = Annotated[datetime, BeforeValidator(read_moment), _TIME]
Rate = Annotated[str, AfterValidator(_rate)]


class Document(BaseModel):
    """Strict: no unknown field, no conversion from another type."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


AnyDocument = TypeVar("AnyDocument", bound=Document)


def validated(
    model: type[AnyDocument], value: Mapping[str, Any], *, currency: Currency = NO_CURRENCY
) -> AnyDocument:
    """``value`` as ``model``, its amounts read in ``currency``.

    Raises:
        DocumentRefused: With one problem for every field that is wrong.
    """
    try:
        return model.model_validate(value, context={"currency": currency})
    except PydanticError as error:
        raise DocumentRefused(
            *(
                Problem(spell(found["loc"]), in_words(found))
                for found in error.errors(include_url=False)
            )
        ) from error


def fingerprint(content: object, *, version: int) -> str:
    """A version and a digest of JSON content, whatever the order of its members."""
    text = json.dumps(content, sort_keys=True)
    return f"{version}:{hashlib.sha256(text.encode()).hexdigest()}"


def version_of(name: str) -> int:
    """In which version a fingerprint was made: what it is compared with is made in the same."""
    return int(name.partition(":")[0])


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


def repeated_keys(name: str, entries: Iterable[_Keyed]) -> Iterator[Problem]:
    """A problem for every entry of the list ``name`` whose key came before."""
    seen = set()
    for position, entry in enumerate(entries):
        if entry.key in seen:
            yield Problem.at(name, position, "key", message=f"{entry.key!r} is there twice")
        seen.add(entry.key)
