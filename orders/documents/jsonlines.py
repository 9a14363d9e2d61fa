"""JSON Lines files, read strictly and one line at a time (contract.md §1)."""

import errno
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

LONGEST_LINE = 4 * 1024 * 1024
"""Bytes of one JSON line, its line break not counted."""

DISK_FAILED = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS)
"""What the system says of a disk that cannot be written to, whatever the file."""


class UnreadableFile(Exception):
    """The file cannot be opened or read on; the message names it."""


class NotADocument(ValueError):
    """The line is not one JSON object; the message says why."""


@dataclass(frozen=True, slots=True)
class JsonLine:
    """One line of a file: its number (from 1) and its object, or why it is none."""

    number: int
    size: int
    value: dict[str, Any] | NotADocument

    @property
    def where(self) -> str:
        """The line and, when it names a presentable one, its order, for messages."""
        order = self.value.get("order_number") if isinstance(self.value, dict) else None
        if isinstance(order, str) and order and order.isprintable():
            return f"line {self.number}, order {order[:64]}"
        return f"line {self.number}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file as it stands there, with its number (from 1)."""

    number: int
    text: bytes

    def parsed(self) -> JsonLine:
        return JsonLine(self.number, len(self.text), _parsed(self.text, first=self.number == 1))


def read_lines(path: Path) -> Iterator[JsonLine]:
    """The lines of a ``.jsonl`` or ``.jsonl.gz`` file; blank lines are left out.

    Raises:
        UnreadableFile: The file is missing, not readable, or a damaged archive.
    """
    return (line.parsed() for line in lines_in(path))


def lines_in(path: Path) -> Iterator[Line]:
    """The same, not parsed yet.

    Raises:
        UnreadableFile: The file is missing, not readable, or a damaged archive.
    """
    try:
        with _open(path) as file:
            for number, line in enumerate(_bounded_lines(file), start=1):
                if line.strip():
                    yield Line(number, line)
    except (OSError, EOFError, gzip.zlib.error) as error:  # type: ignore[attr-defined]
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise UnreadableFile(f"{path}: {reason}") from error


def _open(path: Path) -> BinaryIO:
    if path.suffix == ".gz":
        return cast(BinaryIO, gzip.open(path))
    return path.open("rb")


def _bounded_lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines as bytes; of one that is too long, only as much as shows that it is."""
    while line := file.readline(LONGEST_LINE + 2):
        yield line
        while len(line) == LONGEST_LINE + 2 and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE + 2)


def _parsed(line: bytes, *, first: bool) -> dict[str, Any] | NotADocument:
    try:
        return parse_object(line, first=first)
    except NotADocument as refusal:
        return refusal


def parse_object(line: bytes, *, first: bool = False) -> dict[str, Any]:
    """The JSON object on a line, without duplicate members, NaN or Infinity.

    Raises:
        NotADocument: It is not that.
    """
    if len(line.rstrip(b"\r\n")) > LONGEST_LINE:
        raise NotADocument("is longer than 4 MiB")
    if first and line.startswith(b"\xef\xbb\xbf"):
        raise NotADocument("starts with a byte order mark; save the file as UTF-8 without it")
    try:
        value = json.loads(
            line.decode("utf-8"), object_pairs_hook=_unique_members, parse_constant=_no_constant
        )
    except UnicodeDecodeError as error:
        raise NotADocument("is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise NotADocument(
            f"is not JSON: {error.msg.removesuffix(' at')} at character {error.pos + 1}"
        ) from error
    except RecursionError as error:
        raise NotADocument("is nested too deeply") from error
    except NotADocument:
        raise
    except ValueError as error:
        raise NotADocument("holds a number that is too long") from error
    if not isinstance(value, dict):
        raise NotADocument("is not a JSON object")
    return value


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen = set()
        for name, _ in pairs:
            if name in seen:
                raise NotADocument(f"has the member {name[:64]!r} twice")
            seen.add(name)
    return members


def _no_constant(name: str) -> None:
    raise NotADocument(f"holds {name}, which is not JSON")
