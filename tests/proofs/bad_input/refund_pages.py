"""Refunds: the list's filters, refunds that are not there, and what people do about one."""

from cancellations.models import Refund
from cancellations.refunds.gateways import Kind
from cancellations.refunds.people import mark_as_paid, state_of
from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput
from tests.proofs.bad_input.stage import (
    Stage,
    a_viewer,
    an_agent,
    signed_in,
    signed_out,
    with_tokens_checked,
)
from tests.support.builders import UserFactory, cancel, imported, payment, select

LIST, PAGE = "/refunds/", "/refunds/{refund}/"
A_NOTE = "Write a note: what was done about it?"
LONG_NOTE = "Shorten the note to 1000 characters."
A_REFERENCE = "Write the reference under which it was paid."
LONG_REFERENCE = "Shorten the reference to 200 characters."
SAY = "Say whether it was"
NO_NUL = "Null characters are not allowed."
MOVED = "It changed meanwhile, and nothing was done."
NOT_FOUND = "We can’t find this page"
NOT_ALLOWED = "You can’t do this"
NOT_READ = "We couldn’t read that request"
NOT_A_CHOICE = "Choose one from the list."
NO_PLACE = "The page to show is not one of this list."
A_NUMBER = "Enter a number."
REMOVE = "Remove the"
ELSEWHERE = "Was it paid elsewhere?"


def a_refund_by_hand(stage: Stage) -> None:
    """A manager is at the browser; a refund waits to be paid out by hand."""
    manager = UserFactory(manager=True, username="mary")
    stage.client = signed_in(manager)
    order = imported(order_number="E-1", payments=[payment("20.00", gateway="manual")])
    refund = cancel(order, select(), by=manager).refunds.get()
    stage.named = {"refund": refund.pk, "seen": state_of(refund)}


def paid_meanwhile(stage: Stage) -> None:
    """Someone else records it as paid meanwhile."""
    refund = Refund.objects.get()
    mark_as_paid(
        kind=Kind.REFUND,
        pk=refund.pk,
        seen=state_of(refund),
        reference="TX-1",
        by=UserFactory(manager=True),
    )


def act(act: str, path: str = PAGE, **fields: str) -> Request:
    """Do it, with these fields in place of what they should be."""
    usual = {"seen": "{seen}", "paid_elsewhere": "no", "note": "Seen to.", "reference": "TX-1"}
    named = {f"{act}-{name}": given for name, given in (usual | fields).items()}
    return Request("POST", path, named, {"act": act})


def get(path: str = PAGE, **query: str) -> Request:
    return Request("GET", path, query)


RECORDS = (
    BadInput("one that is not there", get(f"{LIST}999999/"), 404, NOT_FOUND),
    BadInput("the one of 0", get(f"{LIST}0/"), 404, NOT_FOUND),
    BadInput("one in words", get(f"{LIST}first/"), 404, NOT_FOUND),
    BadInput("one of 30 digits", get(f"{LIST}{'9' * 30}/"), 404, NOT_FOUND),
    BadInput("one with NUL", get(f"{LIST}1%00/"), 404, NOT_FOUND),
    BadInput("a release not there", get("/releases/1/"), 404, NOT_FOUND),
    BadInput("a look of 0", get("/order-summaries/E-1/live/0/"), 404, NOT_FOUND),
    BadInput("one deleted", Request("DELETE", PAGE), 405, "Allow: "),
    BadInput("nobody who looks", get(), 302, "→ /sign-in/?next=", given=(signed_out,)),
)
ACTS = (
    BadInput("no act", Request("POST", PAGE, {}), 400, NOT_READ),
    BadInput("an act that is none", act("refund"), 400, NOT_READ),
    BadInput("an act with NUL", Request("POST", PAGE, {"act": "retry\0"}), 400, NOT_READ),
    BadInput("an act not possible", act("retry"), 409, "not possible in its state"),
    BadInput("nothing reported elsewhere", act("was_this_refund"), 409, "not possible"),
    BadInput("no reference", act("mark_as_paid", reference=""), 400, A_REFERENCE, "Reference"),
    BadInput("spaces", act("mark_as_paid", reference=" \u00a0"), 400, A_REFERENCE, "Reference"),
    BadInput(
        "201 characters", act("mark_as_paid", reference="x" * 201), 400, LONG_REFERENCE, "Reference"
    ),
    BadInput("a NUL", act("mark_as_paid", reference="T\0X"), 400, NO_NUL, "Reference"),
    BadInput("a tab", act("mark_as_paid", reference="T\tX"), 400, f"{REMOVE} con", "Reference"),
    BadInput("an override", act("mark_as_paid", reference="\u202e"), 400, REMOVE, "Reference"),
    BadInput("a long note", act("mark_as_paid", note="x" * 1001), 400, LONG_NOTE, "Note"),
    BadInput("no answer", act("withdraw", paid_elsewhere=""), 400, SAY, ELSEWHERE),
    BadInput("another answer", act("withdraw", paid_elsewhere="x"), 400, SAY, ELSEWHERE),
    BadInput("paid elsewhere", act("withdraw", paid_elsewhere="yes"), 400, "Then", ELSEWHERE),
    BadInput("no note", act("withdraw", note=""), 400, A_NOTE, "Note"),
    BadInput("a note of line breaks", act("withdraw", note="\r\n"), 400, A_NOTE, "Note"),
    BadInput("a note with NUL", act("withdraw", note="a\0"), 400, NO_NUL, "Note"),
    BadInput("no state", act("withdraw", seen=""), 400, "This page could not be read back."),
    BadInput("another state", act("withdraw", seen="failed 1"), 409, MOVED),
    BadInput("a state with NUL", act("withdraw", seen="\0"), 400, NO_NUL),
    BadInput("10⁵ characters of state", act("withdraw", seen="x" * 10**5), 409, MOVED),
    BadInput("paid meanwhile", act("withdraw"), 409, MOVED, given=(paid_meanwhile,)),
    BadInput("one not there", act("withdraw", f"{LIST}999999/"), 404, NOT_FOUND),
    BadInput("a release not there", act("withdraw", "/releases/1/"), 404, NOT_FOUND),
    BadInput("an agent", act("withdraw"), 403, NOT_ALLOWED, given=(an_agent,)),
    BadInput("a viewer", act("withdraw"), 403, NOT_ALLOWED, given=(a_viewer,)),
    BadInput("nobody", act("withdraw"), 302, "→ /sign-in/?next=", given=(signed_out,)),
    BadInput(
        "no token", act("withdraw"), 403, "This page has expired", given=(with_tokens_checked,)
    ),
)
FILTERS = (
    BadInput("no kind of ours", get(LIST, kind="payout"), 400, NOT_A_CHOICE, "Kind"),
    BadInput("no gateway of ours", get(LIST, gateway="x"), 400, NOT_A_CHOICE, "Gateway"),
    BadInput("no age of ours", get(LIST, age="7"), 400, NOT_A_CHOICE, "Age"),
    BadInput("a currency of two", get(LIST, currency="US"), 400, "Three letters", "Currency"),
    BadInput("a currency with NUL", get(LIST, currency="U\0D"), 400, NO_NUL, "Currency"),
    BadInput("a currency in Greek", get(LIST, currency="ΕΥΡ"), 400, "Three", "Currency"),  # noqa: RUF001
    BadInput("an amount in words", get(LIST, amount_from="ten"), 400, A_NUMBER, "Amount from"),
    BadInput("an amount of NaN", get(LIST, amount_to="NaN"), 400, A_NUMBER, "Amount to"),
    BadInput("an infinite amount", get(LIST, amount_to="inf"), 400, A_NUMBER, "Amount to"),
    BadInput(
        "an amount below 0",
        get(LIST, amount_to="-0.01"),
        400,
        "Enter an amount of 0 or more.",
        "Amount to",
    ),
    BadInput("10⁹⁹", get(LIST, amount_to="1e99"), 400, "Ensure", "Amount to"),
    BadInput("an amount with NUL", get(LIST, amount_from="1\0"), 400, A_NUMBER, "Amount from"),
    BadInput("a place of two parts", get(LIST, after="True~1"), 400, NO_PLACE),
    BadInput("a place of another kind", get(LIST, after="1~1~1"), 400, NO_PLACE),
    BadInput("a place out of range", get(LIST, after=f"True~True~{'9' * 19}"), 400, NO_PLACE),
)

WAYS_IN = (
    by_browser("refunds", (*RECORDS, *FILTERS), a_refund_by_hand),
    by_browser("refunds, what people do", ACTS, a_refund_by_hand),
)
