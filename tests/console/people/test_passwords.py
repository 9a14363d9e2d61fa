"""Passwords: changed by oneself, chosen again by mail, and given by somebody else."""

import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from console.people import forms
from console.people.hashing import InTurn
from tests.console.people.conftest import PASSWORD
from tests.support.builders import UserFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

CHANGE = "/my-account/password/"
NEW = "another long password"


@pytest.fixture
def letters_at_once(monkeypatch):
    """Letters are written before the answer goes, where a test can see them."""
    monkeypatch.setattr(forms, "send_later", lambda write: write())


def changes(**fields):
    return {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW} | fields


def test_somebody_changes_their_own_password_and_stays_signed_in(signed_in, lauren):
    changed = signed_in.post(CHANGE, changes())

    assertRedirects(changed, "/", target_status_code=302)
    assert User.objects.get(pk=lauren.pk).check_password(NEW)
    assert signed_in.get("/order-summaries/").status_code == 200


def test_other_sessions_end_with_the_password(signed_in, sign_in):
    other = Client()
    sign_in(other)

    signed_in.post(CHANGE, changes())

    assert other.get("/order-summaries/").status_code == 302


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"oldpassword": "wrong"}, "This is not your current password."),
        ({"password2": "something else"}, "You must type the same password each time."),
        ({"password1": "12345678", "password2": "12345678"}, "This password is too common."),
        ({"password1": PASSWORD, "password2": PASSWORD}, "the password that you have already"),
    ],
)
def test_what_does_not_fit_changes_nothing(signed_in, lauren, fields, says):
    response = signed_in.post(CHANGE, changes(**fields))

    assertContains(response, says)
    assert User.objects.get(pk=lauren.pk).check_password(PASSWORD)


def test_who_signs_in_elsewhere_has_no_password_to_change(client, agent):
    client.force_login(agent)

    assertContains(client.get(CHANGE), "You sign in elsewhere", status_code=403)


def test_a_link_by_mail_sets_another_password_once(client, lauren, letters_at_once):
    asked = client.post("/password-reset/", {"email": "Lauren@Example.com"})
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    page = client.get(link)
    chosen = client.post(page.url, {"password1": NEW, "password2": NEW})

    assertRedirects(asked, "/password-reset/sent/")
    assert mail.outbox[0].to == ["lauren@example.com"]
    assertRedirects(chosen, "/password-reset/set/")
    assert User.objects.get(pk=lauren.pk).check_password(NEW)
    assertContains(Client().get(link), "This link doesn’t work")


@pytest.mark.parametrize("email", ["nobody@example.com", "left@example.com", "away@example.com"])
def test_a_mail_address_is_not_told_whether_somebody_has_it(client, lauren, letters_at_once, email):
    UserFactory(username="left", email="left@example.com", password="x", is_active=False)
    UserFactory(username="away", email="away@example.com")  # signs in elsewhere

    known = client.post("/password-reset/", {"email": "lauren@example.com"}, follow=True)
    unknown = client.post("/password-reset/", {"email": email}, follow=True)

    assert [letter.to for letter in mail.outbox] == [["lauren@example.com"]]
    assert known.text == unknown.text
    assert known.redirect_chain == unknown.redirect_chain


def test_the_answer_does_not_wait_for_who_has_a_mail_address(
    client, lauren, monkeypatch, django_assert_num_queries
):
    later = []
    monkeypatch.setattr(forms, "send_later", later.append)

    with django_assert_num_queries(0):
        client.post("/password-reset/", {"email": "lauren@example.com"})

    assert (len(later), mail.outbox) == (1, [])


def given_by_a_manager(manage, user):
    fields = {"usable_password": "true", "password1": NEW, "password2": NEW}
    return manage.post(f"/admin/auth/user/{user.pk}/password/", fields)


@pytest.fixture
def manage(client, manager):
    manager.is_staff = True
    manager.save()
    client.force_login(manager)
    return client


def test_a_password_that_somebody_else_set_is_changed_before_anything(manage, lauren, sign_in):
    given_by_a_manager(manage, lauren)
    browser = Client()
    sign_in(browser, password=NEW)

    assertRedirects(browser.get("/order-summaries/"), CHANGE)
    assertContains(browser.get(CHANGE), "Somebody else knows your password.")
    assertRedirects(browser.post("/order-summaries/"), CHANGE)
    own = "a password of her own"
    browser.post(CHANGE, changes(oldpassword=NEW, password1=own, password2=own))

    assert browser.get("/order-summaries/").status_code == 200


def test_the_same_holds_for_a_new_user(manage, sign_in):
    fields = {"username": "new", "usable_password": "true", "password1": NEW, "password2": NEW}
    manage.post("/admin/auth/user/add/", fields)
    browser = Client()
    sign_in(browser, username="new", password=NEW)

    assertRedirects(browser.get("/order-summaries/"), CHANGE)


def test_a_link_by_mail_settles_it_too(manage, lauren, sign_in, letters_at_once):
    given_by_a_manager(manage, lauren)
    browser = Client()
    browser.post("/password-reset/", {"email": "lauren@example.com"})
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    browser.post(browser.get(link).url, {"password1": PASSWORD, "password2": PASSWORD})
    sign_in(browser)

    assert browser.get("/order-summaries/").status_code == 200


def test_one_who_has_to_change_it_may_sign_out(manage, lauren, sign_in):
    given_by_a_manager(manage, lauren)
    browser = Client()
    sign_in(browser, password=NEW)

    assertRedirects(browser.post("/sign-out/"), "/sign-in/")


def test_hashes_of_django_are_read_and_made(db):
    hasher = InTurn()
    hasher.iterations = 10

    made = hasher.encode("secret", "salt" * 6)

    assert made.startswith("pbkdf2_sha256$10$")
    assert hasher.verify("secret", made)
