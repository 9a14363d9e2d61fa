"""Views of lists: one's own, shared ones, the one a list opens in, and what was looked at last."""

import re
from html import unescape
from urllib.parse import urljoin

import pytest
from django.db import connection
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from console.models import DefaultView, RecentlyViewed, SavedView
from console.saved_views import keeping
from console.saved_views.recent import forget_older, remember
from orders.models import OrderSummary
from tests.support.builders import UserFactory, product
from tests.support.statements import counted_statements

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

LIST, VIEWS = "/order-summaries/", "/views/orders/"
NEW = f"{VIEWS}new/"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def view_of(owner, name="Mine", query="cancelable=1", **fields):
    return SavedView.objects.create(owner=owner, list="orders", name=name, query=query, **fields)


def links(client, path=LIST):
    return [str(view.name) for view in client.get(path).context["views"]]


def test_what_a_list_shows_is_saved_as_a_view(agent_client, agent):
    asked = "q=Boyle&status=created&cancelable=1&sort=-total"
    places = {"place-total": "1", "place-email": "2"}

    assertContains(agent_client.get(f"{NEW}?{asked}"), "is not kept: it may be about a customer")
    response = agent_client.post(f"{NEW}?{asked}", {"name": "Big ones", **places})

    view = SavedView.objects.get(owner=agent)
    query = "status=created&cancelable=1&sort=-total&columns=total%2Cemail"
    assert (view.name, view.query, view.is_shared) == ("Big ones", query, False)
    assertRedirects(response, f"{LIST}?{query}")
    shown = agent_client.get(f"{LIST}?{query}").context
    assert [str(v.name) for v in shown["views"] if v.is_current] == ["<bdi>Big ones</bdi>"]
    assert [head.column.name for head in shown["table"].heads] == ["number", "total", "email"]


def test_a_view_of_the_same_name_becomes_the_new_one(agent_client, agent):
    view_of(agent)

    agent_client.post(f"{NEW}?status=created", {"name": "Mine"})

    assert SavedView.objects.get(owner=agent).query == "status=created"


def test_ready_made_views_are_there_for_everybody_and_one_is_current(agent_client):
    names = ["All", "Cancelable", "Canceled this week", "Needs attention", "Recently viewed"]

    for query, current in (
        ("", ["All"]),
        ("sort=-ordered", ["All"]),
        ("cancelable=1", ["Cancelable"]),
        ("cancelable=1&sort=total", []),
        ("recent=1", ["Recently viewed"]),
    ):
        views = agent_client.get(f"{LIST}?{query}").context["views"]
        assert [str(view.name) for view in views] == names
        assert [str(view.name) for view in views if view.is_current] == current
        assert all(agent_client.get(f"{LIST}?{view.query}").status_code == 200 for view in views)


def test_views_of_others_are_not_there(agent_client):
    theirs = view_of(UserFactory(agent=True))

    assert "<bdi>Mine</bdi>" not in links(agent_client)
    for path in ("", "edit/"):
        assert agent_client.get(f"/views/{theirs.pk}/{path}").status_code == 404
    assert agent_client.post(f"/views/{theirs.pk}/edit/", {"name": "x"}).status_code == 404
    assert agent_client.post(f"/views/{theirs.pk}/delete/").status_code == 404
    assert agent_client.post(f"{VIEWS}default/", {"view": theirs.pk}).status_code == 404
    assert SavedView.objects.get().name == "Mine"


def test_shared_views_are_read_by_all_and_changed_by_whoever_may_share(agent_client, manager):
    shared = view_of(UserFactory(manager=True), "Ours", is_shared=True)

    assert "<bdi>Ours</bdi>" in links(agent_client)
    assertRedirects(agent_client.get(f"/views/{shared.pk}/"), f"{LIST}?cancelable=1")
    assert agent_client.get(f"/views/{shared.pk}/edit/").status_code == 404
    assert agent_client.post(f"/views/{shared.pk}/delete/").status_code == 404
    answer = {"name": "All of us", "is_shared": "on"}
    assert signed_in(manager).post(f"/views/{shared.pk}/edit/", answer).status_code == 302
    shared.refresh_from_db()
    assert (shared.name, shared.is_shared, shared.owner == manager) == ("All of us", True, False)


def test_only_whoever_may_shares(agent_client, agent, manager):
    agent_client.post(NEW, {"name": "A", "is_shared": "on"})
    signed_in(manager).post(NEW, {"name": "M", "is_shared": "on"})

    assert dict(SavedView.objects.values_list("name", "is_shared")) == {"A": False, "M": True}
    assert "Everybody sees it" not in agent_client.get(NEW).text
    assertContains(signed_in(manager).get(NEW), "Everybody sees it")


def test_the_list_opens_in_the_default_view(agent_client, agent):
    mine = view_of(agent, query="status=created")

    agent_client.post(f"{VIEWS}default/", {"view": mine.pk})
    assertRedirects(agent_client.get(LIST), f"{LIST}?status=created")

    agent_client.post(f"{VIEWS}default/", {"view": "cancelable"})
    assertRedirects(agent_client.get(LIST), f"{LIST}?cancelable=1")
    assert agent_client.get(f"{LIST}?sort=-ordered").status_code == 200
    assert agent_client.get(LIST, headers={"HX-Request": "true"}).status_code == 200
    assert signed_in(UserFactory(agent=True)).get(LIST).status_code == 200


def test_a_default_view_that_is_gone_or_no_longer_shared_is_none(agent_client, agent, manager):
    for end in (lambda view: view.delete(), lambda view: SavedView.objects.update(is_shared=False)):
        view = view_of(manager, "Ours", is_shared=True)
        DefaultView.objects.update_or_create(user=agent, list="orders", defaults={"view": view})
        end(view)
        assert agent_client.get(LIST).status_code == 200


def test_a_view_is_called_otherwise_and_deleted(agent_client, agent):
    mine, other = view_of(agent), view_of(agent, "Other")

    taken = agent_client.post(f"/views/{mine.pk}/edit/", {"name": "Other"})
    agent_client.post(f"/views/{mine.pk}/edit/", {"name": "New", "is_default": "on"})
    assertRedirects(agent_client.get(LIST), f"{LIST}?cancelable=1")
    agent_client.post(f"/views/{mine.pk}/edit/", {"name": "New"})
    assert agent_client.get(LIST).status_code == 200
    agent_client.post(f"/views/{mine.pk}/delete/")

    assertContains(taken, "There is another view of this name.", status_code=400)
    assert list(SavedView.objects.all()) == [other]


def test_views_are_bounded(agent_client, monkeypatch):
    monkeypatch.setattr(keeping, "AT_MOST", 1)
    agent_client.post(NEW, {"name": "One"})

    refused = agent_client.post(NEW, {"name": "Two"})

    assertContains(refused, "You have 1 views of this list. Delete one first.", status_code=400)
    assert agent_client.post(f"{NEW}?status=created", {"name": "One"}).status_code == 302


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"name": "a\0b"}, "Null characters are not allowed."),
        ({"name": "a\u202eb"}, "control"),
        ({"name": "x", "place-total": "0"}, "greater than or equal to 1"),
        ({"name": "x", "place-total": "100"}, "less than or equal to 99"),
        ({"name": "x", "place-total": "first"}, "Enter a whole number."),
    ],
)
def test_a_view_that_cannot_be_is_told_at_its_field(agent_client, answers, message):
    response = agent_client.post(NEW, answers)

    assert response.status_code == 400
    assert message in response.text or "errorlist" in response.text
    assert not SavedView.objects.exists()


def test_columns_are_chosen_in_their_sequence(agent_client):
    places = {"place-total": "2", "place-status": "1", "place-email": "3"}

    chosen = agent_client.post(f"{VIEWS}columns/?q=W&sort=total", places)
    none = agent_client.post(f"{VIEWS}columns/", {"place-total": ""})

    assertRedirects(chosen, f"{LIST}?q=W&sort=total&columns=status%2Ctotal%2Cemail")
    assertRedirects(none, f"{LIST}?sort=-ordered")
    assert agent_client.post(f"{VIEWS}columns/", {"place-total": "x"}).status_code == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/views/nothing/", 404),
        ("/views/nothing/new/", 404),
        ("/views/999999999999999999/", 404),
        ("/views/9999999999999999999/", 404),
        ("/views/orders/default/", 405),
    ],
)
def test_views_of_nothing_are_not_there(agent_client, path, status):
    assert agent_client.get(path).status_code == status


@pytest.mark.parametrize("view", ["", "nothing", "9" * 19, "9" * 18, "-1", "\0"])
def test_no_list_opens_in_a_view_that_is_none(agent_client, view):
    assert agent_client.post(f"{VIEWS}default/", {"view": view}).status_code == 404


def test_views_are_for_those_who_see_the_list(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("nobody"))

    for path in (VIEWS, NEW, f"{VIEWS}columns/", "/views/change_orders/"):
        assert client.get(path).status_code == 403


def test_change_orders_have_views_of_their_own(agent_client, agent):
    agent_client.post("/views/change_orders/new/?kind=return", {"name": "Back"})

    assert links(agent_client, "/change-orders/")[-1] == "<bdi>Back</bdi>"
    assert "<bdi>Back</bdi>" not in links(agent_client)


def test_what_was_viewed_last_is_remembered_for_each_user(agent_client, new_order):
    for number in ("W-1", "W-2", "W-3"):
        new_order([product("1")], number)
        agent_client.get(f"{LIST}{number}/")
    agent_client.get(f"{LIST}W-2/")

    rows = agent_client.get(f"{LIST}?recent=1").context["page"].rows
    assert [order.order_number for order in rows] == ["W-2", "W-3", "W-1"]
    other = signed_in(UserFactory(agent=True))
    assert other.get(f"{LIST}?recent=1").context["page"].rows == []


def test_what_was_viewed_is_bounded_and_the_newest_stays(agent, new_order, monkeypatch):
    monkeypatch.setattr(RecentlyViewed, "KEPT", 2)
    orders = [new_order([product("1")], f"W-{i}") for i in range(5)]
    other = UserFactory(agent=True)
    remember(other, orders[0])

    for order in orders:
        with counted_statements(1):
            remember(agent, order)
    page = signed_in(agent).get(f"{LIST}?recent=1").context["page"]

    viewed = RecentlyViewed.objects.filter(user=agent).order_by("-viewed_at")
    assert page.rows == [row.order for row in viewed] == orders[:2:-1]
    assert RecentlyViewed.objects.filter(user=other).count() == 1


def test_older_ones_are_forgotten_in_one_statement_and_not_shown_before(
    agent, new_order, monkeypatch
):
    orders = [new_order([product("1")], f"W-{i}") for i in range(4)]
    for order in orders:
        remember(agent, order)
    client = signed_in(agent)
    monkeypatch.setattr(RecentlyViewed, "KEPT", 2)

    assert client.get(f"{LIST}?recent=1").context["page"].rows == orders[:1:-1]
    with counted_statements(1):
        forget_older(None, agent)

    assert {row.order for row in RecentlyViewed.objects.all()} == set(orders[2:])


def test_no_order_pushes_out_another(agent):
    """There is no constraint on the order, and none is fetched."""
    for number in (1, 501, 1001):
        remember(agent, OrderSummary(pk=number))
    remember(agent, OrderSummary(pk=1))

    viewed = RecentlyViewed.objects.filter(user=agent).order_by("-viewed_at")
    assert [row.order_id for row in viewed] == [1, 1001, 501]


def test_what_was_viewed_goes_with_its_user(new_order):
    user = UserFactory()
    remember(user, new_order([product("1")]))

    user.delete()

    assert not RecentlyViewed.objects.exists()


def test_the_page_is_shown_where_nothing_can_be_written_and_the_log_says_so(
    agent_client, new_order, caplog
):
    order = new_order([product("1")])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE console_recentlyviewed RENAME TO away")

    assert agent_client.get(f"{LIST}{order}/").status_code == 200
    [said] = [record for record in caplog.records if "could not remember" in record.message]
    assert (said.levelname, said.exc_info is None) == ("WARNING", False)


def test_who_has_a_default_view_still_comes_to_everything(agent_client, new_order):
    new_order([product("1", 1, quantity_allocated=1)], "W-1")
    agent_client.post(f"{VIEWS}default/", {"view": "cancelable"})

    for page, words in (
        (agent_client.get(f"{LIST}?cancelable=1"), "see all orders"),
        (agent_client.get(f"{LIST}?after=x", follow=True), "Start again"),
    ):
        link = re.search(rf'href="([^"]*)">{words}', page.text)[1]
        everything = agent_client.get(urljoin(LIST, unescape(link)))
        assert [str(order) for order in everything.context["page"].rows] == ["W-1"], words


def test_an_emptied_form_leads_to_everything_and_its_address_says_so(agent_client):
    agent_client.post(f"{VIEWS}default/", {"view": "cancelable"})

    sent_off = agent_client.get(f"{LIST}?open=1&q=&status=")
    typed = agent_client.get(LIST, headers={"HX-Request": "true"})
    narrowed = agent_client.get(f"{LIST}?q=W", headers={"HX-Request": "true"})
    without_views = agent_client.get("/accounts/", headers={"HX-Request": "true"})

    assertRedirects(sent_off, f"{LIST}?sort=-ordered")
    assert typed.headers["HX-Replace-Url"] == f"{LIST}?sort=-ordered"
    assert "HX-Replace-Url" not in narrowed.headers
    assert "HX-Replace-Url" not in without_views.headers


def test_a_place_that_is_none_starts_again_with_what_was_asked_for(agent_client):
    page = agent_client.get(f"{LIST}?status=created&after=x")

    assertContains(page, '<a href="?status=created">Start again</a>', html=True, status_code=400)


@pytest.mark.parametrize("query", ["status=gone", "sort=gone", "cancelable=1&columns=gone"])
def test_a_view_that_is_no_longer_understood_is_not_widened_but_told(agent_client, agent, query):
    mine = view_of(agent, query=query)

    page = agent_client.get(f"/views/{mine.pk}/edit/")
    edited = agent_client.post(f"/views/{mine.pk}/edit/", {"name": "New"})
    new = agent_client.post(f"{NEW}?{query}", {"name": "Other"})

    for response in (page, edited, new):
        assertContains(response, "the list does not understand all", status_code=400)
    assert list(SavedView.objects.values_list("name", "query")) == [("Mine", query)]


def test_nobody_loses_a_shared_view_by_a_name(agent, manager):
    for owner, advice in (
        (agent, "Choose another name."),
        (manager, "Choose another name, or tick “Everybody sees it”"),
    ):
        shared = view_of(owner, "Ours", is_shared=True)

        refused = signed_in(owner).post(f"{NEW}?status=created", {"name": "Ours"})

        assertContains(refused, f"with everybody. {advice}", status_code=400)
        shared.refresh_from_db()
        assert (shared.query, shared.is_shared) == ("cancelable=1", True)


def test_who_shares_replaces_a_shared_view_by_saying_so(manager):
    shared = view_of(manager, "Ours", is_shared=True)

    signed_in(manager).post(f"{NEW}?status=created", {"name": "Ours", "is_shared": "on"})

    shared.refresh_from_db()
    assert (shared.query, shared.is_shared) == ("status=created", True)


def test_a_view_of_everything_opens_beside_another_default(agent_client, agent):
    agent_client.post(f"{VIEWS}default/", {"view": "cancelable"})

    kept = agent_client.post(NEW, {"name": "Everything"})

    assertRedirects(kept, f"{LIST}?sort=-ordered")
    [view] = SavedView.objects.all()
    assert view.query == "sort=-ordered"
