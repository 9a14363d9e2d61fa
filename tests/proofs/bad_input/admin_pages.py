"""The admin, as an operations manager uses it: lists, records and the few forms there are."""

from cancellations.models import CancellationReason
from orders.models import OrderEvent
from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput
from tests.proofs.bad_input.stage import Stage, signed_in
from tests.support.builders import UserFactory

ORDERS = "/admin/orders/ordersummary/"
EXCEPTIONS = "/admin/cancellations/processexception/"
EVENTS = "/admin/orders/orderevent/"
REASONS = "/admin/cancellations/cancellationreason/"
POLICY = "/admin/cancellations/bundlepolicy/1/change/"
NOT_A_CHOICE = "Choose one from the list."
NOT_READ = "We couldn’t read that request"
NOT_ALLOWED = "You can’t do this"
GONE = "doesn’t exist. Perhaps it was deleted?"
REASON = {"name": "Too late", "position": "8"}
NO_NUL = "Null characters are not allowed."
REMOVE = "Remove the"


def a_manager(stage: Stage) -> None:
    """An operations manager is at the browser."""
    stage.client = signed_in(UserFactory(manager=True, is_staff=True))
    stage.named["event"] = OrderEvent.objects.get(order=stage.names["order"]).pk


def the_last_reason(stage: Stage) -> None:
    """All reasons but one are retired."""
    CancellationReason.objects.exclude(name="Outdated").update(retired=True)


def get(path: str, **query: str) -> Request:
    return Request("GET", path, query)


def post(path: str, **fields: str) -> Request:
    return Request("POST", path, fields)


def reason(**fields: str) -> Request:
    """A new reason, as it should be but for these fields."""
    return Request("POST", f"{REASONS}add/", fields, REASON)


def policy(**fields: str) -> Request:
    """The bundle policy as it should be, but for these fields."""
    return Request("POST", POLICY, fields, {"text": "Ours.", "rule": "any"})


LISTS = (
    BadInput("a search with NUL", get(ORDERS, q="\0"), 200, "Null characters are not allowed."),
    BadInput("a filter on no column", get(ORDERS, nonsense="1"), 302, "e=1"),
    BadInput("a filter across tables", get(ORDERS, account__email__startswith="a"), 400, NOT_READ),
)
RECORDS = (
    BadInput("an order not there", get(f"{ORDERS}999999/change/"), 302, GONE),
    BadInput("an order in words", get(f"{ORDERS}W-1/change/"), 302, GONE),
    BadInput("an order of 31 digits", get(f"{ORDERS}{10**30}/change/"), 302, GONE),
    BadInput("an order with NUL", get(f"{ORDERS}1%00/change/"), 302, GONE),
    BadInput("a form to add an order", get(f"{ORDERS}add/"), 403, NOT_ALLOWED),
    BadInput("an order added", post(f"{ORDERS}add/", order_number="Z"), 403, NOT_ALLOWED),
    BadInput("an order changed", post(f"{ORDERS}{{order}}/change/", status="x"), 403, NOT_ALLOWED),
    BadInput("an order deleted", post(f"{ORDERS}{{order}}/delete/", post="yes"), 403, NOT_ALLOWED),
    BadInput(
        "a table that is none", get("/admin/orders/nonsense/"), 404, "We can’t find this page"
    ),
)
HAPPENINGS = (
    BadInput("an exception not there", get(f"{EXCEPTIONS}999999/change/"), 302, GONE),
    BadInput("an exception added", post(f"{EXCEPTIONS}add/", note="x"), 403, NOT_ALLOWED),
    BadInput("exceptions by a search with NUL", get(EXCEPTIONS, q="\0"), 200, NO_NUL),
    BadInput("exceptions of no category", get(EXCEPTIONS, category__exact="a\0"), 400, NOT_READ),
    BadInput("an event not there", get(f"{EVENTS}999999/change/"), 302, GONE),
    BadInput("an event added", post(f"{EVENTS}add/", sequence="1"), 403, NOT_ALLOWED),
    BadInput("an event changed", post(f"{EVENTS}{{event}}/change/", facts="{}"), 403, NOT_ALLOWED),
    BadInput("an event deleted", post(f"{EVENTS}{{event}}/delete/", post="yes"), 403, NOT_ALLOWED),
    BadInput("events across tables", get(EVENTS, by__password__startswith="p"), 400, NOT_READ),
)
FORMS = (
    BadInput("a reason without a name", reason(name=""), 200, "This field is required.", "Name"),
    BadInput("a name of 101 characters", reason(name="n" * 101), 200, "at most 100 characters"),
    BadInput(
        "a name that is taken",
        reason(name="Outdated"),
        200,
        "There is a reason with this name already: Outdated.",
    ),
    BadInput("a name with NUL", reason(name="a\0"), 200, "Null characters are not allowed."),
    BadInput(
        "a name with a tab", reason(name="a\tb"), 200, f"{REMOVE} control character U+0009.", "Name"
    ),
    BadInput(
        "a name with an override",
        reason(name="a\u202eb"),
        200,
        f"{REMOVE} character U+202E, which",
        "Name",
    ),
    BadInput("a position of -1", reason(position="-1"), 200, "greater than or equal to 0."),
    BadInput("a position of 1.5", reason(position="1.5"), 200, "Enter a whole number."),
    BadInput("a position of 10²⁰", reason(position=f"{10**20}"), 200, "less than or equal to"),
    BadInput(
        "the last reason retired",
        post(f"{REASONS}{{outdated}}/change/", name="Outdated", position="4", retired="on"),
        200,
        "The last reason in use cannot be retired",
        "Retired",
        given=(the_last_reason,),
    ),
    BadInput(
        "a reason deleted", post(f"{REASONS}{{retired}}/delete/", post="yes"), 403, NOT_ALLOWED
    ),
    BadInput("no bundle policy", post(POLICY, text=""), 200, "This field is required.", "Text"),
    BadInput("a policy of 10⁵ characters", post(POLICY, text="p" * 10**5), 200, "at most 2000"),
    BadInput("a policy with NUL", post(POLICY, text="a\0"), 200, "Null characters", "Text"),
    BadInput("no rule on bundles", policy(rule=""), 200, "This field is required.", "Rule"),
    BadInput("a rule there is none of", policy(rule="most"), 200, NOT_A_CHOICE, "Rule"),
    BadInput("a rule by its words", policy(rule="Whole bundles only"), 200, NOT_A_CHOICE, "Rule"),
    BadInput("a rule with NUL", policy(rule="any\0"), 200, NOT_A_CHOICE, "Rule"),
    BadInput(
        "a policy with ESC",
        post(POLICY, text="a\x1bb"),
        200,
        f"{REMOVE} control character U+001B.",
        "Text",
    ),
    BadInput(
        "a policy with an override",
        post(POLICY, text="a\u2066b"),
        200,
        f"{REMOVE} character U+2066, which",
        "Text",
    ),
)

WAY_IN = by_browser("admin", (*LISTS, *RECORDS, *HAPPENINGS, *FORMS), a_manager)
