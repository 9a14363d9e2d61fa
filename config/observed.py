"""What is logged and how: a line a happening, JSON for machines, nobody's data, no secrets."""

import logging
import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from structlog.stdlib import ProcessorFormatter

Line = MutableMapping[str, Any]

_SECRET_NAME = re.compile(r"passw|secret|token|authorization|cookie|api_?key|dsn", re.IGNORECASE)
_SECRET = re.compile(r"\b(?:sk|rk|whsec|pi)_\w{6,}|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)|(?i:bearer )\S+")
_ROW = re.compile(r"^(DETAIL|CONTEXT|PARAMETERS|\[SQL|\[parameters).*$", re.MULTILINE)
"""What PostgreSQL adds to an error: the row, with all that it holds."""
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def logging_settings(level: int, *, as_json: bool) -> dict[str, Any]:
    """Django's ``LOGGING``: everything goes to standard error, by one way."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter, "as_json": as_json}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        # Below warnings Stripe writes what it sends, and the words of gateways on the key.
        "loggers": {
            "stripe": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
            "django.server": {"handlers": ["stderr"], "propagate": False},
        },
        "root": {"handlers": ["stderr"], "level": level},
    }


def formatter(*, as_json: bool) -> ProcessorFormatter:
    show: Any = structlog.processors.JSONRenderer(sort_keys=False) if as_json else _readable
    return ProcessorFormatter(
        processors=[
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            without_secrets,
            show,
        ],
        foreign_pre_chain=list(_CHAIN),
    )


def without_secrets(logger: object, method: str, line: Line) -> Line:
    """No passwords and keys, no rows that a database error quotes, no e-mail addresses."""
    line.pop("user_agent", None)
    for name, value in line.items():
        if _SECRET_NAME.search(name):
            line[name] = "[secret]"
        elif isinstance(value, str):
            line[name] = cleaned(value)
    return line


def cleaned(text: str) -> str:
    """The text without secrets and without what names a customer."""
    return _ADDRESS.sub("[e-mail]", _SECRET.sub("[secret]", _ROW.sub(r"\1 [left out]", text)))


def _readable(logger: object, method: str, line: Line) -> str:
    """One line for people, then the traceback if there is one; nobody else's text begins a line."""
    at, level, name, event = (
        str(line.pop(part, "")) for part in ("timestamp", "level", "logger", "event")
    )
    exception = line.pop("exception", None)
    said = _escaped(f"{at} {level.upper()} {name} {event}{_listed(line)}")
    return f"{said}\n{exception}" if exception else said


def _listed(line: Mapping[str, Any]) -> str:
    return "".join(f" {name}={value}" for name, value in line.items())


def _escaped(text: str) -> str:
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


_CHAIN: tuple[Any, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_CHAIN,
        structlog.stdlib.PositionalArgumentsFormatter(),
        ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_DEFAULT_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_2XX_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_5XX_LOG_LEVEL = logging.DEBUG
"""Django itself tells of these; a line for each request is the proxy's to write."""
