"""What the commands show while they read files: a bar on a terminal, and refusals beside it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.management.base import OutputWrapper
from tqdm import tqdm

from orders.documents.fields import Problem
from orders.documents.jsonlines import JsonLine, Line, lines_in


def lines_of(path: Path, unit: str) -> Iterator[JsonLine]:
    """The lines of a file, with a progress bar when standard error is a terminal.

    Raises:
        UnreadableFile: The file cannot be read (on).
    """
    return (line.parsed() for line in unparsed_lines_of(path, unit))


def unparsed_lines_of(path: Path, unit: str) -> Iterator[Line]:
    """The same, not parsed yet."""
    yield from tqdm(lines_in(path), desc=path.name, unit=f" {unit}", disable=None)


def print_problems(stderr: OutputWrapper, where: str, problems: Iterable[Problem]) -> None:
    """Each problem on a line of its own, above the progress bar."""
    with tqdm.external_write_mode():
        for problem in problems:
            stderr.write(problem.after(where))
