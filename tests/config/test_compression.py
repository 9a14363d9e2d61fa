import gzip
import re

import pytest

pytestmark = pytest.mark.django_db

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


def asked(client, path):
    return client.get(path, headers={"accept-encoding": "gzip"})


def test_pages_come_compressed_to_those_who_take_it(agent_client):
    plain = agent_client.get("/order-summaries/")
    response = asked(agent_client, "/order-summaries/")

    assert response["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response["Vary"]
    assert len(response.content) < len(plain.content) / 2
    assert b"Order Summaries" in gzip.decompress(response.content)
    assert not plain.has_header("Content-Encoding")


def test_streamed_lists_come_compressed_too(agent_client):
    response = agent_client.post("/exports/order-summaries/", headers={"accept-encoding": "gzip"})

    assert response["Content-Encoding"] == "gzip"
    assert b"Order number" in gzip.decompress(response.getvalue())


def test_lengths_tell_nothing_of_the_token(client):
    """What guesses by lengths has to see the same secret twice (BREACH)."""
    pages = [gzip.decompress(asked(client, "/sign-in/").content) for _ in range(2)]

    first, second = (TOKEN.search(page)[1] for page in pages)
    assert first != second
