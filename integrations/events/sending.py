"""Calls to a receiver: guarded against addresses inside, and against whoever never ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address
from time import monotonic
from typing import Self
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress

from integrations.events.failures import remark_on
from integrations.events.limits import Limit, TimeUp, bound
from orders.arithmetic.words import gettext_noop

CONNECT_SECONDS, READ_SECONDS = 5, 10
"""Of each step at most."""
WHOLE_SECONDS = 15
"""That a receiver has, however slowly it answers."""
MOST_READ = 1024
"""Bytes of an answer; what follows is left unread."""

NO_ADDRESS = gettext_noop("Enter an address that begins with https://.")
NO_CREDENTIALS = gettext_noop("Leave user name and password out of the address.")
INSIDE = gettext_noop("This address is inside a network of one’s own.")


class AddressRefused(Exception):
    """Nothing is delivered to such an address; the message says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a call.

    Attributes:
        status: The receiver's; None where it gave none.
        remark: The beginning of its answer, or why there is none.
        retry_after: The header, as it came.
    """

    status: int | None
    remark: str = ""
    retry_after: str = ""

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def check_address(address: str) -> None:
    """Refuse at once what a call would refuse by its spelling; names are looked up when called.

    Raises:
        AddressRefused: It is no https address, or one inside.
    """
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise AddressRefused(NO_ADDRESS) from error
    is_plain = address.isascii() and address.isprintable() and " " not in address
    if not host or not is_plain:
        raise AddressRefused(NO_ADDRESS)
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(NO_CREDENTIALS)
    if is_allowed_by_name(host) and parts.scheme in ("http", "https"):
        return
    if parts.scheme != "https":
        raise AddressRefused(NO_ADDRESS)
    if host == "localhost" or _is_inside(host):
        raise AddressRefused(INSIDE)


def is_allowed_by_name(host: str) -> bool:
    """Whether a setting lets in what is refused elsewhere: receivers of tests and demos."""
    return host in settings.WEBHOOK_HOSTS_ALLOWED


def _is_inside(host: str) -> bool:
    try:
        number = ip_address(host)
    except ValueError:
        return False
    return not number.is_global or number.is_multicast


class Line:
    """Calls to one receiver, one after the other, each bounded and guarded on its own.

    Each has a connection of its own, too: over one that is kept, what a receiver says twice, or
    too late, would count for the next call, and its event would be lost.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._limit = Limit()
        self._session = _session(address)

    @cached_property
    def _bare(self) -> requests.PreparedRequest:
        """To prepare each anew would cost a third of a call, and carry what cookies came.

        Raises:
            ValueError: There are addresses that are refused here only.
        """
        bare = requests.Request("POST", self._address, headers=_HEADERS)
        prepared: requests.PreparedRequest = self._session.prepare_request(bare)
        return prepared

    def __enter__(self) -> Self:
        self._limit.__enter__()
        return self

    def __exit__(self, *failure: object) -> None:
        self._session.close()
        self._limit.__exit__()

    def call(self, *, body: str, headers: Mapping[str, str]) -> Reply:
        """POST a body to the receiver; whatever goes wrong is a reply, too."""
        try:
            check_address(self._address)
            with self._limit.within(WHOLE_SECONDS):
                return self._posted(body.encode(), headers)
        except AddressRefused as refusal:
            return Reply(None, refusal.message)
        except InvalidIPAddress:
            return Reply(None, INSIDE)
        except (requests.RequestException, OSError, ValueError) as error:
            return Reply(None, remark_on(TimeUp() if self._limit.is_over else error))

    def _posted(self, body: bytes, headers: Mapping[str, str]) -> Reply:
        request = self._bare.copy()
        request.headers.update({**headers, "Content-Length": str(len(body))})
        request.body = body
        try:
            return _read(self._session, request, self._limit)
        finally:
            for adapter in self._session.adapters.values():
                adapter.poolmanager.clear()  # guard: no kept connection


_HEADERS = {
    "Accept-Encoding": "identity",
    "Connection": "close",
    "Content-Type": "application/json",
}


class _Session(HTTPSession):  # type: ignore[misc]  # it is not typed
    """One that does not look where a redirect leads: that would read its answer to the end."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def _session(address: str) -> HTTPSession:
    """One without cookies, proxies or passwords of the environment."""
    is_guarded = not is_allowed_by_name(urlsplit(address).hostname or "")
    session = _Session(
        Config(
            ip_filter_enable=is_guarded,
            ip_filter_allow_loopback_ips=False,
            never_redirect=True,
            default_timeout=(CONNECT_SECONDS, READ_SECONDS),
            user_agent_override="Countermand-Webhooks/1",
        )
    )
    bound(session)
    session.trust_env = False
    return session


def _read(session: HTTPSession, request: requests.PreparedRequest, limit: Limit) -> Reply:
    """The beginning of an answer; what follows is left unread."""
    until = monotonic() + READ_SECONDS
    with session.send(request, allow_redirects=False, stream=True) as response:
        if limit.is_over:  # headers that were cut off look as if they had ended
            raise TimeUp
        read = b""
        try:
            while len(read) < MOST_READ and monotonic() < until:
                if not (more := response.raw.read1(MOST_READ - len(read))):
                    break
                read += more
        except Exception as error:  # the status has come; what follows it does not count
            read += f" [{type(error).__name__}]".encode()
        text = read.decode(errors="replace").replace("\0", "")
        return Reply(response.status_code, text, response.headers.get("Retry-After", ""))
