"""What was answered, written down at once: a walk that was interrupted goes on where it ended.

The answers lie beside the pages. One holds as long as its page, the styles and scripts, and the
walk itself are what they were.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.proofs.looks.gallery import Kept

PROJECT = Path(__file__).parents[3]
LOOKED_AT_WITH = ("static", "tests/proofs/looks", "tests/support")

Errand = tuple[Kept, list[str]]
"""A page, and what it is to be asked."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one folder, a line each."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "answers.jsonl"

    def add(self, kept: Kept, question: str, found: list[str]) -> None:
        """In one write: processes that write at the same time do not mix their lines."""
        line = json.dumps([_key(kept, question), [f"{kept.name}: {one}" for one in found]])
        with self.file.open("ab", buffering=0) as file:
            file.write(f"{line}\n".encode())

    def left(self, kept: Iterable[Kept], questions: Iterable[str]) -> list[Errand]:
        """The pages with what they have not answered."""
        known = self._known()
        left = {one: [name for name in questions if _key(one, name) not in known] for one in kept}
        return [(one, names) for one, names in left.items() if names]

    def found(self, kept: Iterable[Kept], question: str) -> list[str]:
        """What the answers of those pages to a question say."""
        known = self._known()
        return [found for one in kept for found in known[_key(one, question)]]

    def _known(self) -> dict[str, list[str]]:
        """Without a last line that was not written to its end."""
        lines = self.file.read_text().split("\n")[:-1] if self.file.exists() else []
        return dict(map(json.loads, lines))


def _key(kept: Kept, question: str) -> str:
    page = hashlib.sha256(kept.file.read_bytes()).hexdigest()[:16]
    return f"{kept.name} {question} {page} {_everything_else()}"


@cache
def _everything_else() -> str:
    """A digest of whatever else the answers depend on, but for the browser."""
    digest = hashlib.sha256()
    for folder in LOOKED_AT_WITH:
        for file in sorted((PROJECT / folder).rglob("*.*")):
            is_test = file.name.startswith("test_")
            if file.suffix in {".css", ".js", ".py", ".svg"} and not is_test:
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
