"""An agent's own place: time zone, language, density and start, from the browser at first."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from console.models import Profile
from tests.support.builders import UserFactory, product

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

PASSWORD = "a long enough password"
PAGE = "/my-account/"
ANSWERS = {
    "time_zone": "Asia/Tokyo",
    "language": "en-us",
    "density": "compact",
    "start": "refunds",
}


@pytest.fixture
def signs_in(agent):
    """Signs the agent in by password, as a browser with these cookies and headers."""
    agent.set_password(PASSWORD)
    agent.save()

    def sign_in(zone="", **headers):
        client = Client(headers=headers)
        if zone:
            client.cookies["time_zone"] = zone
        client.post("/sign-in/", {"username": agent.username, "password": PASSWORD})
        return client

    return sign_in


def test_the_first_sign_in_takes_zone_and_language_from_the_browser(signs_in, agent, settings):
    settings.LANGUAGES = [("en-us", "English"), ("de", "Deutsch")]

    signs_in("Europe/Berlin", accept_language="de-AT,en;q=0.5")

    profile = Profile.objects.get(user=agent)
    assert (profile.time_zone, profile.language) == ("Europe/Berlin", "de")
    assert (profile.density, profile.start) == ("comfortable", "order_summaries")


@pytest.mark.parametrize("zone", ["", "Nowhere/Else", "../../etc/passwd", "x" * 4000, "\x00"])
def test_without_a_zone_that_is_known_it_is_the_settings(signs_in, agent, settings, zone):
    signs_in(zone, accept_language="tlh")

    profile = Profile.objects.get(user=agent)
    assert (profile.time_zone, profile.language) == (settings.TIME_ZONE, "en-us")


def test_later_sign_ins_change_nothing(signs_in, agent):
    signs_in("Europe/Berlin")
    signs_in("Asia/Tokyo")

    assert Profile.objects.get(user=agent).time_zone == "Europe/Berlin"


def test_times_are_in_the_readers_zone(signs_in, new_order):
    new_order([product("1")])

    assertContains(signs_in("Asia/Tokyo").get("/order-summaries/W-1/"), "6:15")


def test_what_is_saved_holds_from_the_next_page_on(signs_in, agent, new_order):
    new_order([product("1")])
    client = signs_in()

    assertNotContains(client.get("/order-summaries/W-1/"), "data-density")
    response = client.post(PAGE, ANSWERS)

    assertRedirects(response, PAGE)
    page = client.get("/order-summaries/W-1/")
    assertContains(page, 'data-density="compact"')
    assertContains(page, "6:15")
    assertRedirects(client.get("/"), reverse("console:refund_list"))
    assertRedirects(signs_in().get("/"), reverse("console:refund_list"))


@pytest.mark.parametrize("field", ANSWERS)
@pytest.mark.parametrize("answer", ["", "nonsense", "x" * 5000, "\x00"])
def test_what_is_not_in_a_list_is_said_at_its_field(signs_in, agent, field, answer):
    client = signs_in("Europe/Berlin")

    response = client.post(PAGE, ANSWERS | {field: answer})

    assertContains(response, "Choose one from the list.", status_code=400)
    assertNotContains(response, "Select a valid choice", status_code=400)
    assert Profile.objects.get(user=agent).time_zone == "Europe/Berlin"


def test_a_start_that_is_gone_is_the_usual_one(signs_in, agent):
    signs_in()
    Profile.objects.update(start="saved_view_7", time_zone="Gone/Zone", language="xx")

    client = signs_in()

    assertRedirects(client.get("/"), reverse("console:order_list"))
    assertContains(client.get(PAGE), "Gone/Zone")


def test_pages_that_somebody_may_not_see_are_none_to_start_with(signs_in, agent):
    agent.groups.clear()
    rights = ("view_refund", "view_processexception")
    agent.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    client = signs_in()

    page = client.get(PAGE)
    refused = client.post(PAGE, ANSWERS | {"start": "accounts"})

    assert [code for code, _label in page.context["form"].fields["start"].choices] == [
        "refunds",
        "exceptions",
    ]
    assertContains(refused, "Choose one from the list.", status_code=400)
    assertRedirects(client.get("/"), reverse("console:refund_list"))


def test_who_sees_nothing_is_told_so(signs_in, agent):
    agent.groups.clear()
    client = signs_in()

    assertRedirects(client.get("/"), reverse("console:order_list"), target_status_code=403)
    assert client.post(PAGE, ANSWERS | {"start": "order_summaries"}).status_code == 302


def test_nobody_but_who_is_signed_in_has_a_place(client):
    assertRedirects(client.get(PAGE), f"/sign-in/?next={PAGE}", fetch_redirect_response=False)


def test_a_profile_goes_with_its_user():
    user = UserFactory()
    Profile.objects.create(user=user, time_zone="UTC", language="en-us")

    user.delete()

    assert not Profile.objects.exists()


def test_staff_find_the_administration_in_their_menu(client, agent):
    client.force_login(agent)
    assertNotContains(client.get("/order-summaries/"), "Administration")

    agent.is_staff = True
    agent.save()

    assertContains(client.get("/order-summaries/"), "Administration")
