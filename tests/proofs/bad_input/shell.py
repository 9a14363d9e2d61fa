"""Runs commands on files that a row describes, and reads what they print."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from traceback import format_exc
from typing import Any

from tests.proofs.bad_input.row import Answer, BadInput
from tests.proofs.bad_input.stage import Stage
from tests.support.specimens import ABSENT, changed

CRASHED = 500
"""In place of an exit status when a command ends with a traceback."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command line, and the files it finds in its folder by their names."""

    line: str
    files: dict[str, bytes] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.line


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file, and how the table shows it."""

    content: bytes
    shown: str

    def __str__(self) -> str:
        return self.shown


@dataclass(frozen=True, slots=True)
class Changes:
    """A document told by how it differs from a good one: paths and the values put there."""

    values: dict[str, Any]

    def __str__(self) -> str:
        return ", ".join(f"{path} = {_spelled(value)}" for path, value in self.values.items())


def send_command(stage: Stage, row: BadInput) -> Answer:
    """Run a row's command line."""
    for name, content in row.sent.files.items():
        Path(name).write_bytes(content)
    return _run(stage, *row.sent.line.split())


def line_to(command: str) -> Callable[[Stage, BadInput], Answer]:
    """Sends a row's line, or bytes as they are, as a file to a command."""

    def send(stage: Stage, row: BadInput) -> Answer:
        sent = row.sent
        Path("file.jsonl").write_bytes(sent.content if isinstance(sent, Line) else sent)
        return _run(stage, command, "file.jsonl")

    return send


def document_to(command: str, good: dict[str, Any]) -> Callable[[Stage, BadInput], Answer]:
    """Sends a good document, changed as a row says, to a command."""

    def send(stage: Stage, row: BadInput) -> Answer:
        Path("file.jsonl").write_bytes(json_lines(changed(good, row.sent.values)))
        return _run(stage, command, "file.jsonl")

    return send


def done_before(command: str, document: dict[str, Any]) -> Callable[[Stage], None]:
    """For ``given``: this document was applied before."""

    def given(stage: Stage) -> None:
        Path("before.jsonl").write_bytes(json_lines(document))
        answer = _run(stage, command, "before.jsonl")
        assert answer.status == 0, answer.message

    return given


def json_lines(*documents: dict[str, Any]) -> bytes:
    """Documents as a file holds them."""
    return b"".join(json.dumps(document).encode() + b"\n" for document in documents)


def _run(stage: Stage, command: str, *words: str) -> Answer:
    try:
        finished = stage.run_command(command, *words)
    except Exception as fault:
        return Answer(CRASHED, f"{type(fault).__name__}: {fault}", format_exc())
    printed = finished.output + finished.errors
    said = finished.errors or _refusals(finished.output) or finished.output
    return Answer(finished.status, " · ".join(said.splitlines()) or "(nothing printed)", printed)


def _refusals(output: str) -> str:
    """What result lines say, as "path: message" on lines; "" when they refuse nothing."""
    if not output.startswith("{"):
        return ""
    errors = [error for line in output.splitlines() for error in json.loads(line).get("errors", [])]
    return "\n".join(f"{error['path']}: {error['message']}".removeprefix(": ") for error in errors)


def _spelled(value: object) -> str:
    return "nothing" if value is ABSENT else ascii(value)
