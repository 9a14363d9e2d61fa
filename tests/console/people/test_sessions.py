"""Sessions: they end by quiet, by age and by hand; what was typed waits for who typed it."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from console.models import AuditEntry, AuditKind
from console.people.sessions import _browser
from tests.benchmarks.measuring import PROJECT
from tests.console.people.conftest import PASSWORD
from tests.support.builders import UserFactory, product
from tests.support.wizard_run import WizardRun

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

LIST = "/order-summaries/"
SESSIONS = "/my-account/sessions/"


def pass_time(client, **time):
    """Let the session of a browser grow older, as if nothing had been asked for that long."""
    session = client.session
    began = timezone.datetime.fromisoformat(session["signed_in_at"])
    session["signed_in_at"] = (began - timedelta(**time)).isoformat()
    session.save()
    row = Session.objects.get(pk=session.session_key)
    row.expire_date -= timedelta(**time)
    Session.objects.filter(pk=row.pk).update(expire_date=row.expire_date)


def test_a_session_ends_after_a_quiet(signed_in):
    pass_time(signed_in, minutes=29)
    assert signed_in.get(LIST).status_code == 200

    pass_time(signed_in, minutes=31)

    assertRedirects(signed_in.get(LIST), f"/sign-in/?next={LIST}")


@pytest.mark.parametrize("time", [{"minutes": 31}, {"hours": 13}])
def test_signing_out_of_a_session_that_has_ended_leads_to_the_sign_in(lauren, sign_in, time):
    page = Client(enforce_csrf_checks=True)
    token = page.get("/sign-in/").cookies["csrftoken"].value
    fields = {"username": "lauren", "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert page.post("/sign-in/", fields).status_code == 302
    token = page.cookies["csrftoken"].value
    pass_time(page, **time)

    signed_out = page.post("/sign-out/", {"csrfmiddlewaretoken": token})

    assertRedirects(signed_out, "/sign-in/")


def test_a_session_that_is_used_goes_on_until_its_life_is_over(signed_in):
    used = timedelta()
    while signed_in.get(LIST).status_code == 200:
        used += timedelta(minutes=25)
        pass_time(signed_in, minutes=25)

    assert timedelta(hours=11.5) <= used <= timedelta(hours=12.5)


def test_its_end_is_moved_once_a_minute_and_its_answers_are_left_alone(signed_in):
    pass_time(signed_in, minutes=2)

    with CaptureQueriesContext(
        connection,
    ) as first:
        signed_in.get(LIST)
    with CaptureQueriesContext(connection) as second:
        signed_in.get(LIST)

    moved = [q["sql"] for q in first if q["sql"].startswith('UPDATE "django_session"')]
    assert len(moved) == 1
    assert "session_data" not in moved[0].split("WHERE")[0]
    assert not [q for q in second if q["sql"].startswith("UPDATE")]


def test_the_cookie_ends_with_the_browser(client, lauren, sign_in):
    cookie = sign_in(client).cookies["sessionid"]

    assert (cookie["max-age"], cookie["expires"]) == ("", "")


@pytest.fixture
def typed(signed_in, new_order):
    """A wizard run of Lauren's whose session has ended meanwhile."""
    new_order([product("1", 3)])
    run = WizardRun(signed_in, "W-1")
    run.select("1")
    run.explain({"1": 2})
    pass_time(signed_in, minutes=31)
    assert signed_in.get(run.url("review")).status_code == 302
    return run


def test_what_was_typed_is_there_again_for_the_same_user(signed_in, typed, sign_in):
    sign_in(signed_in)

    assert typed.get("review").status_code == 200
    assertRedirects(typed.submit(), typed.url("finish"))


def test_nobody_else_finds_what_was_typed(signed_in, typed, sign_in):
    another = UserFactory(agent=True, username="another")
    another.set_password("a long enough password")
    another.save()
    sign_in(signed_in, "another")

    assert "wizard_" not in " ".join(signed_in.session.keys())
    assertRedirects(typed.get("review"), typed.url("select"), fetch_redirect_response=False)
    signed_in.post("/sign-out/")
    sign_in(signed_in)
    assert "wizard_" not in " ".join(signed_in.session.keys())


def test_what_was_typed_is_kept_no_longer_than_a_session_lives(signed_in, typed, sign_in):
    Session.objects.update(expire_date=timezone.now() - timedelta(hours=13))
    sign_in(signed_in)

    assertRedirects(typed.get("review"), typed.url("select"), fetch_redirect_response=False)


@pytest.mark.parametrize("command", ["clearsessions", "prune"])
def test_what_was_typed_outlives_the_clearing_of_sessions(
    signed_in, typed, sign_in, run_command, command
):
    run_command(command)
    sign_in(signed_in)

    assert typed.get("review").status_code == 200


@pytest.mark.parametrize("command", ["clearsessions", "prune"])
def test_what_holds_nothing_typed_goes_as_soon_as_it_has_ended(
    client, signed_in, run_command, command
):
    stranger = client.session
    stranger["socialaccount_states"] = {}
    stranger.save()
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    going_on = Client()
    going_on.session.save()

    run_command(command)

    left = Session.objects.values_list("session_key", flat=True)
    assert list(left) == [going_on.session.session_key]


@pytest.mark.parametrize("command", ["clearsessions", "prune"])
def test_nothing_typed_is_kept_when_nobody_can_come_back_to_it(typed, run_command, command):
    ended = timezone.now() - timedelta(hours=12, minutes=1)
    Session.objects.update(expire_date=ended)

    run_command(command)

    assert not Session.objects.exists()


def test_a_session_that_has_ended_signs_nobody_in(signed_in, typed):
    assert signed_in.get(LIST).status_code == 302
    assert "_auth_user_id" not in signed_in.session


def test_somebody_sees_where_they_are_signed_in_and_ends_one(signed_in, sign_in, lauren):
    other = Client()
    agent = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0 Safari/537.36"
    sign_in(other, headers={"user-agent": agent}, REMOTE_ADDR="203.0.113.9")

    page = signed_in.get(SESSIONS)
    assertContains(page, "Chrome on Windows")
    assertContains(page, "203.0.113.9")
    ended = signed_in.post(SESSIONS, {"end": UserSession.objects.get(ip="203.0.113.9").pk})

    assertRedirects(ended, SESSIONS)
    assertNotContains(signed_in.get(SESSIONS), "203.0.113.9")
    assert other.get(LIST).status_code == 302
    assert signed_in.get(LIST).status_code == 200
    assert ended_by("lauren") == [("lauren", {"act": "ended", "sessions": 1})]


def ended_by(name):
    written = AuditEntry.objects.filter(kind=AuditKind.SIGNED_OUT, actor_name=name)
    return list(written.values_list("about", "facts"))


def test_all_others_end_at_once(signed_in, sign_in):
    others = [Client(), Client()]
    for other in others:
        sign_in(other)

    signed_in.post(SESSIONS, {"others": ""})

    assert [other.get(LIST).status_code for other in (*others, signed_in)] == [302, 302, 200]
    assert ended_by("lauren") == [("lauren", {"act": "ended", "sessions": 2})]


def test_ending_this_one_leads_to_the_sign_in(signed_in):
    ended = signed_in.post(SESSIONS, {"end": UserSession.objects.get().pk})

    assertRedirects(ended, "/sign-in/")
    assert ended_by("lauren") == [("lauren", {})]


@pytest.mark.parametrize("wanted", ["", "0", "x", "9" * 30, "½"])
def test_nobody_ends_what_is_not_theirs(signed_in, sign_in, wanted):
    another = UserFactory(agent=True, username="another")
    another.set_password("a long enough password")
    another.save()
    sign_in(Client(), "another")
    theirs = UserSession.objects.get(user=another).pk

    assert signed_in.post(SESSIONS, {"end": wanted}).status_code == 404
    assert signed_in.post(SESSIONS, {"end": theirs}).status_code == 404
    assert UserSession.objects.filter(pk=theirs).exists()


@pytest.mark.parametrize(
    ("description", "words"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "Firefox on Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/141 Safari/537 Edg/141", "Edge on Windows"),
        ("curl/8.5", "Another program"),
    ],
)
def test_browsers_are_called_what_people_call_them(description, words):
    assert _browser(description) == words


def proves_again(client, act, **fields):
    """Post something that moves much after a quarter of an hour; gives where that leads."""
    grow_old(client)
    return client.post(act, fields)


def grow_old(client):
    """Let it be a quarter of an hour since anybody proved who they are."""
    session = client.session
    for record in session.get("account_authentication_methods", []):
        record["at"] -= 16 * 60
    began = timezone.datetime.fromisoformat(session["signed_in_at"])
    session["signed_in_at"] = (began - timedelta(minutes=16)).isoformat()
    session.save()


@pytest.fixture
def manages(lauren, signed_in):
    lauren.is_superuser = lauren.is_staff = True
    lauren.save()
    return signed_in


@pytest.mark.parametrize(
    "act",
    [
        "/refunds/1/",
        "/releases/1/",
        "/approvals/1/",
        "/order-summaries/W-1/refund-owed/",
        "/admin/auth/user/add/",
    ],
)
def test_whoever_moves_money_or_rights_proves_again_who_they_are(manages, act):
    assertRedirects(
        proves_again(manages, act),
        f"/sign-in/again/?next={act.replace('/', '%2F')}",
        fetch_redirect_response=False,
    )


def test_what_was_posted_is_done_once_it_is_proved(manages):
    asked = proves_again(manages, "/admin/auth/group/add/", name="Night shift")

    kept = manages.session["account_reauthentication_state"]["request"]
    wrong = manages.post(asked.url, {"password": "wrong"})
    proved = manages.post(asked.url, {"password": "a long enough password"})

    assert "Night" in kept
    assert manages.cookies["sessionid"].value not in kept
    assertContains(wrong, "Incorrect password.")
    assertRedirects(proved, "/admin/auth/group/")
    assert Group.objects.filter(name="Night shift").exists()


@pytest.mark.parametrize("page", ["add/", "{pk}/password/"])
def test_a_password_that_was_posted_is_nowhere_kept(manages, agent, page):
    page = f"/admin/auth/user/{page}".format(pk=agent.pk)
    fields = {"username": "new", "password1": "some thing long", "password2": "some thing long"}
    asked = proves_again(manages, page, usable_password="true", **fields)

    kept = str(dict(manages.session))
    said = manages.get(asked.url)
    proved = manages.post(asked.url, {"password": "a long enough password"})

    assert "some thing long" not in kept
    assertContains(said, "Nothing was done yet")
    assertRedirects(proved, page)
    assert not User.objects.filter(username="new").exists()


def test_a_page_for_passwords_asks_before_anything_is_typed(manages):
    grow_old(manages)

    assertRedirects(
        manages.get("/admin/auth/user/add/"), "/sign-in/again/?next=%2Fadmin%2Fauth%2Fuser%2Fadd%2F"
    )


@pytest.mark.parametrize("act", ["/refunds/1/", "/admin/auth/user/add/"])
def test_who_cannot_prove_who_they_are_does_nothing_that_moves_much(client, manager, act):
    client.force_login(manager)  # who has neither a password nor a factor, nor a provider
    assert client.post(act).status_code != 403

    refused = proves_again(client, act)

    assertContains(refused, "Sign out, sign in again", status_code=403)


def test_who_has_just_signed_in_is_not_asked_again(manages):
    assert manages.post("/refunds/1/").status_code == 400  # it names no act


def test_each_form_of_the_console_names_its_page():
    """What is refused after the proof stands at another address."""
    templates = [
        *(PROJECT / "templates/console").rglob("*.html"),
        PROJECT / "templates/people/held.html",
        PROJECT / "templates/people/lost_factor.html",
    ]
    forms = [form for each in templates for form in re.findall(r"<form[^>]*>", each.read_text())]
    posting = [form for form in forms if 'method="post"' in form]

    assert len(posting) > 8
    assert [form for form in posting if "action=" not in form] == []


def test_who_has_no_way_to_prove_it_is_told_what_to_do(client):
    client.force_login(UserFactory(agent=True))

    refused = client.get("/sign-in/again/code/")

    assertContains(refused, "Sign out, sign in again", status_code=403)
