"""Requests that no page of ours would send: too many fields, broken bodies, other methods."""

from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput

STEP = "/order-summaries/W-1/cancel-items/{run}/select/"
NOT_READ = "We couldn’t read that request"
READS = "Allow: GET, HEAD"
STEP_TAKES = "Allow: GET, POST"
MULTIPART = "multipart/form-data; boundary=b"


def body(body: str | bytes, content_type: str) -> Request:
    return Request("POST", STEP, body=body, content_type=content_type)


MANY = (
    BadInput(
        "50,000 ticked rows",
        Request("POST", STEP, body="select-lines=1&" * 50_000 + "{current_step}=select"),
        400,
        NOT_READ,
        is_slim=False,
    ),
    BadInput(
        "50,000 fields of different names",
        Request("POST", STEP, body="&".join(f"f{n}={n}" for n in range(50_000))),
        400,
        NOT_READ,
        is_slim=False,
    ),
    BadInput(
        "50,000 fields at the sign-in",
        Request("POST", "/sign-in/", body="&".join(f"f{n}={n}" for n in range(50_000))),
        400,
        NOT_READ,
        is_slim=False,
    ),
    BadInput(
        "50,000 fields in a list's query",
        Request("GET", "/order-summaries/?" + "&".join(f"f{n}={n}" for n in range(50_000))),
        400,
        NOT_READ,
        is_slim=False,
    ),
    BadInput(
        "3 MB of plain text", body("x" * 3 * 2**20, "text/plain"), 400, NOT_READ, is_slim=False
    ),
)
BODIES = (
    BadInput("a step as JSON", body('{"select-lines": [1]}', "application/json"), 400, NOT_READ),
    BadInput("a multipart form without boundary", body("x", "multipart/form-data"), 400, NOT_READ),
    BadInput(
        "a multipart form, cut off",
        body(b'--b\r\nContent-Disposition: form-data; name="x', MULTIPART),
        400,
        NOT_READ,
    ),
    BadInput(
        "a form in Latin-1",
        body("a=%E9", "application/x-www-form-urlencoded; charset=latin-1"),
        400,
        NOT_READ,
    ),
    BadInput(
        "a Host that is another site's",
        Request("GET", "/order-summaries/", headers={"host": "example.com"}),
        400,
        NOT_READ,
    ),
)
METHODS = (
    BadInput("PUT to a step", Request("PUT", STEP), 405, STEP_TAKES),
    BadInput("DELETE of a step", Request("DELETE", STEP), 405, STEP_TAKES),
    BadInput("PATCH of a step", Request("PATCH", STEP), 405, STEP_TAKES),
    BadInput("POST to the list", Request("POST", "/order-summaries/"), 405, READS),
    BadInput("DELETE of an order", Request("DELETE", "/order-summaries/W-1/"), 405, READS),
    BadInput("PUT of an order", Request("PUT", "/order-summaries/W-1/"), 405, READS),
    BadInput("POST to an order", Request("POST", "/order-summaries/W-1/"), 405, READS),
    BadInput(
        "POST to a wizard's start",
        Request("POST", "/order-summaries/W-1/cancel-items/"),
        405,
        READS,
    ),
    BadInput(
        "POST to a finish",
        Request("POST", "/order-summaries/W-1/cancel-all/{run}/finish/"),
        405,
        READS,
    ),
    BadInput("POST to the accounts", Request("POST", "/accounts/"), 405, READS),
    BadInput("DELETE of an account", Request("DELETE", "/accounts/A-1001/"), 405, READS),
    BadInput("POST to the change orders", Request("POST", "/change-orders/"), 405, READS),
    BadInput("DELETE of the refunds", Request("DELETE", "/refunds/"), 405, READS),
    BadInput("POST to the health page", Request("POST", "/healthz"), 405, READS),
    BadInput("a sign-out by GET", Request("GET", "/sign-out/"), 405, "Allow: POST"),
)

WAY_IN = by_browser("requests", (*MANY, *BODIES, *METHODS))
