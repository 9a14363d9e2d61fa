"""Why a receiver was not reached, in words."""

import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPException

import requests
from urllib3 import exceptions as urllib3

from integrations.events.limits import TimeUp
from orders.arithmetic.words import gettext_noop

_WORDS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    (
        (socket.gaierror, urllib3.NameResolutionError),
        gettext_noop("The name of the address was not found."),
    ),
    (
        (ssl.SSLError, ssl.CertificateError, requests.exceptions.SSLError, urllib3.SSLError),
        gettext_noop("No secure connection came about (TLS)."),
    ),
    ((ConnectionRefusedError,), gettext_noop("The connection was refused.")),
    (
        (TimeUp, TimeoutError, requests.Timeout, urllib3.TimeoutError),
        gettext_noop("The receiver did not answer in time."),
    ),
    (
        (ConnectionError, HTTPException, urllib3.ProtocolError),
        gettext_noop("The receiver closed the connection without an answer."),
    ),
)
"""The first that something in the chain of causes is."""
_OTHERWISE = gettext_noop("The receiver could not be reached.")


def remark_on(error: Exception) -> str:
    """What failed, and what the error is called: it is stored in English."""
    return f"{_words(error)} [{type(error).__name__}]"


def _words(error: Exception) -> str:
    causes = list(_causes(error))
    for kinds, words in _WORDS:
        if any(isinstance(cause, kinds) for cause in causes):
            return words
    return _OTHERWISE


def _causes(error: BaseException, depth: int = 8) -> Iterator[BaseException]:
    """An error and all that it says it came of; libraries keep it at different places."""
    yield error
    if depth:
        said = (error.__cause__, error.__context__, getattr(error, "reason", None), *error.args)
        for cause in said:
            if isinstance(cause, BaseException):
                yield from _causes(cause, depth - 1)
