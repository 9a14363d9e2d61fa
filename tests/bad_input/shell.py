"""Runs commands on files that a row describes, and reads what they print."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from traceback import format_exc
from typing import Any

from tests.bad_input.row import Answer, BadInput
from tests.bad_input.stage import Stage
from tests.orders.specimens import ABSENT, changed

CRASHED = 70
"""In place of an exit status when a command ends with a traceback."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command line; its files (name: lines or content) are written first.

    ``{folder}`` stands for where the files are.
    """

    line: tuple[str, ...]
    files: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return " ".join(self.line).replace("{folder}/", "")


@dataclass(frozen=True, slots=True)
class Changes:
    """A document told by how it differs from a good one: paths and the values put there."""

    values: dict[str, Any]

    def __str__(self) -> str:
        return ", ".join(f"{path} = {_spelled(value)}" for path, value in self.values.items())


def send_command(stage: Stage, row: BadInput) -> Answer:
    """Run a row's command line."""
    command: Command = row.sent
    for name, content in command.files.items():
        (stage.folder / name).write_bytes(_as_bytes(content))
    return _run(stage, *(word.replace("{folder}", str(stage.folder)) for word in command.line))


def line_to(command: str) -> Callable[[Stage, BadInput], Answer]:
    """Sends a row's bytes as a file to a command."""

    def send(stage: Stage, row: BadInput) -> Answer:
        (stage.folder / "file.jsonl").write_bytes(row.sent)
        return _run(stage, command, str(stage.folder / "file.jsonl"))

    return send


def document_to(command: str, good: dict[str, Any]) -> Callable[[Stage, BadInput], Answer]:
    """Sends a good document, changed as a row says, to a command."""

    def send(stage: Stage, row: BadInput) -> Answer:
        document = changed(good, row.sent.values)
        (stage.folder / "file.jsonl").write_text(json.dumps(document) + "\n")
        return _run(stage, command, str(stage.folder / "file.jsonl"))

    return send


def done_before(command: str, document: dict[str, Any]) -> Callable[[Stage], None]:
    """A document that was applied before, for ``given``."""

    def given(stage: Stage) -> None:
        (stage.folder / "before.jsonl").write_text(json.dumps(document) + "\n")
        answer = _run(stage, command, str(stage.folder / "before.jsonl"))
        assert answer.status == 0, answer.message

    return given


def _run(stage: Stage, name: str, *words: str) -> Answer:
    try:
        finished = stage.run_command(name, *words)
    except Exception as fault:
        return Answer(CRASHED, f"{type(fault).__name__}: {fault}", format_exc())
    printed = finished.output + finished.errors
    said = finished.errors or _refusals(finished.output) or finished.output
    message = " · ".join(said.replace(f"{stage.folder}/", "").splitlines())
    return Answer(finished.status, message or "(nothing printed)", printed)


def _refusals(output: str) -> str:
    """What result lines say, as "path: message" on lines; "" when they refuse nothing."""
    if not output.startswith("{"):
        return ""
    errors = [error for line in output.splitlines() for error in json.loads(line)["errors"]]
    return "\n".join(f"{error['path']}: {error['message']}".lstrip(": ") for error in errors)


def _as_bytes(content: Any) -> bytes:
    if isinstance(content, bytes):
        return content
    return b"".join(json.dumps(document).encode() + b"\n" for document in content)


def _spelled(value: object) -> str:
    return "nothing" if value is ABSENT else ascii(value)
