"""A receiver of webhooks on this machine, which answers as a test wants it to."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook

OK, DROPPED, DRIPPING, LEAVING, TWICE = 200, 0, 1, 2, 3
DRIPS = 400


@dataclass
class Received:
    """A request as it came."""

    headers: dict
    body: str
    at: float
    port: int

    @property
    def name(self):
        return self.headers["webhook-id"]

    def verified(self, secret):
        return Webhook(secret).verify(self.body, self.headers)


@dataclass
class Receiver:
    """``answer`` gives a status, or (status, headers), or (status, headers, body).

    DROPPED closes without one, DRIPPING sends headers byte by byte for a long while, LEAVING takes
    it and closes without saying so, TWICE takes it and says so two times. All but the first keep
    the connection, whatever they are asked.
    """

    answer: Callable = lambda received: OK
    requests: list = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self):
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                self.close_connection = False
                length = int(self.headers["Content-Length"])
                headers = {name.lower(): value for name, value in self.headers.items()}
                body, port = self.rfile.read(length).decode(), self.client_address[1]
                got = Received(headers, body, time.monotonic(), port)
                with receiver.lock:
                    receiver.requests.append(got)
                answer = receiver.answer(got)
                status, *rest = answer if isinstance(answer, tuple) else (answer,)
                if status == DRIPPING:
                    self.drip()
                if status in (DROPPED, DRIPPING, LEAVING):
                    self.close_connection = True
                if status == LEAVING:
                    self.say(OK)
                if status == TWICE:
                    self.say(OK)
                    self.say(OK)
                if status >= 100:
                    self.say(status, *rest)

            def say(self, status, headers=(), body=""):
                self.send_response(status)
                for name, value in dict(headers).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def drip(self):
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                try:
                    for _ in range(DRIPS):
                        self.wfile.write(b"X")
                        time.sleep(0.05)
                    self.wfile.write(b": y\r\n\r\n")
                except OSError:
                    pass  # who asked has gone

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *args):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/hooks"

    @property
    def ports(self):
        """Where each request came from: those of one connection come from one."""
        with self.lock:
            return [each.port for each in self.requests]

    @property
    def names(self):
        with self.lock:
            return [each.name for each in self.requests]
