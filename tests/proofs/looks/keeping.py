"""A pytest plugin that keeps every page a test run is shown, in English, for others to look at.

The tests of every_text_is_translated ask for every page in every state. With this plugin
(``-p tests.proofs.looks.keeping``) they do so in plain English, what they assert of the language
holds of itself, and each page is left in the folder of KEEP_PAGES: once, however many tests see it.
"""

import hashlib
import json
import os
import re
from pathlib import Path

from django.conf import settings
from django.utils.text import slugify

from tests.support import pseudo_locale

FOLDER = "KEEP_PAGES"
_LENGTH_OF_A_NAME = 60
_NEW_EACH_TIME = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|name="[\w-]*agreed"[^>]*value="[^"]+"'
    r"|[0-9a-f]{8}-[0-9a-f-]{27}|\d+"
)


def pytest_configure():
    settings.MIDDLEWARE.insert(0, f"{__name__}.KeepPages")
    pseudo_locale._bracketed = lambda text: text
    pseudo_locale._outside_brackets = lambda text, depth: ("", 0)


class KeepPages:
    """Middleware that writes down whole pages, with their address and their policy."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.folder = Path(os.environ[FOLDER])

    def __call__(self, request):
        response = self.get_response(request)
        if not response.streaming and response.content.lstrip()[:9].upper() == b"<!DOCTYPE":
            self._keep(request, response)
        return response

    def _keep(self, request, response):
        html = response.content.decode()
        state = hashlib.sha256(_NEW_EACH_TIME.sub("", html).encode()).hexdigest()[:8]
        words = slugify(_NEW_EACH_TIME.sub("n", request.get_full_path()).replace("/", " "))
        file = self.folder / f"{words[:_LENGTH_OF_A_NAME] or 'home'}-{response.status_code}-{state}"
        about = {
            "address": request.get_full_path(),
            "status": response.status_code,
            "policy": response.headers.get("Content-Security-Policy", ""),
        }
        file.with_suffix(".json").write_text(json.dumps(about))
        file.with_suffix(".html").write_text(html)
