"""Sessions that expire or are forged, and forms without their token."""

from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput
from tests.proofs.bad_input.stage import (
    explained,
    explained_all,
    selected,
    signed_in_anew,
    signed_out,
    with_tokens_checked,
)

ITEMS, ALL = "/order-summaries/W-1/cancel-items", "/order-summaries/W-1/cancel-all"
LOST = "This cancellation is no longer in your session. Please start again."
EXPIRED = "This page has expired · Nothing was changed."
SIGN_IN = "→ /sign-in/?next="
AGREED = {"review-agreed": "x"}


def at(step: str, **fields: str) -> Request:
    return Request("POST", f"{ITEMS}/{{run}}/{step}/", fields, {"{current_step}": step})


def at_all(step: str, **fields: str) -> Request:
    return Request("POST", f"{ALL}/{{run}}/{step}/", fields, {"{all_current_step}": step})


def with_session(cookie: str) -> Request:
    return Request("GET", "/order-summaries/", cookies={"sessionid": cookie})


EXPIRING = (
    BadInput(
        "select, the session expired",
        at("select", **{"select-lines": "{line_1}"}),
        302,
        f"{SIGN_IN}{ITEMS}/{{run}}/select/: Sign in",
        given=(signed_out,),
    ),
    BadInput(
        "details, the session expired",
        at("details"),
        302,
        f"{SIGN_IN}{ITEMS}/{{run}}/details/: Sign in",
        given=(selected, signed_out),
    ),
    BadInput(
        "submit, the session expired",
        at("review", **AGREED),
        302,
        f"{SIGN_IN}{ITEMS}/{{run}}/review/: Sign in",
        given=(selected, explained, signed_out),
    ),
    BadInput(
        "details, signed in anew",
        at("details"),
        302,
        f"→ {ITEMS}/{{run}}/select/: {LOST}",
        given=(selected, signed_in_anew),
    ),
    BadInput(
        "submit, signed in anew",
        at("review", **AGREED),
        302,
        f"→ {ITEMS}/{{run}}/select/: {LOST}",
        given=(selected, explained, signed_in_anew),
    ),
    BadInput(
        "submit of Cancel All, signed in anew",
        at_all("review", **AGREED),
        302,
        f"→ {ALL}/{{run}}/details/: {LOST}",
        given=(explained_all, signed_in_anew),
    ),
)
COOKIES = (
    BadInput("a session that never was", with_session("a" * 32), 302, f"{SIGN_IN}/order-"),
    BadInput("a session of 4,000 characters", with_session("b" * 4000), 302, f"{SIGN_IN}/order-"),
    BadInput("a session with quotes", with_session("' OR '1'='1"), 302, f"{SIGN_IN}/order-"),
    BadInput("a session with NUL", with_session("a\0bcdefgh"), 302, f"{SIGN_IN}/order-"),
)
TOKENS = (
    BadInput("select without its token", at("select"), 403, EXPIRED),
    BadInput("select with a wrong token", at("select", csrfmiddlewaretoken="x"), 403, EXPIRED),
    BadInput("Discard without its token", at("select", discard="1"), 403, EXPIRED),
    BadInput("submit without its token", at("review", **AGREED), 403, EXPIRED),
    BadInput("details of all without token", at_all("details"), 403, EXPIRED),
    BadInput("a sign-out without its token", Request("POST", "/sign-out/"), 403, EXPIRED),
    BadInput(
        "a token of 32 characters that is none",
        at("select", csrfmiddlewaretoken="z" * 32),
        403,
        EXPIRED,
    ),
    BadInput(
        "a form sent from another site",
        Request("POST", "/sign-out/", headers={"origin": "https://example.com"}),
        403,
        EXPIRED,
    ),
)

WAYS_IN = (
    by_browser("sessions", (*EXPIRING, *COOKIES)),
    by_browser("tokens", TOKENS, with_tokens_checked),
)
