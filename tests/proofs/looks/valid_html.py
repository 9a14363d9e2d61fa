"""Whether pages are valid HTML: the checker that the W3C runs, over every kept page.

It is a Java program from npm (``make setup-web``); a Java comes with Debian's default-jre-headless.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.proofs.looks.gallery import Kept

CHECKER = Path(__file__).parents[3] / "node_modules/vnu-jar/build/dist/vnu.jar"
MEANT = re.compile(
    "Attribute “hx-|Bad value “.*” for attribute “value” on element “input”|Saw U.0000 in stream",
    re.DOTALL,
)
"""htmx's attributes are not HTML's, and what was typed stands in its field again as it was."""
AT_ONCE = 100


def what_is_wanting() -> str:
    """What to install before HTML can be checked, or nothing."""
    if not shutil.which("java"):
        return "Java: apt-get install default-jre-headless"
    return "" if CHECKER.exists() else "vnu-jar: make setup-web"


def html_is_wrong(kept: list[Kept]) -> Iterator[str]:
    """Every error of every page of ours; Django's own templates are Django's."""
    if wanting := what_is_wanting():
        yield f"nothing was checked for want of {wanting}"
        return
    files = {one.file.as_uri(): one for one in kept if not one.is_admins}
    paths = [str(one.file) for one in files.values()]
    for first in range(0, len(paths), AT_ONCE):
        for error in _errors(paths[first : first + AT_ONCE]):
            name = files[error["url"].replace("file:/", "file:///").replace("/////", "///")].name
            yield f"{name}: {error['message']} {error.get('extract', '')!r}"


def _errors(paths: list[str]) -> list[dict]:
    options = ("--format", "json", "--errors-only")
    run = subprocess.run(
        ["java", "-jar", str(CHECKER), *options, *paths], capture_output=True, text=True
    )
    errors = json.loads(run.stderr)["messages"]
    return [error for error in errors if not MEANT.match(error["message"])]
