"""The pages of coming in, and of one's own account."""

from zoneinfo import available_timezones

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.template.loader import render_to_string
from django.test import Client

from tests.proofs.every_text_is_translated.conftest import DATA
from tests.support.pseudo_locale import pseudo_locale, untranslated
from tests.support.single_sign_on import use

PASSWORD = "a long enough password"
MINE = "/my-account"


@pytest.fixture
def at_home(manager, client):
    """The manager, signed in with a password and with an app that shows codes."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    manager.set_password(PASSWORD)
    manager.save()
    client.post("/sign-in/", {"username": manager.username, "password": PASSWORD})
    TOTP.activate(manager, generate_totp_secret())
    RecoveryCodes.activate(manager)
    return manager


@pytest.mark.parametrize(
    ("page", "posted", "shows"),
    [
        (f"{MINE}/", None, "How you want the console"),
        (f"{MINE}/", {"density": "nonsense"}, "Choose one from the list."),
        (f"{MINE}/password/", None, "Change your password"),
        (f"{MINE}/password/", {"oldpassword": "x"}, "This is not your current password."),
        (f"{MINE}/second-factors/", None, "Second factors"),
        (f"{MINE}/second-factors/app/remove/", None, "Remove the app?"),
        (f"{MINE}/second-factors/passkeys/add/", None, "Add a passkey"),
        (f"{MINE}/second-factors/recovery-codes/", None, "Recovery codes"),
        (f"{MINE}/second-factors/recovery-codes/new/", None, "Make new codes?"),
        (f"{MINE}/sessions/", None, "Sessions"),
        ("/held-sign-ins/", None, "Nobody is held."),
        ("/lost-second-factors/", None, "Nobody here has a second factor"),
        ("/lost-second-factors/?q=x", None, "Nobody matches"),
        ("/sign-in/again/", None, "Is it you?"),
        ("/sign-in/again/code/", None, "Is it you?"),
        ("/sign-in/again/code/", {"code": "1"}, "This code is not right."),
    ],
)
def test_ones_own_account(reads, at_home, page, posted, shows):
    own = {
        at_home.username,
        "127.0.0.1",
        *(zone.replace("_", " ") for zone in available_timezones()),
    }
    status = 400 if page == f"{MINE}/" and posted else 200

    assert set(reads(page, shows, posted=posted, status=status)) <= own


@pytest.mark.parametrize("demanded", ["everyone", "nobody"])
def test_a_lost_second_factor(reads, at_home, agent, settings, demanded):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    settings.SECOND_FACTOR_FOR = demanded
    TOTP.activate(agent, generate_totp_secret())
    RecoveryCodes.activate(agent)
    page = f"/lost-second-factors/{agent.pk}/"

    assert reads("/lost-second-factors/", "People with second factors, by username") == []
    assert reads(page, "What will happen") == []
    assert reads(page, "and is signed out everywhere.", posted={}) == []
    assert reads(page, "This person has no second factor.") == []
    own = f"/lost-second-factors/{at_home.pk}/"
    assert reads(own, "You can’t take second factors away", status=403) == []


def test_adding_an_app(reads, manager, client):
    manager.set_password(PASSWORD)
    manager.save()
    client.post("/sign-in/", {"username": manager.username, "password": PASSWORD})

    assert reads(f"{MINE}/second-factors/app/", "Add an app") == []


@pytest.mark.parametrize(
    ("page", "posted"),
    [
        ("/password-reset/", None),
        ("/password-reset/", {"email": "nonsense"}),
        ("/password-reset/sent/", None),
        ("/password-reset/set/", None),
        ("/password-reset/1-abc-def/", None),
        ("/sign-in/failed/", None),
        ("/sign-in/inactive/", None),
        ("/sign-in/busy/", None),
        ("/sign-in/", None),
    ],
)
def test_at_the_door(db, settings, page, posted):
    use(settings, "http://localhost:9")
    client = Client()
    with pseudo_locale():
        response = client.post(page, posted) if posted else client.get(page)

    assert "⟦" in response.text
    assert untranslated(response.text, DATA | {"Corp"}) == []


def test_proving_elsewhere(agent, settings):
    use(settings, "http://localhost:9")
    client = Client()
    client.force_login(agent)
    session = client.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "provider": "corp"}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    with pseudo_locale():
        response = client.get("/sign-in/again/elsewhere/")

    assert "Is it you?" in response.text
    assert untranslated(response.text, DATA | {"Corp"}) == []


def test_whoever_may_have_an_account_here_already(rf):
    with pseudo_locale():
        page = render_to_string("people/not_linked.html", request=rf.get("/"))

    assert "not linked yet" in page
    assert untranslated(page, DATA) == []


def test_a_link_to_set_a_password(manager):
    manager.set_password(PASSWORD)
    manager.save()
    key = f"{user_pk_to_url_str(manager)}-{default_token_generator.make_token(manager)}"
    with pseudo_locale():
        response = Client().get(f"/password-reset/{key}/", follow=True)

    assert "Choose a new password" in response.text
    assert untranslated(response.text, DATA) == []


def test_whoever_waits(db, settings):
    settings.AXES_FAILURE_LIMIT = settings.SIGN_IN_TRIES = 1
    with pseudo_locale():
        response = Client().post("/sign-in/", {"username": "nobody", "password": "wrong"})

    assert response.status_code == 429
    assert untranslated(response.text, DATA) == []
