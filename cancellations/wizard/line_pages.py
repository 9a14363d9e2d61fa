"""Which rows of a step one page shows: those that were looked for, so many at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from orders.formats import number_text
from orders.tree import LINES_A_PAGE, TreeRow

FEWEST_TO_LOOK_IN = 20
"""From so many lines on there is a box to look for some."""

LONGEST_FIND = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the rows was asked for.

    Attributes:
        find: Words, all of which stand in a row's name, SKU or number.
        page: Counted from 1; any other is the first or last there is.
    """

    find: str = ""
    page: int = 1

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Wanted:
        """What an address or a form asks for; what cannot be read asks for nothing."""
        page = asked.get("page", "")
        is_number = page.isascii() and page.isdigit() and len(page) < 7
        find = "".join(filter(str.isprintable, asked.get("find", "")))
        return cls(find.strip()[:LONGEST_FIND], int(page) if is_number else 1)

    @property
    def query(self) -> dict[str, str]:
        """The same for an address."""
        page = {"page": str(self.page)} if self.page > 1 else {}
        return ({"find": self.find} if self.find else {}) | page


def wanted_page(request: HttpRequest) -> Wanted:
    """The page of lines that an address asks for."""
    return Wanted.of({"page": request.GET.get("page", "")})


@dataclass(frozen=True, slots=True)
class LinesPage:
    """The rows of one page, and how to get to others.

    Attributes:
        found: How many rows were found.
        of: How many there are.
    """

    wanted: Wanted
    rows: tuple[TreeRow, ...]
    found: int
    of: int

    @property
    def has_box(self) -> bool:
        return self.of >= FEWEST_TO_LOOK_IN

    @property
    def is_paged(self) -> bool:
        return self.of > LINES_A_PAGE

    @property
    def current(self) -> PageLink | None:
        """The page that is shown, where it is one of several."""
        return next((page for page in self.pages if page.is_current), None)

    @property
    def pages(self) -> list[PageLink]:
        """All pages of what was found; none where one shows it all."""
        starts = range(0, self.found, LINES_A_PAGE)
        return [
            PageLink(number, start + 1, min(start + LINES_A_PAGE, self.found), number == self.page)
            for number, start in enumerate(starts, 1)
            if self.found > LINES_A_PAGE
        ]

    @property
    def page(self) -> int:
        return max(1, min(self.wanted.page, -(-self.found // LINES_A_PAGE)))


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of lines."""

    number: int
    first: int
    last: int
    is_current: bool

    def __str__(self) -> str:
        ends = dict.fromkeys((self.first, self.last))
        return "\N{EN DASH}".join(map(number_text, ends))


def page_of(rows: Sequence[TreeRow], wanted: Wanted) -> LinesPage:
    """The page that was asked for, of the rows in the order's sequence."""
    words = wanted.find.casefold().split()
    found = [row for row in rows if _matches(row, words)] if words else rows
    page = LinesPage(wanted, (), len(found), len(rows))
    start = (page.page - 1) * LINES_A_PAGE
    return LinesPage(wanted, tuple(found[start : start + LINES_A_PAGE]), len(found), len(rows))


def _matches(row: TreeRow, words: Sequence[str]) -> bool:
    line = row.line
    text = f"{line.name} {line.sku} {line.key}".casefold()
    return all(word in text for word in words)
