"""How gunicorn serves: it believes no header about who asks or how, and knows its limits."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest

from tests.benchmarks.measuring import PROJECT
from tests.proofs.races.stage import KEEPER, _address

SPOOFED = (
    b"GET /order-summaries/ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n"
    b"X-Forwarded-Protocol: ssl\r\nX-Forwarded-Ssl: on\r\nSCRIPT_NAME: /evil\r\n"
    b"Connection: close\r\n\r\n"
)
KEY = "for-the-tests-alone-it-signs-nothing-0123456789-abcdefghij"


@contextmanager
def served(tmp_path, **environment):
    log = tmp_path / "log"
    production = {"DEBUG": "0", "SECRET_KEY": KEY, "ALLOWED_HOSTS": "localhost"}
    production |= {"BIND": "127.0.0.1:0", "WEB_CONCURRENCY": "1"} | environment
    with log.open("w") as output:
        keeper = subprocess.Popen(
            ["sh", "-c", KEEPER, "keeper", sys.executable, "-m", "gunicorn"],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            cwd=PROJECT,
            env=os.environ | production,
        )
    try:
        yield _address(log).removeprefix("http://").split(":")
    finally:
        keeper.communicate()


def answer(address, request):
    host, port = address
    with socket.create_connection((host, int(port)), timeout=20) as opened:
        opened.sendall(request)
        return b"".join(iter(lambda: opened.recv(65536), b"")).decode()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trusted", "location"),
    [("0", "Location: https://localhost/order-summaries/"), ("1", "Location: /sign-in/")],
)
def test_trust_in_a_proxy_is_off_unless_it_is_on(tmp_path, trusted, location):
    """Left to itself gunicorn would believe a neighbor, and Django gunicorn."""
    with served(tmp_path, TRUST_PROXY=trusted) as address:
        said = answer(address, SPOOFED)

    assert location in said
    assert "evil" not in said


def test_the_limits_hold_together():
    settings = {}
    exec((PROJECT / "gunicorn.conf.py").read_text(), settings)

    assert settings["worker_class"] == "gthread"
    assert settings["preload_app"]
    assert settings["accesslog"] is None
    assert settings["graceful_timeout"] > 30  # the longest statement of an act
