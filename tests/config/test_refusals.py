"""Pages that refuse: with the console around them for those who may look at orders."""

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.db.models import QuerySet

from tests.support.builders import product

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NAVIGATION = 'aria-label="Console"'
REFUSED = [
    ("/nowhere/", 404),
    ("/order-summaries/NONE/", 404),
    ("/order-summaries/W-1/refund-owed/", 403),
]


@pytest.mark.parametrize(("page", "status"), REFUSED)
def test_who_is_signed_in_keeps_the_navigation(agent_client, new_order, page, status):
    new_order([product("1")])

    response = agent_client.get(page)

    assert response.status_code == status
    assert NAVIGATION in response.text
    assert response.text.count("Sign out") == 1


def test_so_does_who_sends_what_cannot_be_read(agent_client, new_order):
    new_order([product("1")])
    opened = agent_client.get("/order-summaries/W-1/cancel-items/")

    response = agent_client.post(opened.url, {"cancellation_wizard-current_step": "nonsense"})

    assert response.status_code == 400
    assert NAVIGATION in response.text


def test_strangers_and_those_who_may_see_nothing_get_a_plain_page(client):
    stranger = client.get("/nowhere/")
    client.force_login(User.objects.create_user("nobody"))
    nobody = client.get("/nowhere/")

    for response in (stranger, nobody):
        assert response.status_code == 404
        assert NAVIGATION not in response.text


@pytest.mark.parametrize("lost", ["get", "_fetch_all"])
def test_a_page_that_is_not_there_needs_no_database(agent_client, monkeypatch, lost):
    def away(*args, **kwargs):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(QuerySet, lost, away)
    monkeypatch.setattr(SessionStore, "save", away)

    response = agent_client.get("/nowhere/")

    assert response.status_code == 404
    assert "We can’t find this page" in response.text
