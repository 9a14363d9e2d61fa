"""Serves the page that is shown, and the static files: they are read and compiled once a walk."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests.support import static_files

STATIC = "/static/"


class Server(ThreadingHTTPServer):
    """Answers every visit with the page that was set last; whatever else pages ask is nothing."""

    daemon_threads = True
    html = b""
    policy = ""


@contextmanager
def serving() -> Iterator[Server]:
    """A server of this process."""
    with Server(("127.0.0.1", 0), _Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith(STATIC):
            self._give_file(path.removeprefix(STATIC))
        elif self.headers["Upgrade-Insecure-Requests"]:
            policy = {"Content-Security-Policy": self.server.policy} if self.server.policy else {}
            self._give(self.server.html, "text/html; charset=utf-8", policy | _NOT_KEPT)
        else:
            self._give_nothing()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self._give_nothing()

    def log_message(self, *said: object) -> None:
        """Nothing: the pages say what is wrong."""

    def _give_file(self, name: str) -> None:
        body = static_files.content(name)
        if body is None:
            self.send_error(404)
        else:
            self._give(body, static_files.kind(name), dict(_KEPT))

    def _give(self, body: bytes, kind: str, headers: dict[str, str]) -> None:
        self.send_response(200)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            **headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _give_nothing(self) -> None:
        self.send_response(204)
        self.end_headers()


_KEPT = {"Cache-Control": "max-age=86400, immutable"}
_NOT_KEPT = {"Cache-Control": "no-store"}
