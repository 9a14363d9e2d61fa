"""A second factor that is lost: who takes it away from whom, and what follows."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group, User
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from console.models import AuditEntry, AuditKind
from console.people.rights import MANAGER
from tests.console.people.test_sessions import proves_again
from tests.support.builders import UserFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

LIST = "/lost-second-factors/"
PASSWORD = "a long enough password"


def with_factors(user):
    """The user, with an app that shows codes, and recovery codes."""
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return user


def page_of(user):
    return f"{LIST}{user.pk}/"


def just_proved(client):
    """As if the password had been entered this minute."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()


@pytest.fixture
def boss(db):
    return UserFactory(manager=True, username="boss")


@pytest.fixture
def manage(client, boss):
    client.force_login(boss)
    just_proved(client)
    return client


@pytest.fixture
def root(db):
    return UserFactory(username="root", is_superuser=True, is_staff=True)


def test_a_manager_takes_the_second_factors_of_an_agent_away(manage, signed_in, lauren):
    with_factors(lauren)
    people = manage.get(LIST)
    asked = manage.get(page_of(lauren))

    taken = manage.post(page_of(lauren), follow=True)

    assertContains(people, "App with codes, recovery codes")
    assertContains(asked, "All their sessions end.")
    assertRedirects(taken, LIST)
    assertContains(taken, "lauren has no second factor now, and is signed out everywhere.")
    assert not Authenticator.objects.exists()
    assertRedirects(signed_in.get("/order-summaries/"), "/sign-in/?next=/order-summaries/")


def test_it_is_audited_as_the_managers_act(manage, boss, signed_in, lauren):
    with_factors(lauren)

    manage.post(page_of(lauren))

    entries = AuditEntry.objects.filter(kind=AuditKind.SECOND_FACTOR)
    assert {(entry.actor_name, entry.about, entry.facts["type"]) for entry in entries} == {
        ("boss", "lauren", "totp"),
        ("boss", "lauren", "recovery_codes"),
    }
    assert {entry.facts["act"] for entry in entries} == {"deleted"}
    ended = AuditEntry.objects.get(kind=AuditKind.SIGNED_OUT)
    assert (ended.actor_name, ended.about) == ("boss", "lauren")
    assert ended.facts == {"act": "ended", "sessions": 1}


def test_the_password_alone_leads_to_adding_a_new_one(manage, lauren, sign_in, settings):
    settings.SECOND_FACTOR_FOR = "everyone"
    with_factors(lauren)
    with_factors(User.objects.get(username="boss"))
    assertContains(manage.get(page_of(lauren)), "add a new one at the next sign-in")
    manage.post(page_of(lauren))
    lauren_again = Client()

    sign_in(lauren_again)

    assertRedirects(lauren_again.get("/order-summaries/"), "/my-account/second-factors/")


def test_of_whom_none_is_demanded_it_says_what_is_left(manage, lauren):
    with_factors(lauren)

    assertContains(manage.get(page_of(lauren)), "their password alone signs them in")


def test_who_is_asked_for_a_code_meanwhile_is_led_back_to_the_sign_in(manage, lauren, sign_in):
    with_factors(lauren)
    midway = Client()
    assert sign_in(midway).url == "/sign-in/code/"
    manage.post(page_of(lauren))

    assertRedirects(midway.get("/sign-in/code/"), "/sign-in/")
    assertRedirects(midway.post("/sign-in/code/", {"code": "123456"}), "/sign-in/")


@pytest.mark.parametrize("who", ["equal", "deactivated equal", "superuser", "themselves"])
def test_a_manager_takes_none_of_equals_superusers_or_their_own(manage, boss, root, who):
    equal = UserFactory(manager=True, is_active="deactivated" not in who)
    person = {"superuser": root, "themselves": boss}.get(who, equal)
    with_factors(person)

    asked, posted = manage.get(page_of(person)), manage.post(page_of(person))

    assertContains(asked, "You can’t take second factors away", status_code=403)
    assert posted.status_code == 403
    assert Authenticator.objects.filter(user=person).count() == 2
    assertNotContains(manage.get(LIST), page_of(person))


def test_a_superuser_takes_those_of_anyone_but_their_own(client, root, boss):
    another = with_factors(UserFactory(username="another", is_superuser=True))
    for person in (root, boss):
        with_factors(person)
    client.force_login(root)
    just_proved(client)

    statuses = [client.post(page_of(person)).status_code for person in (another, boss, root)]

    assert statuses == [302, 302, 403]
    assert set(Authenticator.objects.values_list("user__username", flat=True)) == {"root"}


@pytest.mark.parametrize("role", ["viewer", "agent", "auditor"])
def test_nobody_else_sees_the_pages(client, lauren, role):
    with_factors(lauren)
    client.force_login(UserFactory(**{role: True}))

    statuses = [client.get(LIST), client.get(page_of(lauren)), client.post(page_of(lauren))]

    assert [response.status_code for response in statuses] == [403, 403, 403]
    assertNotContains(client.get("/order-summaries/"), LIST)


def test_they_prove_again_who_they_are_and_then_it_is_done(client, boss, lauren, sign_in):
    with_factors(lauren)
    boss.set_password(PASSWORD)
    boss.save()
    sign_in(client, "boss")

    asked = proves_again(client, page_of(lauren))
    assert Authenticator.objects.count() == 2
    proved = client.post(asked.url, {"password": PASSWORD})

    assertRedirects(proved, LIST)
    assert not Authenticator.objects.exists()


def test_twice_or_where_there_is_none_changes_nothing(manage, lauren):
    assertContains(manage.get(page_of(lauren)), "This person has no second factor.")

    for _ in range(2):
        assertRedirects(manage.post(page_of(lauren)), LIST)
    assert manage.get(f"{LIST}999999/").status_code == 404


def test_people_are_found_by_name(manage, lauren):
    with_factors(lauren)
    other = with_factors(UserFactory(agent=True, first_name="Ines", last_name="Olm"))

    assertContains(manage.get(f"{LIST}?q=ines+OLM"), page_of(other))
    assertNotContains(manage.get(f"{LIST}?q=ines"), page_of(lauren))
    assertContains(manage.get(f"{LIST}?q=nobody"), "Nobody matches")
    assert manage.get(f"{LIST}?after=x&before=y").status_code == 200


def test_the_admins_page_of_a_user_says_what_they_have_and_leads_there(manage, boss, lauren):
    boss.is_staff = True
    boss.save()
    users = "/admin/auth/user/"
    assertNotContains(manage.get(f"{users}{lauren.pk}/change/"), "Lost?")
    with_factors(lauren)
    with_factors(boss)

    assertContains(manage.get(f"{users}{lauren.pk}/change/"), page_of(lauren))
    assertNotContains(manage.get(f"{users}{boss.pk}/change/"), LIST)


def test_secrets_of_others_are_not_read_in_the_admin(client, root, lauren):
    with_factors(lauren)
    client.force_login(root)
    apps = ("mfa", "account", "usersessions", "socialaccount")

    assert [client.get(f"/admin/{app}/").status_code for app in apps] == [404] * 4


def test_who_may_be_edited_are_those_whose_right_to_is_nobodys_but_theirs(boss, lauren, root):
    from console.people.editing import may_edit_user, people_to_edit

    UserFactory(username="equal").groups.add(Group.objects.get(name=MANAGER))

    found = {person.username for person in people_to_edit(boss)}

    assert found == {"lauren"}
    assert all(may_edit_user(boss, p) == (p.username in found) for p in User.objects.all())
