"""What stands before localstripe: Stripe's rules that it lacks, faults on demand, and a ledger."""

import json
import socket
from collections import Counter, deque
from dataclasses import dataclass, field
from enum import StrEnum
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from urllib.parse import parse_qsl, urlsplit


class Fault(StrEnum):
    """What goes wrong with one call that would move money."""

    NOT_REACHED = "not reached"
    NOT_ANSWERED = "not answered"
    LATE = "answered after the time-out"
    TWICE = "sent twice by the network"
    ERROR = "a fault before anything was done"
    STORED_ERROR = "a fault after it was done, which the key then gives for ever"
    LOCKED = "others at work on the payment"
    BAD_GATEWAY = "a page of HTML instead of an answer"
    CUT_OFF = "half an answer"
    NO_REFUND = "an answer about nothing"
    WRONG_KEY = "an API key that is not accepted"
    FORBIDDEN = "an API key that may not refund"
    DECLINED = "declined"
    OTHER_AMOUNT = "an answer about another amount"
    OTHER_CURRENCY = "an answer about another currency"
    SETTLES = "accepted, and final later"
    FAILS = "accepted, and failed at once"


_ANSWERED_WITHOUT = {
    Fault.ERROR: (500, "api_error", "", "Something went wrong."),
    Fault.LOCKED: (429, "invalid_request_error", "lock_timeout", "Locked by another request."),
    Fault.WRONG_KEY: (401, "invalid_request_error", "", "Invalid API Key provided: sk_test_****"),
    Fault.FORBIDDEN: (403, "invalid_request_error", "", "The key sk_test_**** may not do that."),
    Fault.DECLINED: (402, "card_error", "card_declined", "Your card was declined."),
}
"""Faults that are answered without anything being done."""

CHANCE = (
    Fault.NOT_REACHED,
    Fault.NOT_ANSWERED,
    Fault.TWICE,
    Fault.ERROR,
    Fault.LOCKED,
    Fault.BAD_GATEWAY,
    Fault.CUT_OFF,
    Fault.WRONG_KEY,
)
"""Faults after which the same call under the same key comes to its end."""


@dataclass
class Answered:
    status: int
    body: bytes
    headers: dict = field(default_factory=dict)

    @property
    def found(self):
        return json.loads(self.body)

    def changed(self, **changes):
        return Answered(self.status, json.dumps(self.found | changes).encode(), self.headers)


def refusal(status, type, code, message, **more):
    error = {"type": type, "message": message, **({"code": code} if code else {}), **more}
    return Answered(status, json.dumps({"error": error}).encode())


class Proxy(ThreadingHTTPServer):
    """A Stripe for one test.

    Attributes:
        plan: What goes wrong with the calls to come, one after the other; then nothing does.
        refunds: What was really refunded: Stripe's object by its id. They judge.
        statuses: What is said of a refund instead of what localstripe says.
        seen: How often each method and path was called.
    """

    daemon_threads = True

    def __init__(self, port):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.port = port
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.plan, self.refunds, self.statuses = deque(), {}, {}
        self.seen, self.released = Counter(), set()
        self.over = Event()
        self.keys, self.at_work, self.lock = {}, set(), Lock()
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self):
        self.over.set()
        self.shutdown()
        self.server_close()

    def refunded(self):
        """Amounts refunded, by the idempotency key in our metadata: one each, or it shows."""
        found = {}
        for refund in self.refunds.values():
            key = refund["metadata"].get("idempotency_key", refund["id"])
            found.setdefault(key, []).append(refund["amount"])
        return found

    def forwarded(self, method, path, body, headers):
        """What localstripe answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        kept = {name: headers[name] for name in ("Authorization", "Content-Type") if headers[name]}
        try:
            connection.request(method, path, body, kept)
            response = connection.getresponse()
            return Answered(response.status, response.read())
        finally:
            connection.close()

    def answered(self, method, path, body, headers):
        """What Stripe would answer: localstripe, with the rules that it lacks."""
        key = headers["Idempotency-Key"]
        if method != "POST" or not key:
            return self._with_codes(method, path, body, headers)
        asked = (path, sorted(parse_qsl(body.decode())))
        with self.lock:
            known = self.keys.get(key)
            if known is None and key in self.at_work:
                return refusal(409, "invalid_request_error", "idempotency_key_in_use", "In use.")
            self.at_work.add(key)
        try:
            if known is None:
                known = self.keys[key] = (asked, self._done(method, path, body, headers))
        finally:
            self.at_work.discard(key)
        if known[0] != asked:
            return refusal(400, "idempotency_error", "", "Keys can only be used as before.")
        return known[1]

    def _done(self, method, path, body, headers):
        if path == "/v1/refunds" and (refused := self._too_much(body, headers)):
            return refused
        answer = self._with_codes(method, path, body, headers)
        if answer.status == 200 and path == "/v1/refunds":
            self.refunds[answer.found["id"]] = answer.found
        if answer.status == 200 and path.endswith("/cancel"):
            self.released.add(answer.found["id"])
        return answer

    def _too_much(self, body, headers):
        asked = dict(parse_qsl(body.decode()))
        charge = self._charge(asked, headers)
        if charge is None:
            return None
        left = charge["amount"] - charge["amount_refunded"]
        if not charge["captured"]:
            return refusal(400, "invalid_request_error", "charge_not_captured", "Not captured.")
        if not left:
            message = f"Charge {charge['id']} has already been refunded."
            return refusal(400, "invalid_request_error", "charge_already_refunded", message)
        if int(asked["amount"]) > left:
            message = f"Refund amount is greater than unrefunded amount on charge ({left})"
            return refusal(400, "invalid_request_error", "", message, param="amount")
        return None

    def _charge(self, asked, headers):
        if intent := asked.get("payment_intent"):
            found = self.forwarded("GET", f"/v1/payment_intents/{intent}", None, headers)
            return found.found["latest_charge"] if found.status == 200 else None
        found = self.forwarded("GET", f"/v1/charges/{asked['charge']}", None, headers)
        return found.found if found.status == 200 else None

    def _with_codes(self, method, path, body, headers):
        answer = self.forwarded(method, path, body, headers)
        if answer.status == 404:
            return refusal(404, "invalid_request_error", "resource_missing", "No such thing.")
        if answer.status == 400 and path.endswith("/cancel"):
            intent = self.forwarded("GET", path.removesuffix("/cancel"), None, headers).found
            code = "payment_intent_unexpected_state"
            message = f"This PaymentIntent has a status of {intent['status']}."
            return refusal(400, "invalid_request_error", code, message, payment_intent=intent)
        return answer

    def as_said(self, answer):
        """An answer with what is said of refunds instead."""
        if answer.status != 200:
            return answer
        found = answer.found
        if found.get("object") == "list":
            return answer.changed(data=[self._said(each) for each in found["data"]])
        return answer.changed(**self._said(found))

    def _said(self, found):
        said = self.statuses.get(found.get("id"), {})
        return found | said


class _Handler(BaseHTTPRequestHandler):
    server: Proxy

    def do_GET(self):
        self.server.seen["GET", urlsplit(self.path).path] += 1
        self._send(self.server.as_said(self.server.answered("GET", self.path, None, self.headers)))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.server.seen["POST", self.path] += 1
        is_ours = self.headers["Idempotency-Key"] and self.server.plan
        self._go_wrong(self.server.plan.popleft() if is_ours else None, body)

    def _go_wrong(self, fault, body):
        if fault is Fault.NOT_REACHED:
            return self._hang_up()
        if fault in _ANSWERED_WITHOUT:
            return self._send(refusal(*_ANSWERED_WITHOUT[fault]))
        if fault is Fault.BAD_GATEWAY:
            return self._send(Answered(502, b"<html><h1>Bad gateway</h1></html>"))
        answer = self._ask(body)
        if fault is Fault.TWICE:
            answer = self._ask(body)
        if fault is Fault.NOT_ANSWERED:
            return self._hang_up()
        if fault is Fault.LATE:
            self.server.over.wait(5)
        return self._send(self._distorted(fault, self.server.as_said(answer)))

    def _ask(self, body):
        return self.server.answered("POST", self.path, body, self.headers)

    def _distorted(self, fault, answer):
        if fault is Fault.STORED_ERROR:
            key = self.headers["Idempotency-Key"]
            asked, _ = self.server.keys[key]
            error = refusal(500, "api_error", "", "Something went wrong.")
            self.server.keys[key] = (asked, error)
            return error
        if fault is Fault.CUT_OFF:
            return Answered(200, answer.body[: len(answer.body) // 2])
        if fault is Fault.NO_REFUND:
            return Answered(200, b"{}")
        if fault is Fault.OTHER_AMOUNT:
            return answer.changed(amount=answer.found["amount"] + 1)
        if fault is Fault.OTHER_CURRENCY:
            return answer.changed(currency="xts")
        if fault in (Fault.SETTLES, Fault.FAILS):
            said = {"status": "pending"}
            if fault is Fault.FAILS:
                said = {"status": "failed", "failure_reason": "lost_or_stolen_card"}
            self.server.statuses[answer.found["id"]] = said
            return answer.changed(**said)
        return answer

    def _send(self, answer):
        try:
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.body)))
            self.send_header("Request-Id", "req_of_the_proxy")
            self.end_headers()
            self.wfile.write(answer.body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # whoever asked waits no longer

    def _hang_up(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format, *args):
        """Nothing: tests read what was asked from ``seen``."""
