import json
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.documents.lanes import lane_of

JOBS = 1_000_003


@given(number=st.text(min_size=1), is_ascii=st.booleans(), note=st.text())
def test_a_document_goes_by_its_number_however_it_is_written(number, is_ascii, note):
    members = {"channel": note, "order_number": number, "items": [{"name": note}]}
    line = json.dumps(members, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")

    assert lane_of(line, JOBS) == crc32(number.encode("utf-8", "surrogatepass")) % JOBS


@pytest.mark.parametrize(
    "line",
    [
        rb'{"order_number": "X-1"}',
        rb'{"order_number":"\u0058-1"}',
        rb'{"order_number" : "X\u002d1", "channel": "\"order_number\": \"Y\""}',
        rb'{"channel": "\"order_number\":", "order\u005fnumber": "X-1"}',
    ],
)
def test_one_number_is_one_lane(line):
    assert lane_of(line, JOBS) == crc32(b"X-1") % JOBS


@pytest.mark.parametrize(
    "line", [b"", b"{", b"[1]", b"\xff", b'{"order_number": 1}', b"{}", b"[" * 100_000]
)
def test_what_is_no_document_goes_to_the_first(line):
    assert lane_of(line, JOBS) == 0
