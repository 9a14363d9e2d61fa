"""Lists as files for a spreadsheet: CSV in UTF-8, streamed, of cells that it takes for texts."""

import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice

from django.http import StreamingHttpResponse

from orders.formats import Text

CHUNK = 1000
"""Rows read at a time."""

_LINES_A_PART = 200
BYTE_ORDER_MARK = "\ufeff"
"""By which a spreadsheet knows a file to be UTF-8; without it Excel takes it for something else."""

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would reckon with."""


def as_file(
    name: str, heads: Iterable[Text], rows: Iterable[Iterable[object]]
) -> StreamingHttpResponse:
    """An answer that a browser saves under this name; rows are asked for as it is sent."""
    response = StreamingHttpResponse(_lines(heads, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def as_text(cell: object) -> str:
    """A cell as text that no spreadsheet takes for a formula; figures stay figures."""
    text = str(cell)
    if isinstance(cell, int | Decimal):
        return text
    return f"'{text}" if text.lstrip().startswith(FORMULAS) or text.startswith(FORMULAS) else text


class _Echo:
    """Gives what a CSV writer writes back to it."""

    def write(self, line: str) -> str:
        return line


def _lines(heads: Iterable[Text], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The heads at once, and then many lines together: each part is compressed and sent."""
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow(map(as_text, heads))
    lines = (writer.writerow(map(as_text, row)) for row in rows)
    while part := "".join(islice(lines, _LINES_A_PART)):
        yield part
