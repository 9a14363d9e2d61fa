"""Single sign-on: who comes from a provider, with which groups, and when passwords are off."""

import json

import httpx
import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.db.models.signals import pre_save
from django.test import Client
from environs import ValidationError
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from config.single_sign_on import providers
from console.models import AuditEntry
from tests.console.people.test_sessions import grow_old, proves_again
from tests.support.builders import UserFactory
from tests.support.long_forms import some_of
from tests.support.single_sign_on import CORP, provider_of, use

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

LIST = "/order-summaries/"


@pytest.fixture(scope="module")
def issuer():
    with provider_of(
        nora=["om-agents", "others"],
        max=["om-managers"],
        guest=[],
        root=["om-managers"],
        late=["om-managers"],
        **{"no name": []},
    ) as address:
        yield address


@pytest.fixture
def corp(settings, issuer):
    use(settings, issuer)


def come_as(client, name, **form):
    """Go to the provider, be that person there, and come back; gives the answer."""
    there = client.get(f"/sign-in/with/corp/?next={LIST}")
    sent = {"sub": f"sub-{name}"} | form
    back = httpx.post(there.url, data=sent, follow_redirects=False)
    return client.get(back.headers["location"].removeprefix("http://testserver"))


def groups_of(name):
    return set(User.objects.get(username=name).groups.values_list("name", flat=True))


def test_who_comes_in_for_the_first_time_twice_at_once_signs_in_once_more(client, corp):
    def the_other_one_was_first(instance, **_):
        User.objects.bulk_create([User(username=instance.username)])

    pre_save.connect(the_other_one_was_first, sender=User)
    try:
        asked = come_as(client, "nora")
    finally:
        pre_save.disconnect(the_other_one_was_first, sender=User)

    assertContains(client.get(asked.url), "You came in twice at once. Sign in once more.")
    assert not User.objects.filter(username__startswith="nora").exists()  # nor half of one


def test_the_sign_in_leads_to_each_provider(client, corp, db):
    assertContains(client.get(f"/sign-in/?next={LIST}"), "Sign in with Corp")


def test_whoever_the_provider_knows_comes_in_with_the_groups_it_claims(client, corp):
    assertRedirects(come_as(client, "nora"), LIST)

    nora = User.objects.get(username="nora")
    assert groups_of("nora") == {"Agent"}
    assert (nora.is_staff, nora.is_superuser, nora.has_usable_password()) == (False, False, False)
    assert nora.email == "nora@example.com"
    facts = AuditEntry.objects.filter(about="nora").values_list("facts", flat=True)
    assert {"act": "linked", "provider": "corp"} in list(facts)


def test_a_link_that_goes_with_its_user_is_written_down(db):
    guest = UserFactory(username="guest")
    guest.socialaccount_set.create(provider="corp", uid="sub-guest")

    guest.delete()

    facts = AuditEntry.objects.filter(about="guest").values_list("facts", flat=True)
    assert {"act": "unlinked", "provider": "corp"} in list(facts)


def test_a_group_may_make_staff(client, corp):
    come_as(client, "max")

    assert groups_of("max") == {"Operations Manager"}
    assert User.objects.get(username="max").is_staff


def test_who_has_no_group_is_told_whom_to_ask(client, corp):
    come_as(client, "guest")

    assertContains(client.get(LIST), "Ask your operations manager", status_code=403)


def test_groups_are_brought_up_to_date_at_each_sign_in(client, corp):
    come_as(client, "nora")
    nora = User.objects.get(username="nora")
    nora.groups.set(
        Group.objects.filter(name__in=["Operations Manager", "Order Management Viewer"])
    )

    come_as(Client(), "nora")

    assert groups_of("nora") == {"Agent", "Order Management Viewer"}  # the last is not mapped


@pytest.mark.parametrize(
    "known", [{"username": "nora"}, {"username": "Nora"}, {"email": "Nora@Example.com"}]
)
def test_nobody_gets_a_second_account(client, corp, known):
    UserFactory(**known)
    before = set(User.objects.values_list("username", flat=True))

    refused = come_as(client, "nora")

    assertContains(refused, "not linked yet", status_code=403)
    assert client.get(LIST).status_code == 302
    assert set(User.objects.values_list("username", flat=True)) == before


def test_no_name_is_made_up_for_whoever_has_none_that_can_be_used(client, corp):
    refused = come_as(client, "no name")

    assertContains(refused, "not linked yet", status_code=403)
    assert not User.objects.filter(email="no name@example.com").exists()


def test_names_are_known_again_where_the_provider_is_trusted_with_them(client, settings, issuer):
    use(settings, issuer, links_by_username=True)
    ours = UserFactory(username="nora")
    UserFactory(username="root", is_superuser=True)

    come_as(client, "nora")
    refused = come_as(other := Client(), "root")

    assert client.get(LIST).wsgi_request.user.pk == ours.pk
    facts = AuditEntry.objects.filter(about="nora").values_list("facts", flat=True)
    assert {"act": "linked", "provider": "corp"} in list(facts)
    assert refused.status_code == 403
    assert other.get(LIST).status_code == 302


def test_whoever_left_does_not_come_back(client, corp):
    come_as(client, "nora")
    User.objects.filter(username="nora").update(is_active=False)

    left = come_as(other := Client(), "nora")

    assertRedirects(left, "/sign-in/inactive/")
    assert other.get(LIST).status_code == 302


def test_who_gives_up_there_is_not_signed_in(client, corp):
    given_up = come_as(client, "nora", action="deny")

    assertContains(given_up, "You are not signed in", status_code=401)


def test_an_answer_that_nobody_asked_for_signs_nobody_in(client, corp):
    answer = client.get("/sign-in/with/corp/back/?code=made-up&state=made-up")

    assertContains(answer, "You are not signed in", status_code=answer.status_code)
    assert answer.status_code < 500
    assert client.get(LIST).status_code == 302


def test_a_provider_that_does_not_answer_is_no_error(client, settings, db):
    use(settings, "http://localhost:9")

    assertContains(client.get("/sign-in/with/corp/"), "You are not signed in", status_code=503)
    assert client.get("/sign-in/with/nobody/").status_code == 404


def test_what_a_provider_says_of_itself_is_remembered_for_some_minutes(client, settings, db):
    with provider_of(nora=[]) as issuer:
        use(settings, issuer)
        assert client.get("/sign-in/with/corp/").status_code == 302

    assert client.get("/sign-in/with/corp/").status_code == 302  # nobody answers there any more
    cache.clear()
    assert client.get("/sign-in/with/corp/").status_code == 503


def test_the_provider_answers_for_the_second_factor_unless_it_is_said_not_to(
    client, settings, issuer
):
    settings.SECOND_FACTOR_FOR = "everyone"
    use(settings, issuer)
    come_as(client, "nora")
    use(settings, issuer, second_factor=False)
    come_as(other := Client(), "nora")

    assertRedirects(other.get(LIST), "/my-account/second-factors/", fetch_redirect_response=False)
    use(settings, issuer)
    assert client.get(LIST).status_code == 200


def test_passwords_of_ours_can_be_turned_off(client, corp, settings, db):
    settings.LOCAL_PASSWORDS = False

    assertNotContains(client.get("/sign-in/"), "Password")
    sent = {"username": "a", "password": "b"}
    pages = ("/sign-in/", "/sign-in/passkey/", "/password-reset/", "/my-account/password/")
    client.force_login(UserFactory(agent=True, password="x"))
    statuses = {page: Client().post(page, sent).status_code for page in pages[:3]}
    assert statuses == {"/sign-in/": 403, "/sign-in/passkey/": 404, "/password-reset/": 404}
    assert client.get(pages[3]).status_code == 404


NEW = "/admin/auth/user/add/"
APP = "/my-account/second-factors/app/"


@pytest.fixture
def asked_again(client, corp):
    """A manager from the provider who posts a user's name half an hour later; where that leads."""
    come_as(client, "max")
    group = Group.objects.get(name="Operations Manager")
    assert User.objects.get(username="max").groups.get() == group
    joined = {"date_joined_0": "2026-01-05", "date_joined_1": "12:00:00"}
    user = UserFactory(agent=True, username="new")
    page = f"/admin/auth/user/{user.pk}/change/"
    asked = proves_again(client, page, username="new", first_name="Nina", **joined)
    assertRedirects(asked, f"/sign-in/again/elsewhere/?next={page.replace('/', '%2F')}")
    return asked.url


def is_changed():
    return User.objects.get(username="new").first_name == "Nina"


def prove_there(client, asked, name):
    """Follow the page's link to the provider, be that person there, and come back."""
    assertContains(client.get(asked), "Sign in with Corp")
    there = client.get(asked.replace("elsewhere", "there")).url
    assert "prompt=login" in there
    assert "max_age=0" in there
    back = httpx.post(there, data={"sub": f"sub-{name}"}, follow_redirects=False)
    return client.get(back.headers["location"].removeprefix("http://testserver"))


def test_who_signs_in_there_alone_proves_there_who_they_are(client, asked_again):
    assert not is_changed()

    proved = prove_there(client, asked_again, "max")

    assert is_changed()
    assertRedirects(proved, "/admin/auth/user/")
    assert client.post("/refunds/1/").status_code == 400  # and is not asked again


def test_where_passwords_are_off_nobody_is_asked_for_one(client, asked_again, settings):
    settings.LOCAL_PASSWORDS = False
    max_ = User.objects.get(username="max")
    max_.set_password("one of long ago")
    max_.save()
    come_as(client, "max")

    assert "/sign-in/again/elsewhere/" in proves_again(client, NEW).url


@pytest.mark.parametrize(
    "page",
    some_of(
        ["app/", "app/remove/", "passkeys/add/", "recovery-codes/", "recovery-codes/new/"], every=3
    ),
)
@pytest.mark.parametrize("post", [True, False])
def test_who_finds_the_desk_of_somebody_from_there_adds_no_factor(client, corp, page, post):
    come_as(client, "nora")
    page = f"/my-account/second-factors/{page}"
    grow_old(client)

    asked = client.post(page, {"code": "1"}) if post else client.get(page)

    assert asked.url == f"/sign-in/again/elsewhere/?next={page.replace('/', '%2F')}"
    assert ("Nothing was done yet" in client.get(asked.url).text) == post
    proved = prove_there(client, asked.url, "nora")
    assertRedirects(proved, page, fetch_redirect_response=False)
    assert "/sign-in/again/" not in client.get(page).headers.get("location", "")


def test_whose_first_factor_is_demanded_adds_it_whenever_they_come(client, settings, issuer):
    settings.SECOND_FACTOR_FOR = "everyone"
    use(settings, issuer, second_factor=False)
    come_as(client, "nora")
    assert client.get(APP).status_code == 200
    grow_old(client)

    proved = prove_there(client, client.get(APP).url, "nora")

    assertRedirects(proved, APP)


@pytest.mark.parametrize("name", ["nora", "late"])
def test_another_person_or_one_the_provider_did_not_ask_proves_nothing(
    client, asked_again, settings, name
):
    if name == "late":
        late = User.objects.get(username="max").socialaccount_set.get()
        late.uid = "sub-late"
        late.save()

    refused = prove_there(client, asked_again, name)

    assertRedirects(refused, asked_again)
    assertContains(client.get("/order-summaries/"), "max")
    assert not is_changed()


def test_what_is_refused_after_the_proof_is_posted_to_its_own_page_again(client, corp):
    come_as(client, "max")
    user = UserFactory(agent=True, username="new")
    page = f"/admin/auth/user/{user.pk}/change/"

    refused = prove_there(client, proves_again(client, page, username="not / allowed").url, "max")

    assertContains(refused, f'action="{page}"')


def test_a_way_to_prove_it_that_was_typed_leads_to_theirs(client, corp):
    come_as(client, "nora")

    asked = client.get("/sign-in/again/?next=/order-summaries/")

    assertRedirects(asked, "/sign-in/again/elsewhere/?next=%2Forder-summaries%2F")


def test_an_ordinary_way_there_proves_nothing(client, asked_again):
    ways = "?process=redirect&auth_params=prompt%3Dnone&next=/order-summaries/"
    there = client.get(f"/sign-in/with/corp/{ways}").url

    assert "prompt=none" not in there


def test_who_did_not_come_from_a_provider_is_not_sent_to_one(client, corp, agent):
    client.force_login(agent)

    statuses = [
        client.get(f"/sign-in/again/{page}/").status_code for page in ("elsewhere", "there")
    ]

    assert statuses == [403, 403]


def test_a_provider_that_does_not_answer_again_is_no_error(client, asked_again, settings):
    use(settings, "http://localhost:9")

    assert client.get("/sign-in/again/there/").status_code == 503


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON"),
        ("{}", "not a list of objects"),
        ("[1]", "not a list of objects"),
        (json.dumps([CORP]), "a provider has no issuer"),
        (json.dumps([CORP | {"issuer": "https://id", "secret": "x"}]), "secret is unknown"),
        (json.dumps([CORP | {"issuer": "https://id", "groups": []}]), "groups is not as"),
        (json.dumps([CORP | {"issuer": "https://id", "id": "a/b"}]), "an id is of letters"),
    ],
)
def test_providers_that_are_not_as_they_should_be_stop_the_start(text, says):
    with pytest.raises(ValidationError, match=says):
        providers(text)
