"""Rules of the style sheets that stylelint cannot see."""

import gzip
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
STYLES = PROJECT / "static" / "css"
SHEETS = sorted(STYLES.rglob("*.css"))
TEMPLATES = sorted((PROJECT / "templates").rglob("*.html"))

LONGEST_SHEET = 250
MOST_BYTES_SENT = 20_000
BREAKPOINTS = {"600px", "900px"}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_sheet_is_short_and_lies_in_layers(sheet):
    text = sheet.read_text()

    assert text.count("\n") <= LONGEST_SHEET
    assert {line.split()[0] for line in _outer_rules(text)} == {"@layer"}


def test_there_are_two_breakpoints():
    found = {
        width
        for sheet in SHEETS
        for prelude in re.findall(r"@(?:media|container)([^{]*)", sheet.read_text())
        for width in re.findall(r"[\d.]+(?:px|r?em)", prelude)
    }

    assert found == BREAKPOINTS


def test_every_sheet_is_linked_and_every_link_leads_to_a_sheet():
    links = {
        link
        for template in TEMPLATES
        for link in re.findall(r"{% static 'css/([^']+)' %}", template.read_text())
    }

    assert links == {str(sheet.relative_to(STYLES)) for sheet in SHEETS}


def test_what_a_sheet_says_of_its_content_comes_from_the_page():
    written = {
        value
        for sheet in SHEETS
        for value in re.findall(r"(?<![\w-])content:([^;]*);", sheet.read_text())
        if re.search(r"\w", re.sub(r"attr\([\w-]+\)|none", "", value))
    }

    assert written == set()


def test_all_sheets_together_are_small():
    sent = sum(len(gzip.compress(sheet.read_bytes())) for sheet in SHEETS)

    assert sent < MOST_BYTES_SENT


def _outer_rules(text: str) -> list[str]:
    """The lines that start at the margin, without comments and closing braces."""
    lines = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).splitlines()
    return [line for line in lines if line.strip() and not line.startswith((" ", "}"))]
