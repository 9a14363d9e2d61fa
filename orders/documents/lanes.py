"""Which of several jobs takes an order document: one job takes all of an order, in their turn."""

import json
import re
from zlib import crc32

from orders.documents.jsonlines import NotADocument, parse_object

_NUMBER = re.compile(rb'"order_number"\s*:\s*("(?:[^"\\]|\\.)*")')


def lane_of(line: bytes, jobs: int) -> int:
    """The job for the order document on a line, by its number; of what is none, the first.

    Read without parsing all of it. A document that can be taken has one member of this name: what
    else looks like one, in a text or further in, stands in documents that are refused.
    """
    found = _NUMBER.search(line)
    try:
        number = json.loads(found[1]) if found else parse_object(line).get("order_number")
    except (NotADocument, ValueError):
        return 0
    if not isinstance(number, str):
        return 0
    return crc32(number.encode("utf-8", "surrogatepass")) % jobs
