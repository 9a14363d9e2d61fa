"""What gunicorn serves: ``gunicorn config.wsgi``."""

import os
import re
import sys
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponseBase

from config.telemetry import trace_requests

# Threads of one process take turns: a page that asked the database gets its turn back sooner
# than after 5 ms of each of those that are busy with little.
sys.setswitchinterval(0.0005)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

try:
    trace_requests(os.environ)
except ModuleNotFoundError as missing:
    sys.exit(
        "countermand: OTEL_EXPORTER_OTLP_ENDPOINT is set, but"
        f" {missing.name} is not installed: pip install countermand[telemetry]"
    )
_CHARSET = re.compile(r";\s*charset\s*\*?\s*=[^;]*", re.IGNORECASE)
_django = get_wsgi_application()

from config import metrics  # noqa: E402 -- needs Django to be set up
from console.people.turnstile import Turnstile  # noqa: E402

_door = Turnstile(_django, settings.HASHES_AT_ONCE + settings.SIGN_INS_AT_ONCE)


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Django, told of no charset: forms come in UTF-8, as the pages do that they stand on.

    It would take any encoding that Python knows by name, base64 included, and break on those
    that are not for text before any of its own code could say so.
    """
    if metrics.came_by_own_port(environ):
        if environ["PATH_INFO"] != metrics.PATH:  # guard: figures alone
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"not found\n"]
        environ[metrics.OWN_PORT] = True
    environ["CONTENT_TYPE"] = _CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
    answer = _door(environ, start_response)
    if environ["REQUEST_METHOD"] != "HEAD":
        return answer
    if isinstance(answer, HttpResponseBase):
        answer.close()  # Django leaves the body in; gunicorn would write a warning for each
    return []
