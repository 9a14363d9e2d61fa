"""The way back of a wizard opened from outside: a page of this site, or none."""

from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput

STAYED = "→ /order-summaries/W-1/: Nothing was canceled."
NO_WAY_BACK = "/select/?outside=1: "


def discarded(return_to: str) -> Request:
    """Discard in a wizard that was opened with this way back."""
    path = f"/order-summaries/W-1/cancel-items/{{run}}/select/?outside=1&return_to={return_to}"
    return Request("POST", path, {"discard": "1"}, {"{current_step}": "select"})


def opened_from(referer: str) -> Request:
    """A wizard opened outside the console by a link on this page."""
    path = "/order-summaries/W-1/cancel-items/?outside=1"
    return Request("GET", path, headers={"referer": referer})


ROWS = (
    BadInput("another site", discarded("https://example.com/"), 302, STAYED),
    BadInput("another site without scheme", discarded("//example.com/"), 302, STAYED),
    BadInput("another site behind a backslash", discarded("/%5Cexample.com/"), 302, STAYED),
    BadInput("another site behind three slashes", discarded("///example.com/"), 302, STAYED),
    BadInput("another site behind a tab", discarded("/%09/example.com/"), 302, STAYED),
    BadInput(
        "a host that begins like ours", discarded("http://testserver.example.com/"), 302, STAYED
    ),
    BadInput("our host as a user's name", discarded("http://testserver@example.com/"), 302, STAYED),
    BadInput(
        "another site behind our host", discarded("http://testserver//example.com/"), 302, STAYED
    ),
    BadInput(
        "the same behind a backslash", discarded("http://testserver/%5Cexample.com/"), 302, STAYED
    ),
    BadInput("a script", discarded("javascript:alert(1)"), 302, STAYED),
    BadInput("a page as data", discarded("data:text/html,x"), 302, STAYED),
    BadInput("NUL before a path", discarded("%00/admin/"), 302, STAYED),
    BadInput("a path without a slash", discarded("admin/"), 302, STAYED),
    BadInput("a host that is none", discarded("http://%5B/"), 302, STAYED),
    BadInput(
        "a header behind a line break",
        discarded("//example.com/%0D%0ASet-Cookie:%20a=b"),
        302,
        STAYED,
    ),
    BadInput("a link on another site", opened_from("https://example.com/"), 302, NO_WAY_BACK),
    BadInput("a link on no page", opened_from("http://testserver//x/"), 302, NO_WAY_BACK),
)

WAY_IN = by_browser("ways back", ROWS)
