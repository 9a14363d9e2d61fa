"""How gunicorn serves: it believes no header about who asks or how, and knows its limits."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest

from tests.benchmarks.measuring import PROJECT
from tests.proofs.races.stage import KEEPER, listening

SPOOFED = (
    b"GET /order-summaries/ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n"
    b"X-Forwarded-Protocol: ssl\r\nX-Forwarded-Ssl: on\r\nSCRIPT_NAME: /evil\r\n"
    b"Connection: close\r\n\r\n"
)
GUNICORN = [sys.executable, "-m", "gunicorn"]
KEY = "for-the-tests-alone-it-signs-nothing-0123456789-abcdefghij"
ASKED = 20


def plain(path, host="localhost"):
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as opened:
        return opened.getsockname()[1]


def production(**environment):
    usual = {"DEBUG": "0", "SECRET_KEY": KEY, "ALLOWED_HOSTS": "localhost"}
    return os.environ | usual | {"BIND": "127.0.0.1:0", "WEB_CONCURRENCY": "1"} | environment


@contextmanager
def served(tmp_path, **environment):
    log = tmp_path / "log"
    with log.open("w") as output:
        keeper = subprocess.Popen(
            ["sh", "-c", KEEPER, "keeper", *GUNICORN],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            cwd=PROJECT,
            env=production(**environment),
        )
    try:
        yield listening(log).removeprefix("http://").split(":")
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


@pytest.mark.slow
def test_figures_have_a_port_of_their_own_that_adds_all_workers_up(tmp_path):
    port = str(free_port())
    with served(tmp_path, METRICS_PORT=port, WEB_CONCURRENCY="2", TMPDIR=str(tmp_path)) as address:
        for _ in range(ASKED):
            assert "alive" in answer(address, plain("/healthz"))
        figures, *others = (
            answer(("127.0.0.1", port), plain(path)) for path in ("/metrics", "/", "/sign-in/")
        )
        by_the_door = answer(address, plain("/metrics", host=f"localhost:{port}"))

    assert f"django_http_requests_before_middlewares_total {ASKED + 1}.0" in figures
    assert "countermand_database_up" in figures
    assert not list(tmp_path.glob("countermand-metrics-*"))
    assert [other.split("\r\n")[0] for other in (*others, by_the_door)] == [
        "HTTP/1.1 404 Not Found"
    ] * 3


@pytest.mark.slow
def test_figures_do_not_share_the_port_of_the_pages():
    port = str(free_port())
    both = {"BIND": f"127.0.0.1:{port}", "METRICS_PORT": port}

    refused = subprocess.run(GUNICORN, cwd=PROJECT, env=production(**both), capture_output=True)

    assert refused.returncode
    assert b"METRICS_PORT is that of BIND" in refused.stderr


def test_the_limits_hold_together():
    settings = {}
    exec((PROJECT / "gunicorn.conf.py").read_text(), settings)

    assert settings["worker_class"] == "gthread"
    assert settings["preload_app"]
    assert settings["accesslog"] is None
    assert settings["graceful_timeout"] > 30  # the longest statement of an act
