"""The pages that were kept, shown in Chromium as the server would: by their policy."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from tests.proofs.looks.serving import Server, serving
from tests.support.chromium import FLAGS, find_chromium

HOST = "http://console.test"
_OTHERS = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
AT_FIRST = {"color_scheme": "light", "forced_colors": "none", "reduced_motion": "no-preference"}
PATIENCE = 120_000
"""Milliseconds that a page may take, on a machine where others work."""
_SCRIPTS = Path(__file__).parent / "scripts"


@dataclass(frozen=True, slots=True)
class Kept:
    """A page that was kept, in one state."""

    file: Path
    address: str
    status: int
    policy: str

    @property
    def name(self) -> str:
        return self.file.stem

    @property
    def is_admins(self) -> bool:
        return self.address.startswith("/admin/")


def kept_pages(folder: Path) -> list[Kept]:
    """All pages of a folder, by name."""
    about = [(file, json.loads(file.read_text())) for file in sorted(folder.glob("*.json"))]
    return [Kept(file=file.with_suffix(".html"), **facts) for file, facts in about]


def few_of_a_kind(kept: list[Kept], most: int) -> list[Kept]:
    """Of pages whose addresses differ in numbers alone those that say most; one of each first."""
    by_kind: dict[str, list[Kept]] = {}
    for one in sorted(kept, key=lambda one: -one.file.stat().st_size):
        by_kind.setdefault(one.name.rpartition("-")[0], []).append(one)
    rows = zip_longest(*(kind[:most] for kind in by_kind.values()))
    return [one for row in rows for one in row if one]


def script(name: str) -> str:
    """A function for the page, as text."""
    return (_SCRIPTS / f"{name}.js").read_text()


class Gallery:
    """A window on kept pages; what a page says against itself is gathered in ``complaints``."""

    def __init__(self, room: "Room", *, policy: bool = True) -> None:
        self.complaints: list[str] = []
        self.policy = policy
        self._server = room.server
        self._shown: Kept | None = None
        self.page = room.browser.new_context(bypass_csp=not policy).new_page()
        self._devtools = self.page.context.new_cdp_session(self.page)
        self.page.on("console", self._hears)
        self.page.on("pageerror", self._fails)

    def show(self, kept: Kept):
        """Opens a page; what the last one said is forgotten."""
        self._shown = kept
        self._server.html, self._server.policy = kept.file.read_bytes(), kept.policy
        self.page.emulate_media(**AT_FIRST)
        self.complaints.clear()
        self.page.goto(f"{HOST}{kept.address.partition('#')[0]}", timeout=PATIENCE)
        return self.page

    def resize(self, width: int, height: int = 900) -> None:
        """Twice as fast as Playwright's own way, of which it knows nothing: the two do not mix."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._devtools.send("Emulation.setDeviceMetricsOverride", size)

    def close(self) -> None:
        self.page.context.close()

    @property
    def shown(self) -> Kept:
        assert self._shown, "nothing is shown yet"
        return self._shown

    def _fails(self, error) -> None:
        # The admin's words for scripts are a page of their own, which is kept nowhere.
        if "interpolate is not defined" not in str(error):
            self.complaints.append(f"error: {error}")

    def _hears(self, said) -> None:
        # Files that are kept nowhere, and pages that are left by nobody's hand, are no fault.
        ours = ("Failed to load resource", "show a 'beforeunload' confirmation panel")
        is_of_others = not said.location["url"].startswith(HOST)
        if said.type == "error" and (is_of_others or not any(words in said.text for words in ours)):
            self.complaints.append(f"console: {said.text} {said.location['url']}")


@dataclass(frozen=True, slots=True)
class Room:
    """A browser, and the server of what it shows."""

    browser: Any
    server: Server


@contextmanager
def chromium() -> Iterator[Room]:
    """The browser, for one process; it finds this machine, and the host that pages are shown at.

    Playwright keeps an event loop in this thread, beside which Django's ORM is used.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with serving() as server, sync_playwright() as playwright:
        here = f"MAP {urlsplit(HOST).hostname}:80 127.0.0.1:{server.server_port}"
        alone = ["--no-proxy-server", f"--host-resolver-rules={here}, {_OTHERS}"]
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*FLAGS, *alone])
        yield Room(browser, server)
        browser.close()
