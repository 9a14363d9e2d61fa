"""Rules of the style sheets that stylelint cannot see."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parent.parent
STYLES = PROJECT / "static" / "css"
WHOLE = STYLES / "console.css"
SHEETS = sorted(set(STYLES.rglob("*.css")) - {WHOLE})

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


def test_every_sheet_is_imported_once():
    imports = re.findall(r'^@import "(.+)";$', WHOLE.read_text(), re.MULTILINE)

    assert sorted(imports) == sorted(str(sheet.relative_to(STYLES)) for sheet in SHEETS)


def test_in_production_a_page_loads_one_sheet(tmp_path, settings):
    storage = "config.sheets.OneSheetStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": storage}}
    settings.STATIC_ROOT = tmp_path

    for _ in range(2):  # again after an update
        call_command("collectstatic", interactive=False, verbosity=0)
        name = staticfiles_storage.stored_name("css/console.css")
        whole = (tmp_path / name).read_text()

        assert "@import" not in whole
        assert whole.index("@layer tokens, reset") < whole.index(".visually-hidden")
        assert all(sheet.read_text() in whole for sheet in SHEETS)

    assert len(gzip.compress(whole.encode())) < MOST_BYTES_SENT


def test_what_a_sheet_says_of_its_content_comes_from_the_page():
    written = {
        value
        for sheet in SHEETS
        for value in re.findall(r"(?<![\w-])content:([^;]*);", sheet.read_text())
        if re.search(r"\w", re.sub(r"attr\([\w-]+\)|none", "", value))
    }

    assert written == set()


def _outer_rules(text: str) -> list[str]:
    """The lines that start at the margin, without comments and closing braces."""
    lines = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).splitlines()
    return [line for line in lines if line.strip() and not line.startswith((" ", "}"))]
