"""The figures of a page as a reader finds them: tables read by their words, amounts as numbers."""

import re
from dataclasses import dataclass
from decimal import Decimal

from lxml import html

_AMOUNT = re.compile(r"-?[^\d\s-]*\s?-?[\d,]+(\.\d+)?")


def amount(text):
    """An amount such as -$1,234.50 as a number."""
    found = _AMOUNT.search(text.replace("\N{NO-BREAK SPACE}", " "))
    digits = re.sub(r"[^\d.]", "", found[0])
    return Decimal(digits) * (-1 if "-" in found[0] else 1)


def words_of(element):
    return " ".join(element.text_content().split())


@dataclass(frozen=True)
class PartShown:
    """A row of what unfolds: its label, the kind that is noted below it, and its amounts."""

    label: str
    kind: str
    amounts: tuple[Decimal, ...]
    is_sum: bool


@dataclass(frozen=True)
class LineShown:
    """A line of a table: its cells by the headings of their columns, and what unfolds of it."""

    cells: dict[str, str]
    parts: tuple[PartShown, ...]

    def amount(self, column):
        return amount(self.cells[column])


class Figures:
    """A page of which figures are read.

    Args:
        later: The other pages of the same lines.
    """

    def __init__(self, text, *later):
        self.page = html.fromstring(text)
        self.pages = [self.page, *map(html.fromstring, later)]

    def receipt(self, caption):
        """The rows of a table of amounts by label, each with its amounts.

        What stands below a row as parts of it has to add up to it.
        """
        receipts = "//table[contains(@class, 'receipt')][not(ancestor::details)]"
        [table] = [each for each in self.page.xpath(receipts) if caption in words_of(each)]
        rows, parts, label = {}, {}, ""
        for row in table.xpath("./tbody/tr"):
            amounts = tuple(amount(words_of(cell)) for cell in row.findall("td"))
            if row.get("class") == "part":
                parts.setdefault(label, []).append(amounts[-1])
            else:
                label = words_of(row.find("th"))
                rows[label] = amounts
        assert {name: sum(found) for name, found in parts.items()} == {
            name: rows[name][-1] for name in parts
        }
        return rows

    def lines(self, table_class):
        """The lines of a table on all of its pages, without those that only say sums."""
        found = f"//table[contains(@class, '{table_class}')]"
        tables = [table for page in self.pages for table in page.xpath(found)]
        headings = [words_of(heading) for heading in tables[0].xpath("./thead/tr/*")]
        rows = "./tbody/tr[not(contains(@class, 'sum'))]"
        return [_line(row, headings) for table in tables for row in table.xpath(rows)]

    def sums_of_pages(self, table_class):
        """What each page of several says that its own lines add up to."""
        found = f"//table[contains(@class, '{table_class}')]/tbody/tr[@class='sum']"
        rows = [row for page in self.pages for row in page.xpath(found)]
        return [[amount(words_of(cell)) for cell in row.findall("td")] for row in rows]

    def sums(self, table_class):
        [row] = self.page.xpath(f"//table[contains(@class, '{table_class}')]/tfoot/tr")
        return [amount(words_of(cell)) for cell in row.findall("td")]


def _line(row, headings):
    cells = {}
    names = iter(headings)
    for cell in row.xpath("./th|./td"):
        for _ in range(int(cell.get("colspan", 1))):
            cells[next(names)] = words_of(cell)
    return LineShown(cells, tuple(map(_part, row.xpath(".//details//tbody/tr"))))


def _part(row):
    heading = row.find("th")
    note = heading.find("span")
    kind = words_of(note) if note is not None else ""
    return PartShown(
        label=words_of(heading).removesuffix(kind).strip(),
        kind=kind,
        amounts=tuple(amount(words_of(cell)) for cell in row.findall("td")),
        is_sum="sum" in row.get("class", ""),
    )
