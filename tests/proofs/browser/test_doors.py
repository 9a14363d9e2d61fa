"""Coming in: by a provider, by a passkey, by an app with codes, and by recovery codes."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.cache import cache
from playwright.sync_api import expect

from tests.support.builders import UserFactory
from tests.support.single_sign_on import provider_of, use

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

PASSWORD = "a long enough password"


@pytest.fixture
def lauren(db):
    cache.clear()
    user = UserFactory(agent=True, username="lauren")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(page, path="/"):
    page.goto(path)
    page.get_by_role("textbox", name="Username").fill("lauren")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page):
    """By the form behind the menu, which opens by itself without scripts too."""
    page.get_by_role("button", name="lauren").click()
    page.get_by_role("button", name="Sign out").click()


def in_orders(page):
    expect(page.get_by_role("heading", name="Order Summaries")).to_be_visible()


def code_now(secret):
    """What an app shows for a key."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def add_app(page):
    """Add an app to the account that is signed in; gives its key and the recovery codes."""
    page.goto("/my-account/second-factors/")
    page.get_by_role("link", name="Add an app").click()
    expect(page.get_by_role("img", name="The key below, as a picture to scan")).to_be_visible()
    secret = page.locator(".secret").inner_text().strip()
    page.get_by_role("textbox", name="Code").fill(code_now(secret))
    page.get_by_role("button", name="Add the app").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    codes = page.locator(".recovery-codes code").all_inner_texts()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("link", name="Remove the app")).to_be_visible()
    return secret, codes


def test_by_an_app_with_codes(open_page, lauren, javascript):
    page = open_page(javascript=javascript)
    sign_in(page)
    secret, codes = add_app(page)
    page.goto("/order-summaries/")
    sign_out(page)
    cache.clear()  # a code counts once, and the one above was of the same half minute

    sign_in(page)
    page.get_by_role("textbox", name="Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("This code is not right.")
    page.goto("/order-summaries/")
    expect(page).to_have_url(re.compile("/sign-in/"))
    page.get_by_role("textbox", name="Code").fill(code_now(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()

    in_orders(page)
    assert len(codes) == 10


@pytest.mark.long
def test_by_a_recovery_code_once(open_page, lauren, javascript):
    page = open_page(javascript=javascript)
    sign_in(page)
    _, codes = add_app(page)

    for code in codes[:2]:
        page.goto("/order-summaries/")
        sign_out(page)
        sign_in(page)
        page.get_by_role("textbox", name="Code").fill(code)
        page.get_by_role("button", name="Sign in", exact=True).click()
        in_orders(page)
    sign_out(page)
    sign_in(page)
    page.get_by_role("textbox", name="Code").fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("alert").first).to_contain_text("This code is not right.")


@pytest.mark.long
def test_a_second_factor_is_demanded_before_anything(open_page, lauren, settings, javascript):
    settings.SECOND_FACTOR_FOR = "everyone"
    page = open_page(javascript=javascript)
    sign_in(page)

    expect(page.get_by_text("Your account needs a second factor")).to_be_visible()
    page.goto("/order-summaries/")
    expect(page.get_by_text("Your account needs a second factor")).to_be_visible()
    add_app(page)
    page.goto("/order-summaries/")

    in_orders(page)


def with_authenticator(page):
    """A key of the browser's own making, whose owner always proves who they are."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, added["authenticatorId"]


@pytest.mark.long
def test_by_a_passkey_alone(open_page, lauren, on_localhost):
    page = open_page()
    with_authenticator(page)
    sign_in(page, f"{on_localhost}/")
    page.goto(f"{on_localhost}/my-account/second-factors/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("textbox", name="Name").fill("Desk")
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Desk", exact=True).first).to_be_visible()
    page.goto(f"{on_localhost}/order-summaries/")
    sign_out(page)

    page.get_by_role("button", name="Use a passkey").click()

    in_orders(page)
    assert Authenticator.objects.get(type="webauthn").last_used_at


@pytest.mark.long
def test_a_passkey_alone_does_not_let_in_whom_a_provider_lets_in(open_page, lauren, on_localhost):
    page = open_page()
    with_authenticator(page)
    sign_in(page, f"{on_localhost}/")
    page.goto(f"{on_localhost}/my-account/second-factors/passkeys/add/")
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("link", name="I have kept them").click()
    page.goto(f"{on_localhost}/order-summaries/")
    sign_out(page)
    SocialAccount.objects.create(user=lauren, provider="corp", uid="sub-lauren")
    User.objects.update(password=make_password(None))

    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_text("You sign in elsewhere")).to_be_visible()
    page.goto(f"{on_localhost}/order-summaries/")
    expect(page).to_have_url(re.compile("/sign-in/"))


def test_by_a_passkey_after_the_password(open_page, lauren, on_localhost):
    page = open_page()
    with_authenticator(page)
    sign_in(page, f"{on_localhost}/")
    page.goto(f"{on_localhost}/my-account/second-factors/passkeys/add/")
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("link", name="I have kept them").click()
    page.goto(f"{on_localhost}/order-summaries/")
    sign_out(page)

    sign_in(page, f"{on_localhost}/")
    page.get_by_role("button", name="Use a passkey").click()

    in_orders(page)


@pytest.mark.long
def test_a_passkey_that_does_not_answer_is_said_not_to(open_page, lauren, on_localhost):
    page = open_page()
    session, authenticator = with_authenticator(page)
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator})
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": False}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"{on_localhost}/sign-in/")

    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("The passkey didn’t answer.")


@pytest.mark.long
def test_without_scripts_no_passkey_is_offered_and_adding_one_says_why(open_page, lauren):
    page = open_page(javascript=False)
    page.goto("/sign-in/")
    expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)
    sign_in(page)
    page.goto("/my-account/second-factors/passkeys/add/")

    expect(page.get_by_text("Passkeys need JavaScript.")).to_be_visible()


def test_by_a_provider(open_page, settings, javascript, db):
    with provider_of(nora=["om-agents"]) as issuer:
        use(settings, issuer)
        page = open_page(javascript=javascript)
        page.goto("/order-summaries/")

        page.get_by_role("link", name="Sign in with Corp").click()
        page.get_by_role("button", name="sub-nora").click()

        in_orders(page)
        expect(page.get_by_role("button", name="nora")).to_be_visible()


def take_away(page):
    """Take Lauren's second factors away, from the menu on."""
    page.goto("/order-summaries/")
    page.locator("[popovertarget=user-menu]").click()
    page.get_by_role("link", name="Lost second factors").click()
    page.get_by_role("link", name="lauren").click()
    expect(page.get_by_text("All their sessions end.")).to_be_visible()
    page.get_by_role("button", name="Take away").click()


@pytest.mark.long
def test_a_lost_second_factor_is_taken_away_and_another_added(
    open_page, lauren, manager, settings, javascript
):
    page, boss = open_page(javascript=javascript), open_page(manager, javascript=javascript)
    sign_in(page)
    add_app(page)

    take_away(boss)

    expect(boss.get_by_text("lauren has no second factor now")).to_be_visible()
    settings.SECOND_FACTOR_FOR = "everyone"
    page.goto("/order-summaries/")
    expect(page).to_have_url(re.compile("/sign-in/"))
    sign_in(page)
    expect(page.get_by_text("Your account needs a second factor")).to_be_visible()
    cache.clear()  # a code counts once
    add_app(page)


@pytest.mark.long
def test_who_signs_in_by_a_provider_proves_there_again(open_page, lauren, settings, javascript):
    Authenticator.objects.create(user=lauren, type="totp", data={"secret": "x"})
    with provider_of(max=["om-managers"]) as issuer:
        use(settings, issuer)
        settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
        page = open_page(javascript=javascript)
        page.goto("/order-summaries/")
        page.get_by_role("link", name="Sign in with Corp").click()
        page.get_by_role("button", name="sub-max").click()
        in_orders(page)

        take_away(page)
        expect(page.get_by_text("Sign in once more to go on.")).to_be_visible()
        page.get_by_role("link", name="Sign in with Corp").click()
        page.get_by_role("button", name="sub-max").click()

        expect(page.get_by_text("lauren has no second factor now")).to_be_visible()
    assert not Authenticator.objects.exists()
