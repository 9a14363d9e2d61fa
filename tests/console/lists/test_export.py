"""Lists as files: all pages, the columns that were chosen, no formulas, and an audit entry."""

import codecs
import csv
import re
from io import StringIO

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from cancellations.acts.undo import undo_change_order
from console.lists import export
from console.models import AuditEntry
from tests.support.builders import cancel, imported, product, select
from tests.support.places import reads_in

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

ORDERS, CHANGES = "/exports/order-summaries/", "/exports/change-orders/"


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def test_the_narrowed_list_goes_out_in_its_sequence_and_columns(
    agent_client, new_order, monkeypatch
):
    monkeypatch.setattr(export, "CHUNK", 2)
    for i in range(5):
        new_order([product("1", i + 1)], f"W-{i}", channel="Web")
    new_order([product("1")], "V-1", channel="Shop")
    asked = {"channel": "Web", "sort": "-total", "columns": "total,ordered,email"}

    response = agent_client.post(ORDERS, asked)

    head, *rows = rows_of(response)
    assert response.streaming
    assert response.headers["Content-Disposition"] == 'attachment; filename="orders.csv"'
    assert head == ["Order number", "Total", "Currency", "Ordered", "E-mail"]
    assert [row[0] for row in rows] == ["W-4", "W-3", "W-2", "W-1", "W-0"]
    assert rows[0][1:4] == ["50.00", "USD", "2026-10-03 09:15:00+00:00"]


def test_times_and_words_are_its_readers_although_it_is_written_later(agent_client, new_order):
    new_order([product("1")])

    reads_in(agent_client, "Asia/Tokyo")
    response = agent_client.post(ORDERS, {"columns": "ordered"})

    assert rows_of(response)[1] == ["W-1", "2026-10-03 18:15:00+09:00"]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(agent_client, new_order, formula):
    new_order([product("1")], account={"name": formula, "email": ""}, channel=formula)

    rows = rows_of(agent_client.post(ORDERS, {"columns": "account,channel,total"}))

    assert rows[1] == ["W-1", f"'{formula}", f"'{formula}", "10.00", "USD"]


def test_change_orders_go_out_likewise(agent_client, agent):
    change_order = cancel(imported(order_number="W-1"), select(), by=agent)
    cancel(imported(order_number="V-1"), select(), by=agent)

    head, *rows = rows_of(agent_client.post(CHANGES, {"q": "W-1"}))

    assert [head[0], head[5:]] == ["Change order", ["Amount", "Currency", "Refund due", "Currency"]]
    assert [row[:3] for row in rows] == [[change_order.number, "W-1", "Cancellation"]]


def test_the_audit_tells_what_went_out_and_no_customers_name(agent_client, agent, new_order):
    new_order([product("1")])

    agent_client.post(ORDERS, {"q": "Boyle", "status": "created"})

    entry = AuditEntry.objects.get(kind="exported")
    assert (entry.about, entry.actor_name) == ("orders", agent.username)
    assert entry.facts == {"asked": ["q", "status=created"]}


@pytest.mark.parametrize(
    ("path", "asked", "page", "message"),
    [
        (ORDERS, {"total_from": "x", "q": "W"}, "/order-summaries/?q=W&total_from=x", "a number."),
        (CHANGES, {"kind": "x", "sent": "too"}, "/change-orders/?kind=x", ""),
        (ORDERS, {"channel": "é" * 9999}, f"/order-summaries/?channel={'%C3%A9' * 300}", "at most"),
        (ORDERS, {"q": "a\0"}, "/order-summaries/?q=a%00", "Null characters"),
    ],
)
def test_what_is_not_valid_leads_to_the_list_that_says_why(
    agent_client, path, asked, page, message
):
    response = agent_client.post(path, asked)

    assertRedirects(response, page, target_status_code=400)
    assertContains(agent_client.get(page), message, status_code=400)
    assert not AuditEntry.objects.filter(kind="exported").exists()


def test_a_spreadsheet_knows_the_file_to_be_utf_8(agent_client, new_order):
    new_order([product("1")], account={"name": "Zoë", "email": ""})

    text = b"".join(agent_client.post(ORDERS).streaming_content)

    assert text.startswith(codecs.BOM_UTF8)
    assert text.count(codecs.BOM_UTF8) == 1
    assert "Zoë".encode() in text


def test_files_are_asked_for_by_those_who_see_the_list(client, agent_client, django_user_model):
    assert agent_client.get(ORDERS).status_code == 405
    client.force_login(django_user_model.objects.create_user("nobody"))

    assert client.post(ORDERS).status_code == 403
    assert client.post(CHANGES).status_code == 403


def test_the_lists_button_is_answered_as_browsers_send_it(agent, new_order):
    new_order([product("1")])
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(agent)
    page = browser.get("/order-summaries/?status=created").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.split('id="views"')[1])[1]

    response = browser.post(ORDERS, {"csrfmiddlewaretoken": token, "status": "created"})

    assert len(rows_of(response)) == 2


def test_what_was_given_back_is_taken_from_the_sum(agent_client, agent, new_order):
    canceled = cancel(new_order([product("1", 5)]), select("1", 1), by=agent)
    undo_change_order(change_order_id=canceled.pk, by=agent)

    _head, *rows = rows_of(agent_client.post(CHANGES, {"columns": "amount"}))

    assert [row[1] for row in rows] == ["-10.00", "10.00"]
