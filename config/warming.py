"""Load before the first request what every process will need: templates and addresses."""

from django.db import connections
from django.template.loader import get_template
from django.urls import get_resolver

FIRST_PAGES = ("frame/console.html", "frame/plain.html", "away.html", "503.html", "500.html")


def warm_up() -> None:
    """Connects to nothing, for processes are forked from this one."""
    for name in FIRST_PAGES:
        get_template(name)
    list(get_resolver().url_patterns)
    get_resolver().reverse_dict  # noqa: B018 -- made on the first look
    connections.close_all()
