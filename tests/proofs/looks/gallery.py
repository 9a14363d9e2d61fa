"""The pages that were kept, shown in Chromium as the server would: by their policy."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from tests.support import static_files
from tests.support.chromium import FLAGS, find_chromium

HOST = "http://console.test"
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
    """Of the pages whose addresses differ in numbers alone, those that say most."""
    by_kind: dict[str, list[Kept]] = {}
    for one in sorted(kept, key=lambda one: -one.file.stat().st_size):
        by_kind.setdefault(one.name.rpartition("-")[0], []).append(one)
    return [one for kind in by_kind.values() for one in kind[:most]]


def script(name: str) -> str:
    """A function for the page, as text."""
    return (_SCRIPTS / f"{name}.js").read_text()


class Gallery:
    """A window on kept pages; what a page says against itself is gathered in ``complaints``."""

    def __init__(self, browser, *, policy: bool = True, javascript: bool = True, **options) -> None:
        self.complaints: list[str] = []
        self._policy = policy
        self._kept: Kept | None = None
        self._context = browser.new_context(
            bypass_csp=not policy, java_script_enabled=javascript, **options
        )
        self._context.route("**/*", self._answer)
        self.page = self._context.new_page()
        self.page.on("console", self._hears)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))

    def show(self, kept: Kept):
        """Opens a page; what the last one said is forgotten."""
        self._kept = kept
        self.complaints.clear()
        self.page.goto(f"{HOST}{kept.address.partition('#')[0]}")
        return self.page

    def close(self) -> None:
        self._context.close()

    def _hears(self, said) -> None:
        # Files that are kept nowhere, and pages that are left by nobody's hand, are no fault.
        ours = ("Failed to load resource", "show a 'beforeunload' confirmation panel")
        if said.type == "error" and not any(words in said.text for words in ours):
            self.complaints.append(f"console: {said.text}")

    def _answer(self, route) -> None:
        request = route.request
        address = urlsplit(request.url)
        if f"{address.scheme}://{address.netloc}" != HOST:
            self.complaints.append(f"asks {request.url}")
            route.abort()
        elif address.path.startswith("/static/"):
            _give_file(route, address.path.removeprefix("/static/"))
        elif request.is_navigation_request() and self._kept:
            policy = {"Content-Security-Policy": self._kept.policy} if self._policy else {}
            html = self._kept.file.read_bytes()
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=policy)
        else:
            route.fulfill(status=204)


def _give_file(route, name: str) -> None:
    """The sheets as one file, as production has them: a page would ask for sixty each time."""
    content = static_files.content(name)
    if content is None:
        route.fulfill(status=404)
    else:
        route.fulfill(body=content, content_type=static_files.kind(name))


@contextmanager
def chromium() -> Iterator:
    """The browser, for one process."""
    # Playwright keeps an event loop in this thread, beside which Django's ORM is used.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()
