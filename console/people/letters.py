"""Letters to people of ours, sent when the answer has gone: nobody's page waits for a mail server.

They are lost with the process; whoever waits for one in vain asks for another.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

from django.db import connection

logger = logging.getLogger(__name__)

MOST_WAITING = 100

_places = BoundedSemaphore(MOST_WAITING)
_writer: list[ThreadPoolExecutor] = []


def send_later(write: Callable[[], None]) -> None:
    """Do it beside the request; when too many wait already, not at all."""
    if not _places.acquire(blocking=False):
        logger.warning("a letter was not written: %s wait already", MOST_WAITING)
        return
    if not _writer:
        _writer.append(ThreadPoolExecutor(1, "letters"))
    _writer[0].submit(_written, write)


def _written(write: Callable[[], None]) -> None:
    try:
        write()
    except Exception:
        logger.exception("a letter was not sent")
    finally:
        connection.close()
        _places.release()
