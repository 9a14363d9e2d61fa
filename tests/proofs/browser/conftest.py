"""Headless Chromium on a live server; what it finds, it finds by accessible names."""

import time
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client

from tests.support import static_files
from tests.support.builders import product


@pytest.fixture(scope="session", autouse=True)
def _static_files_at_once():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", static_files.serve)
        yield


@pytest.fixture(
    params=["with JavaScript", pytest.param("without JavaScript", marks=pytest.mark.long)]
)
def javascript(request):
    """With it always; without it at length, but for the whole ways that ask for ``BOTH_WAYS``."""
    return request.param == "with JavaScript"


@pytest.fixture
def on_localhost(live_server, settings):
    """Passkeys belong to a name, never to an address of numbers."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "localhost"]
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def open_page(chromium, live_server):
    """Opens a browser page on the live server, signed in as a user if one is given.

    Anything that the page logs as an error (a blocked script or style, say) fails the test; that
    an answer is of 400 or more is one, too, unless it is to be refused. Without the policy, what
    looks into a page may write into it.
    """
    contexts, errors = [], []

    def open_as(user=None, *, javascript=True, width=1280, refused=False, policy=True):
        context = chromium.new_context(
            base_url=live_server.url,
            java_script_enabled=javascript,
            bypass_csp=not policy,
            viewport={"width": width, "height": 900},
        )
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            _have_proved(client)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
            )
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        port = urlsplit(live_server.url).port
        page.on(
            "console",
            lambda said: errors.append(said.text) if _is_wrong(said, port, refused) else None,
        )
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def bundle_order(new_order):
    return new_order(
        [
            product("1", 2, "400.00", name="Home cinema"),
            product("2", 2, "100.00", name="TV", bundle="1"),
            product("3", 4, "0.00", name="Speaker", bundle="1"),
            product("4", 5, "10.00", name="Cable"),
        ],
        captured="1050.00",
    )


def _have_proved(client):
    """As if the password had been entered this minute."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()


def _is_wrong(said, port, refused):
    """Whether it is an error of ours: not a look for news that a page gave up when it was left."""
    given_up = ("htmx:afterRequest", "htmx:send")
    if refused and said.text.startswith("Failed to load resource"):
        return False
    where = said.location["url"]
    is_ours = not where or urlsplit(where).port == port
    return is_ours and said.type == "error" and not said.text.startswith(given_up)
