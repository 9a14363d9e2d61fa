"""The sign-in."""

from django.test import Client

from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput
from tests.proofs.bad_input.stage import Stage

WRONG = "Please enter a correct username and password."
REQUIRED = "This field is required."
GOOD = {"username": "agent", "password": "a long enough password"}


def signed_out(stage: Stage) -> None:
    """An agent with a password, and nobody signed in."""
    stage.client = Client(raise_request_exception=False)
    stage.agent.set_password(GOOD["password"])
    stage.agent.save()


def left(stage: Stage) -> None:
    """The agent left; the account is no longer active."""
    stage.agent.is_active = False
    stage.agent.save()


def signing_in(**fields: str) -> Request:
    return Request("POST", "/sign-in/", fields, GOOD)


ROWS = (
    BadInput("a wrong password", signing_in(password="wrong"), 200, WRONG),
    BadInput("a user that is not there", signing_in(username="nobody"), 200, WRONG),
    BadInput("a user in capitals", signing_in(username="AGENT"), 200, WRONG),
    BadInput("the system user", signing_in(username="batch"), 200, WRONG),
    BadInput("no username", signing_in(username=""), 200, REQUIRED, "Username"),
    BadInput("no password", signing_in(password=""), 200, REQUIRED, "Password"),
    BadInput("neither", signing_in(username="", password=""), 200, REQUIRED, "Password"),
    BadInput("a username with NUL", signing_in(username="agent\0"), 200, "Null char", "Username"),
    BadInput("a password with NUL", signing_in(password="\0"), 200, "Null char", "Password"),
    BadInput(
        "a username of 10⁵",
        signing_in(username="a" * 10**5),
        200,
        "Ensure this value has at most 150",
        "Username",
    ),
    BadInput("a user who left", signing_in(), 200, WRONG, given=(left,)),
    BadInput("SQL for a username", signing_in(username="' OR 1=1 --"), 200, WRONG),
    BadInput(
        "on to another site",
        signing_in(next="https://example.com/"),
        302,
        "→ /order-summaries/: Order Summaries",
    ),
    BadInput("on to a host", signing_in(next="//example.com"), 302, "→ /order-summaries/: Order"),
    BadInput("on to a script", signing_in(next="javascript:x"), 302, "→ /order-summaries/: Order"),
    BadInput(
        "a wrong password and another site",
        signing_in(password="wrong", next="https://example.com/"),
        200,
        WRONG,
    ),
)

WAY_IN = by_browser("sign-in", ROWS, signed_out)
