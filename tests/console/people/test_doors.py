"""Signing in and out: who is let in, what others learn by asking, and who waits."""

import time
from threading import Event, Thread

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import hashers
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertRedirects

from console.models import AuditEntry, AuditKind
from console.people import forms
from console.people.addresses import client_address, throttled_address
from console.people.hashing import InTurn, NoTurn, Turns
from console.people.turnstile import Turnstile
from tests.console.people.conftest import PASSWORD
from tests.console.people.test_sessions import proves_again
from tests.support.builders import UserFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


class Counting(hashers.MD5PasswordHasher):
    """Counts how often a password is hashed."""

    algorithm = "md5"
    hashed = 0

    def encode(self, password, salt):
        Counting.hashed += 1
        return super().encode(password, salt)


@pytest.fixture
def hashes():
    """How many passwords were hashed since the test asked last."""
    with override_settings(PASSWORD_HASHERS=[f"{__name__}.Counting"]):

        def since():
            count, Counting.hashed = Counting.hashed, 0
            return count

        since()
        yield since


def fails(sign_in, times, username="lauren", **headers):
    client = Client()
    for _ in range(times):
        response = sign_in(client, username, "wrong", **headers)
    return response


def test_signing_out_after_the_session_ended_leads_to_the_sign_in(signed_in):
    signed_in.cookies.clear()

    assertRedirects(signed_in.post("/sign-out/"), "/sign-in/")
    assertRedirects(signed_in.get("/sign-out/"), "/sign-in/")


def test_the_admin_has_no_door_of_its_own(client, db):
    assertRedirects(
        client.get("/admin/login/?next=/admin/auth/user/"),
        "/sign-in/?next=%2Fadmin%2Fauth%2Fuser%2F",
    )
    assert client.post("/admin/login/", {"username": "a", "password": "b"}).status_code == 302


def test_nobody_signs_up(client, db):
    assert client.get("/sign-up/").status_code in (302, 404)
    assert not User.objects.filter(username="nobody").exists()


@pytest.mark.parametrize("username", ["nobody", "left", "lauren", "batch"])
def test_names_are_not_told_apart_by_text_or_by_work(client, lauren, sign_in, hashes, username):
    UserFactory(username="left", password=hashers.make_password(PASSWORD), is_active=False)
    hashes()

    response = sign_in(client, username, "wrong")

    assert hashes() == 1
    assertContains(response, "Please enter a correct username and password.")


def test_names_are_not_told_apart_by_what_the_database_is_asked(client, lauren, sign_in):
    for username in ("left", "gone"):
        of_old = hashers.make_password(PASSWORD)
        UserFactory(username=username, password=of_old, is_active=False)
    UserFactory(username="elsewhere")
    asked = {}
    for username, password in [
        ("lauren", "wrong"),
        ("nobody", "wrong"),
        ("left", "wrong"),
        ("gone", PASSWORD),
        ("elsewhere", "wrong"),
        ("batch", "wrong"),
    ]:
        with CaptureQueriesContext(connection) as queries:
            sign_in(Client(), username, password)
        asked[username, password] = len(queries)

    assert len(set(asked.values())) == 1, asked


@pytest.mark.parametrize("address", ["lauren@example.com", "left@example.com", "no@example.com"])
def test_addresses_are_not_told_apart_when_a_password_is_forgotten(
    client, lauren, monkeypatch, address
):
    later = []
    monkeypatch.setattr(forms, "send_later", later.append)
    UserFactory(username="left", email="left@example.com", is_active=False)

    with CaptureQueriesContext(connection) as queries:
        answer = client.post("/password-reset/", {"email": address})

    assertRedirects(answer, "/password-reset/sent/")
    assert (len(queries), len(later)) == (0, 1)


def test_whoever_left_is_not_told_that_their_password_was_right(client, sign_in, db):
    UserFactory(username="left", password=hashers.make_password(PASSWORD), is_active=False)

    left = sign_in(client, "left", PASSWORD)

    assertContains(left, "Please enter a correct username and password.")


def test_a_name_that_failed_too_often_waits_wherever_it_is_tried(lauren, sign_in, hashes, settings):
    last = fails(sign_in, settings.SIGN_IN_TRIES)
    hashes()
    right = sign_in(Client(), **ELSEWHERE)

    assert last.status_code == 429
    assertContains(right, "Try again in 15 minutes", status_code=429)
    assert right.headers["Retry-After"] == "900"
    assert hashes() == 0


def test_a_name_that_is_not_there_waits_as_one_that_is(sign_in, settings, db):
    unknown = fails(sign_in, settings.SIGN_IN_TRIES, "nobody")

    assertContains(unknown, "Too many tries", status_code=429)


def test_an_address_that_failed_too_often_waits_whatever_the_name(
    lauren, sign_in, hashes, settings
):
    settings.SIGN_IN_TRIES_OF_ADDRESS = 12
    for number in range(12):
        fails(sign_in, 1, f"guess{number}")
    hashes()

    here, elsewhere = sign_in(Client()), sign_in(Client(), **ELSEWHERE)

    assert (here.status_code, elsewhere.status_code, hashes()) == (429, 302, 1)


def test_waiting_ends_by_itself_and_is_not_made_longer_by_trying(
    lauren, sign_in, settings, monkeypatch
):
    fails(sign_in, settings.SIGN_IN_TRIES + 5)
    AccessAttempt.objects.update(attempt_time=_ago(settings.AXES_COOLOFF_TIME))

    assert AccessAttempt.objects.get().failures_since_start == settings.SIGN_IN_TRIES
    assert sign_in(Client()).status_code == 302


def _ago(wait):
    from django.utils import timezone

    return timezone.now() - wait


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("/my-account/password/", {"oldpassword": "x", "password1": "y", "password2": "y"}),
        ("/admin/password_change/", {"oldpassword": "x", "password1": "y", "password2": "y"}),
        ("/sign-in/again/", {"password": "x"}),
    ],
)
def test_no_way_around_hashes_a_password_of_somebody_who_waits(
    signed_in, hashes, settings, page, fields
):
    for _ in range(settings.SIGN_IN_TRIES):
        signed_in.post("/sign-in/again/", {"password": "wrong"})
    hashes()

    response = signed_in.post(page, fields)

    assert (response.status_code, hashes()) == (429, 0)


@pytest.mark.parametrize("name", ["lauren", "again:lauren"])
@pytest.mark.parametrize("header", [{}, ELSEWHERE])
def test_strangers_keep_nobody_from_proving_who_they_are(
    signed_in, sign_in, settings, name, header
):
    settings.SIGN_IN_TRIES_OF_ADDRESS = 5
    last = fails(sign_in, settings.SIGN_IN_TRIES, name, **header)

    proved = signed_in.post("/sign-in/again/?next=/refunds/", {"password": PASSWORD})

    assert last.status_code == 429
    assertRedirects(proved, "/refunds/")


def test_who_failed_to_prove_it_is_seen_and_released(signed_in, client, manager, settings):
    for _ in range(settings.SIGN_IN_TRIES):
        last = signed_in.post("/sign-in/again/", {"password": "wrong"})
    client.force_login(manager)

    assert last.status_code == 429
    assert AuditEntry.objects.filter(kind=AuditKind.SIGN_IN_LOCKED, about="lauren").exists()
    assertContains(client.get("/held-sign-ins/"), "lauren, signed in already")
    client.post("/held-sign-ins/", {"field": "username", "value": "again:lauren"})
    assert signed_in.post("/sign-in/again/", {"password": PASSWORD}).status_code == 302


def test_wrong_passwords_count_wherever_they_are_asked_for(signed_in, settings):
    fields = {"oldpassword": "x", "password1": "y", "password2": "y"}
    for _ in range(settings.SIGN_IN_TRIES - 1):
        assert signed_in.post("/my-account/password/", fields).status_code == 200

    assert signed_in.post("/sign-in/again/", {"password": "wrong"}).status_code == 429


def test_nothing_that_was_sent_is_kept_of_a_failure(signed_in, sign_in):
    for _ in range(2):
        signed_in.post("/sign-in/again/?next=/secret/", {"password": "wrong"})
        fields = {"oldpassword": "x", "password1": "my new one", "password2": "my new one"}
        signed_in.post("/my-account/password/?kept=secret", fields)

    kept = AccessAttempt.objects.values_list("get_data", "post_data")
    assert set(kept) == {("", "")}
    assert sum(AccessAttempt.objects.values_list("failures_since_start", flat=True)) == 4


def releases():
    written = AuditEntry.objects.filter(kind=AuditKind.SIGN_IN_LOCKED, facts={"act": "released"})
    return list(written.values_list("actor_name", "about"))


def test_a_manager_releases_a_name(client, manager, lauren, sign_in, settings):
    manager.set_password(PASSWORD)
    manager.save()
    fails(sign_in, settings.SIGN_IN_TRIES)
    client.force_login(manager)

    assertContains(client.get("/held-sign-ins/"), "lauren")
    released = client.post("/held-sign-ins/", {"field": "username", "value": "lauren"})

    assertRedirects(released, "/held-sign-ins/")
    assert sign_in(Client()).status_code == 302
    assert releases() == [(manager.username, "lauren")]
    assert "/sign-in/again/" in proves_again(client, "/held-sign-ins/", field="username").url


def test_a_manager_releases_an_address(client, manager, lauren, sign_in, settings):
    settings.SIGN_IN_TRIES_OF_ADDRESS = 3
    for number in range(3):
        fails(sign_in, 1, f"guess{number}")
    client.force_login(manager)

    client.post("/held-sign-ins/", {"field": "ip_address", "value": "127.0.0.1"})

    assert sign_in(Client()).status_code == 302
    assert releases() == [(manager.username, "127.0.0.1")]


def test_a_name_that_nobody_has_is_not_written_down_when_it_is_released(
    client, manager, sign_in, settings
):
    fails(sign_in, settings.SIGN_IN_TRIES, "my secret")
    client.force_login(manager)

    client.post("/held-sign-ins/", {"field": "username", "value": "my secret"})

    assert releases() == [(manager.username, "")]


def test_what_is_not_held_is_released_without_a_word(client, manager):
    client.force_login(manager)
    sent = [{}, {"field": "pk", "value": "1"}, {"field": "ip_address", "value": "\0"}]

    assert {client.post("/held-sign-ins/", each).status_code for each in sent} == {302}


def test_agents_release_nobody(client, agent):
    client.force_login(agent)

    statuses = [client.get("/held-sign-ins/"), client.post("/held-sign-ins/", {"value": "x"})]

    assert [response.status_code for response in statuses] == [403, 403]


@pytest.mark.parametrize(
    ("trusted", "asked_by", "said", "address"),
    [
        ([], "198.51.100.7", "203.0.113.1", "198.51.100.7"),
        (["10.0.0.0/8"], "198.51.100.7", "203.0.113.1", "198.51.100.7"),
        (["10.0.0.0/8"], "10.0.0.1", "203.0.113.1", "203.0.113.1"),
        (["10.0.0.0/8"], "10.0.0.1", "1.2.3.4, 203.0.113.1, 10.0.0.2", "203.0.113.1"),
        (["10.0.0.0/8"], "10.0.0.1", "nonsense", "10.0.0.1"),
        (["10.0.0.0/8"], "10.0.0.1", "", "10.0.0.1"),
        (["10.0.0.0/8"], "", "203.0.113.1", "203.0.113.1"),
        ([], "", "203.0.113.1", "0.0.0.0"),
        ([], "::ffff:198.51.100.7", "", "198.51.100.7"),
    ],
)
def test_an_address_is_taken_on_the_word_of_trusted_proxies_only(
    settings, trusted, asked_by, said, address
):
    from config.environment import networks

    settings.TRUSTED_PROXIES = networks(trusted)
    request = RequestFactory().get("/", REMOTE_ADDR=asked_by, headers={"x-forwarded-for": said})

    assert client_address(request) == address


def test_a_household_of_ipv6_is_one_address_to_the_throttle():
    request = RequestFactory().get("/", REMOTE_ADDR="2001:db8:1:2:3:4:5:6")

    assert throttled_address(request) == "2001:db8:1:2::"


@pytest.mark.usefixtures("db")
def test_a_password_is_hashed_when_its_turn_comes_and_not_when_none_does():
    turns = Turns(1, 1, seconds=0.2)
    begun, go_on = Event(), Event()
    first = Thread(target=turns.take, args=[lambda: (begun.set(), go_on.wait(5))])
    first.start()
    begun.wait(5)

    with pytest.raises(NoTurn):
        turns.take(lambda: "never done")
    go_on.set()
    first.join()

    assert turns.take(lambda: "done") == "done"


def test_whoever_finds_no_place_to_wait_is_told_at_once():
    turns = Turns(1, 0, seconds=60)
    begun, go_on = Event(), Event()
    first = Thread(target=turns.take, args=[lambda: (begun.set(), go_on.wait(5))])
    first.start()
    begun.wait(5)
    since = time.monotonic()

    with pytest.raises(NoTurn):
        turns.take(lambda: "never done")

    assert time.monotonic() - since < 1
    go_on.set()
    first.join()


def test_a_sign_in_without_a_turn_is_told_to_try_again(client, lauren, sign_in, monkeypatch):
    monkeypatch.setattr("console.people.hashing.turns", Turns(1, -1, seconds=1))
    with override_settings(PASSWORD_HASHERS=["console.people.hashing.InTurn"]):
        lauren.password = "pbkdf2_sha256$1$salt$hash"
        lauren.save()
        response = sign_in(client)

    assertContains(response, "Many are signing in right now", status_code=503)
    assert response.headers["Retry-After"] == "2"
    assert not AccessAttempt.objects.exists()


def test_so_many_are_at_the_door_and_no_more():
    asked, met = [], []

    def django(environ, start):
        asked.append(environ["REQUEST_METHOD"] + environ["PATH_INFO"])
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] == "/sign-in/" and not met:
            met.extend(sent(path) for path in ("/sign-in/", "/password-reset/", "/elsewhere/"))
            met.extend(sent(f"/sign-in/with/corp/{page}", "GET") for page in ("", "back/"))
            met.append(sent("/sign-in/", "GET"))
        refuses = environ["PATH_INFO"] == "/sign-in/busy/"
        start("503 Busy" if refuses else "200 OK", [("Retry-After", "2"), ("Set-Cookie", "a=b")])
        return [b"busy" if refuses else b"page"]

    def sent(path, method="POST"):
        answer = []
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_COOKIE": "mine"}
        body = door(environ, lambda status, headers: answer.extend([status, headers]))
        return answer[0], dict(answer[1]), b"".join(body)

    door = Turnstile(django, 1)

    assert sent("/sign-in/")[2] == b"page"
    assert met[:2] == [("503 Busy", {"Retry-After": "2"}, b"busy")] * 2
    assert [body for _, _, body in met[2:]] == [b"page", b"busy", b"busy", b"page"]
    assert sent("/sign-in/")[2] == b"page"  # the place is free again
    assert asked.count("GET/sign-in/busy/") == 1  # the page that refuses costs nothing again


def test_the_page_that_refuses_has_every_header(client):
    page = client.get("/sign-in/busy/")

    assertContains(page, "Many are signing in right now", status_code=503)
    assert page.headers["Retry-After"] == "2"
    assert "no-store" in page.headers["Cache-Control"]
    assert "Content-Security-Policy" in page.headers


def test_the_hasher_is_ours():
    from config import doors

    assert doors.PASSWORD_HASHERS == ["console.people.hashing.InTurn"]
    assert issubclass(InTurn, hashers.PBKDF2PasswordHasher)
