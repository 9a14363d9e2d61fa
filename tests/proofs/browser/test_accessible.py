"""Pages of coming in, people, audit and personal data: what axe finds in them, in every shape."""

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axes.models import AccessAttempt
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import expect

from console.audit.recording import record
from console.models import AuditKind, GivenPassword
from console.people.rights import AUDITOR
from tests.proofs.browser.test_doors import sign_in, sign_out, with_authenticator
from tests.support.accessible import findings
from tests.support.builders import UserFactory, product
from tests.support.single_sign_on import provider_of, use

pytestmark = [
    pytest.mark.axe,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

PASSWORD = "a long enough password"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0"
FACTORS = "/my-account/second-factors/"


@pytest.fixture
def lauren(db):
    """A manager who audits, too, and knows her password."""
    cache.clear()
    user = UserFactory(manager=True, username="lauren", first_name="Lauren", last_name="Boyle")
    user.groups.add(Group.objects.get(name=AUDITOR))
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def looks_at(open_page):
    """Opens a page, makes sure of its words, and gives what is wrong with it."""

    def look(path, shows, user=None, *, refused=False, then=lambda page: None):
        page = open_page(user, refused=refused, policy=False)
        page.goto(path)
        then(page)
        expect(page.get_by_text(shows).first).to_be_visible()
        return findings(page)

    return look


def with_factors(user):
    """The user, with an app that shows codes, two passkeys, and recovery codes."""
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    keys = ("Desk", "A key with quite a long name, as people give them when they have many")
    passkeys = [
        Authenticator.objects.create(user=user, type="webauthn", data={"name": name})
        for name in keys
    ]
    return passkeys[0]


def presses(name):
    return lambda page: page.get_by_role("button", name=name, exact=True).click()


def fills(button, **fields):
    """Fills fields by their labels, and sends them."""

    def fill(page):
        for label, text in fields.items():
            page.get_by_label(label, exact=True).fill(text)
        presses(button)(page)

    return fill


@pytest.mark.parametrize(
    ("path", "shows"),
    [
        ("/sign-in/", "Forgot your password?"),
        pytest.param("/password-reset/", "Send the link", marks=pytest.mark.long),
        pytest.param("/password-reset/sent/", "Go to sign-in", marks=pytest.mark.long),
        pytest.param("/password-reset/set/", "Go to sign-in", marks=pytest.mark.long),
        pytest.param("/password-reset/1-abc-def/", "Ask for", marks=pytest.mark.long),
        pytest.param("/sign-in/inactive/", "Go to sign-in", marks=pytest.mark.long),
    ],
)
def test_at_the_door(looks_at, lauren, settings, path, shows):
    use(settings, "http://localhost:9")

    assert looks_at(path, shows) == []


@pytest.mark.long
def test_a_wrong_password(looks_at, lauren):
    wrong = fills("Sign in", Username="lauren", Password="wrong")

    assert looks_at("/sign-in/", "That didn’t work", then=wrong) == []


@pytest.mark.long
def test_who_waits(looks_at, lauren, settings):
    settings.AXES_FAILURE_LIMIT = settings.SIGN_IN_TRIES = 1
    wrong = fills("Sign in", Username="lauren", Password="wrong")

    assert looks_at("/sign-in/", "Too many tries", refused=True, then=wrong) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "shows"),
    [
        ("/sign-in/busy/", "Many are signing in right now"),
        ("/sign-in/with/corp/", "You are not signed in"),
    ],
)
def test_who_is_sent_away(looks_at, lauren, settings, path, shows):
    use(settings, "http://localhost:9")

    assert looks_at(path, shows, refused=True) == []


@pytest.mark.long
def test_a_code(looks_at, lauren):
    TOTP.activate(lauren, generate_totp_secret())

    def wrong(page):
        fills("Sign in", Username="lauren", Password=PASSWORD)(page)
        fills("Sign in", Code="000000")(page)

    assert looks_at("/sign-in/", "This code is not right.", then=wrong) == []


@pytest.mark.long
def test_a_new_password(looks_at, lauren):
    key = f"{user_pk_to_url_str(lauren)}-{default_token_generator.make_token(lauren)}"

    assert looks_at(f"/password-reset/{key}/", "Choose a new password") == []


@pytest.mark.long
def test_a_passkey(open_page, lauren, on_localhost):
    page = open_page(policy=False)
    with_authenticator(page)
    sign_in(page, f"{on_localhost}/")
    page.goto(f"{on_localhost}{FACTORS}passkeys/add/")
    presses("Add the passkey")(page)
    page.goto(f"{on_localhost}/sign-in/again/passkey/")
    expect(page.get_by_text("Use your passkey to go on.")).to_be_visible()
    assert findings(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{on_localhost}/order-summaries/")
    sign_out(page)

    sign_in(page, f"{on_localhost}/")

    expect(page.get_by_role("button", name="Use a passkey")).to_be_visible()
    assert findings(page) == []


@pytest.mark.long
@pytest.mark.parametrize("way", ["", "code/"])
def test_who_is_asked_again(looks_at, lauren, way):
    with_factors(lauren)

    assert looks_at(f"/sign-in/again/{way}", "Is it you?", lauren) == []


@pytest.mark.long
def test_ones_own_password(looks_at, lauren):
    typed = {"Current password": "x", "New password": "y", "New password, once more": "z"}
    wrong = fills("Change password", **typed)

    assert looks_at("/my-account/password/", "Change your password", lauren) == []
    assert looks_at("/my-account/password/", "Change your password", lauren, then=wrong) == []


@pytest.mark.long
def test_a_forced_change(looks_at, lauren):
    GivenPassword.objects.create(user=lauren)
    entering = fills("Sign in", Username="lauren", Password=PASSWORD)

    assert looks_at("/", "Somebody else knows your password.", then=entering) == []


@pytest.mark.long
def test_ones_own_sessions(looks_at, lauren):
    other = Client(headers={"user-agent": FIREFOX}, REMOTE_ADDR="2001:db8:1234:5678::9abc")
    other.post("/sign-in/", {"username": "lauren", "password": PASSWORD})
    entering = fills("Sign in", Username="lauren", Password=PASSWORD)

    assert looks_at("/my-account/sessions/", "Firefox on Windows", then=entering) == []


@pytest.mark.long
def test_no_second_factor_yet(looks_at, lauren, settings):
    settings.SECOND_FACTOR_FOR = "everyone"

    assert looks_at(FACTORS, "Your account needs a second factor", lauren) == []
    assert looks_at(f"{FACTORS}app/", "Add an app", lauren) == []
    assert looks_at(f"{FACTORS}passkeys/add/", "Add a passkey", lauren) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("page", "shows"),
    [
        ("", "Remove the app"),
        ("app/remove/", "Remove the app?"),
        ("recovery-codes/", "Recovery codes"),
        ("recovery-codes/new/", "Make new codes?"),
        ("passkeys/{}/remove/", "Remove"),
        ("passkeys/{}/edit/", "Rename this passkey"),
    ],
)
def test_second_factors(looks_at, lauren, page, shows):
    passkey = with_factors(lauren)

    assert looks_at(f"{FACTORS}{page.format(passkey.pk)}", shows, lauren) == []


@pytest.mark.long
def test_held_sign_ins(looks_at, lauren, settings):
    assert looks_at("/held-sign-ins/", "Nobody is held.", lauren) == []
    AccessAttempt.objects.create(
        username="somebody.with.a.long.name@example.com", ip_address="2001:db8:1234:5678::",
        failures_since_start=60,
    )  # fmt: skip

    page = "/held-sign-ins/"
    assert looks_at(page, "somebody.with.a.long.name@example.com", lauren) == []
    assert looks_at(page, "Released", lauren, then=lambda page: _release(page)) == []


def _release(page):
    page.get_by_role("button", name="Release").first.click()


@pytest.mark.long
def test_lost_second_factors(looks_at, lauren, settings):
    settings.SECOND_FACTOR_FOR = "staff"
    path = "/lost-second-factors/"
    assert looks_at(path, "Nobody here has a second factor", lauren) == []
    ines = UserFactory(agent=True, username="ines", first_name="Ines", last_name="Olm")
    noor = UserFactory(agent=True, username="noor.with.a.long.name@example.com", is_staff=True)
    for person in (ines, noor):
        with_factors(person)
    TOTP.activate(lauren, generate_totp_secret())

    assert looks_at(path, "App with codes, 2 passkeys, recovery codes", lauren) == []
    assert looks_at(f"{path}?q=nobody", "Nobody matches", lauren) == []
    assert looks_at(f"{path}{noor.pk}/", "add a new one at the next sign-in", lauren) == []
    taken = "ines has no second factor now"
    assert looks_at(f"{path}{ines.pk}/", taken, lauren, then=presses("Take away")) == []
    assert looks_at(f"{path}{ines.pk}/", "This person has no second factor.", lauren) == []
    own = f"{path}{lauren.pk}/"
    assert looks_at(own, "You can’t take second factors away", lauren, refused=True) == []


@pytest.mark.long
def test_the_audit(looks_at, lauren):
    for kind in (AuditKind.SIGN_IN_FAILED, AuditKind.REASON, AuditKind.RIGHTS):
        rights = ["cancellations.cancel_order_items", "cancellations.act_on_refunds"]
        record(kind, about="Item damaged in the warehouse", by=lauren, act="given", rights=rights)

    assert looks_at("/audit/", "Given · Rights", lauren) == []
    assert looks_at("/audit/?kind=reason&who=lauren", "1 entry", lauren) == []
    assert looks_at("/audit/?who=nobody", "No entry matches", lauren) == []
    wrong = "/audit/?since=nonsense&kind=none"
    assert looks_at(wrong, "Enter a valid date.", lauren, refused=True) == []


@pytest.mark.long
def test_personal_data(looks_at, lauren):
    assert looks_at("/personal-data/", "What becomes of it", lauren) == []


@pytest.mark.long
def test_erasing(looks_at, lauren, new_order):
    new_order([product("1", 2)])
    page = "/accounts/A-1001/erase/"

    assert looks_at(page, "It cannot be undone.", lauren) == []
    assert looks_at(page, "texts were erased", lauren, then=presses("Erase")) == []
    assert looks_at(page, "There is nothing left to erase.", lauren) == []


@pytest.mark.long
def test_who_is_asked_again_elsewhere(open_page, settings, db):
    with provider_of(max=["om-managers"]) as issuer:
        use(settings, issuer)
        page = open_page(policy=False)
        page.goto("/sign-in/")
        page.get_by_role("link", name="Sign in with Corp").click()
        page.get_by_role("button", name="sub-max").click()
        page.goto("/sign-in/again/elsewhere/")
        expect(page.get_by_text("Sign in once more to go on.")).to_be_visible()

    assert findings(page) == []
