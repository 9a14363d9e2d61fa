"""Notes that people write on an order's feed."""

import re
from uuid import uuid4

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from cancellations.models import InternalNote
from tests.support.builders import product

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

FEED = "/order-summaries/W-1/feed/"


@pytest.fixture(autouse=True)
def _order(new_order):
    new_order([product("1")])


def as_shown(client, **changes):
    """The fields of the form as the page has them."""
    once = re.search(r'name="once" value="([^"]+)"', client.get(FEED).text)
    return {"note": "Called.", "once": once[1], **changes}


def test_a_note_is_written_and_shown(agent_client, said):
    response = agent_client.post(FEED, as_shown(agent_client, note="Called.\r\nNo answer."))

    assertRedirects(response, FEED, fetch_redirect_response=False)
    page = agent_client.get(FEED)
    assertContains(page, "The note was written.")
    assertContains(page, "Called.<br>No answer.")
    assert said(agent_client)[0] == ["Note", "Called.No answer."]


def test_a_double_click_writes_one_note(agent_client):
    fields = as_shown(agent_client)

    answers = [agent_client.post(FEED, fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert InternalNote.objects.count() == 1


def test_another_note_from_the_same_page_is_asked_for_again(agent_client):
    fields = as_shown(agent_client)
    agent_client.post(FEED, fields)

    asked = agent_client.post(FEED, fields | {"note": "Something else."})
    once = re.search(r'name="once" value="([^"]+)"', asked.text)[1]

    assertContains(asked, "Another note was written from this page before.", status_code=409)
    assertContains(asked, "Something else.</textarea>", status_code=409)
    agent_client.post(FEED, {"note": "Something else.", "once": once})
    assert InternalNote.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"note": ""}, "Write a note."),
        ({"note": " \r\n "}, "Write a note."),
        ({"note": "x" * 1001}, "Shorten the note to 1000 characters."),
        ({"note": "a\u202eb"}, "Remove the character U+202E"),
        ({"note": "a\x07b"}, "Remove the control character U+0007."),
        ({"once": ""}, "This page could not be read back."),
        ({"once": "x"}, "This page could not be read back."),
    ],
)
def test_what_is_no_note_is_refused_with_a_message(agent_client, changes, says):
    response = agent_client.post(FEED, as_shown(agent_client, **changes))

    assertContains(response, says, status_code=400)
    assertContains(response, "<title>", status_code=400)
    assert "Error: Feed" in response.text
    assert InternalNote.objects.count() == 0
    if "note" in changes:
        assertContains(response, 'aria-invalid="true"', status_code=400)
        assertContains(response, '<a href="#id_note">', status_code=400)


def test_line_breaks_count_one(agent_client):
    agent_client.post(FEED, as_shown(agent_client, note="x\r\n" * 499 + "xx"))

    assert InternalNote.objects.get().text == "x\n" * 499 + "xx"


def test_viewers_see_notes_and_write_none(client, agent, viewer):
    client.force_login(agent)
    client.post(FEED, as_shown(client))
    client.force_login(viewer)

    page = client.get(FEED)
    refused = client.post(FEED, {"note": "Mine.", "once": uuid4()})

    assertContains(page, "Called.")
    assertNotContains(page, "Write a note")
    assert refused.status_code == 403
    assert InternalNote.objects.count() == 1


def test_there_is_no_feed_without_an_order(agent_client):
    assert agent_client.get("/order-summaries/nope/feed/").status_code == 404
    assert agent_client.post("/order-summaries/nope/feed/").status_code == 404
