"""What the table is made of: bad inputs, and what comes back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

Given: TypeAlias = Callable[..., object]
"""Something that happens before an input is sent; called with the stage."""


@dataclass(frozen=True, slots=True)
class BadInput:
    """One row: what is wrong, in words; what is sent; what has to come back.

    Attributes:
        sent: In the terms of its way in.
        status: The HTTP status or the exit status.
        says: Part of the message.
        at: The label or path at which a form or a document says it.
        given: What happens first.
        is_slim: Whether it is quick enough for the slim set, which runs on SQLite too.
    """

    name: str
    sent: Any
    status: int
    says: str
    at: str = ""
    given: tuple[Given, ...] = ()
    is_slim: bool = True

    @property
    def expected(self) -> str:
        """What has to stand in the message."""
        return f"{self.at}: {self.says}" if self.at else self.says

    def is_met_by(self, answer: "Answer") -> bool:
        return self.expected in answer.message and self.status == answer.status


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, and what a person reads.

    Attributes:
        everything: All of it, in which no traceback may stand.
    """

    status: int
    message: str
    everything: str

    @property
    def is_fault(self) -> bool:
        """Whether this is the product's trouble and not the sender's."""
        return self.status >= 500 or "Traceback (most recent call last)" in self.everything


@dataclass(frozen=True, slots=True)
class WayIn:
    """Rows that are sent in one way, and what happens before each of them.

    Attributes:
        every: In the small form the first row is sent, and every so many after it.
    """

    name: str
    send: Callable[..., Answer]
    rows: tuple[BadInput, ...]
    given: tuple[Given, ...] = ()
    every: int = 24


def shorten(text: str, length: int) -> str:
    """The text on one line of at most so many characters, control characters spelled out."""
    line = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[: 2 * length])
    return line if len(line) <= length and len(text) <= 2 * length else f"{line[: length - 1]}…"
