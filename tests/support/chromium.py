"""The machine's own Chromium, which the browser tests drive."""

import os
import shutil

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""What it is started with: no sandbox (root has none), and nothing asked of other hosts."""


def find_chromium() -> str | None:
    """The path of Chromium or Chrome, or None."""
    found = filter(None, map(shutil.which, COMMANDS))
    installed = filter(os.path.exists, APPLICATIONS)
    return next(found, None) or next(installed, None)
