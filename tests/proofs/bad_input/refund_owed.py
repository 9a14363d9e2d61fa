"""Refund what is owed: choices and amounts that cannot be, and submits of what was not reviewed."""

import re

from orders.models import OrderSummary, PaymentSummary
from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.row import BadInput
from tests.proofs.bad_input.stage import (
    RUN,
    Stage,
    a_viewer,
    an_agent,
    became_unmanaged,
    signed_in,
    signed_out,
    with_tokens_checked,
)
from tests.support.builders import (
    UserFactory,
    cancel,
    delivery_charge,
    fee,
    imported,
    item,
    payment,
    report,
    select_all,
    settle,
    system_user,
)

PAGE, LEFT_BEHIND = "/order-summaries/O-1/refund-owed/", "/order-summaries/L-1/refund-owed/"
UNREADABLE = "This page could not be read back. Check the amounts below and submit again."
AN_AMOUNT = "Enter an amount such as 12.50."
NEGATIVE = "Enter an amount of 0 or more."
TOO_LONG = "Shorten the note to 1000 characters."
NO_NUL = "Null characters are not allowed."
AT_MOST = "At most $10.00 can go back over this payment."
TOO_MUCH = "Together these are more than the $5.00 to refund."
NOT_FOUND = "We can’t find this page"
CHANGED = "This order changed while you were working"
NOT_ALLOWED = "You can’t do this"
UNMANAGED = "This order summary is unmanaged."
SIGN_IN = "→ /sign-in/?next="
EXPIRED = "This page has expired"
REMOVE = "Remove the"


def owed(stage: Stage) -> None:
    """A manager is at the browser; 5.00 are owed of one order, of another fees were left behind."""
    stage.client = signed_in(UserFactory(manager=True))
    imported(order_number="O-1", payments=[payment("10.00", "P1"), payment("15.00", "P2")])
    left = imported(order_number="L-1", items=[item(), delivery_charge(), fee()])
    cancel(left, select_all(), by=stage.agent)
    payments = PaymentSummary.objects.filter(order__order_number="O-1")
    stage.named = {f"pay_{each.key}": each.pk for each in payments} | {"settling": RUN}


def reviewed(stage: Stage, path: str = PAGE) -> None:
    """The manager looks at the page."""
    page = stage.client.get(path).content.decode()
    stage.named["agreed"] = re.search(r'name="agreed"[^>]*value="([^"]+)"', page)[1]


def reviewed_elsewhere(stage: Stage) -> None:
    """The manager looks at the page of another order."""
    reviewed(stage, f"{LEFT_BEHIND}?fees=on")


def reviewed_a_cancellation(stage: Stage) -> None:
    """The manager reviews a cancellation of the order."""
    run = stage.run("O-1", kind="cancel_all")
    run.explain_all()
    stage.named["agreed"] = run.reviewed()


def captured_more(stage: Stage) -> None:
    """More is captured meanwhile."""
    report(_order(), payments=[{"key": "P1", "captured": "11.00"}])


def settled(stage: Stage) -> None:
    """Someone else refunds it meanwhile."""
    settle(_order(), by=system_user())


def get(path: str = PAGE, **query: str) -> Request:
    return Request("GET", path, query)


def over(first: str, second: str = "") -> Request:
    """The page with these amounts over the two payments."""
    return get(PAGE, **{"payment-{pay_P1}": first, "payment-{pay_P2}": second})


def submit(agreed: str = "{agreed}", path: str = PAGE, **fields: str) -> Request:
    """Submit with these fields in place of what was reviewed."""
    return Request("POST", path, {"agreed": agreed} | fields, {"run": "{settling}"})


def _order() -> OrderSummary:
    return OrderSummary.objects.get(order_number="O-1")


CHOICES = (
    BadInput("an amount in words", over("all"), 400, AN_AMOUNT),
    BadInput("an amount with a comma", over("1,00"), 400, AN_AMOUNT),
    BadInput("an amount with a sign", over("$1.00"), 400, AN_AMOUNT),
    BadInput("an amount of 1e0", over("1e0"), 400, AN_AMOUNT),
    BadInput("an amount of NaN", over("NaN"), 400, AN_AMOUNT),
    BadInput("an amount of 1_0", over("1_0"), 400, AN_AMOUNT),
    BadInput("a full-width amount", over("１"), 400, AN_AMOUNT),  # noqa: RUF001
    BadInput("an amount of three decimals", over("1.001"), 400, AN_AMOUNT),
    BadInput("an amount of 13 digits", over("1234567890123"), 400, AN_AMOUNT),
    BadInput("an amount of 21 characters", over("1" * 21), 400, "has at most 20 characters"),
    BadInput("an amount of 10⁵ characters", over("1" * 10**5), 400, "has at most 20 characters"),
    BadInput("an amount with NUL", over("1\0"), 400, NO_NUL),
    BadInput("a negative amount", over("-1.00"), 400, NEGATIVE),
    BadInput("the least negative amount", over("5.00", "-0.01"), 400, NEGATIVE),
    BadInput("more than goes back over a payment", over("10.01"), 400, AT_MOST),
    BadInput("more than is owed", over("5.01"), 400, TOO_MUCH),
    BadInput("more than is owed, together", over("2.50", "2.51"), 400, TOO_MUCH),
    BadInput("nothing at all", over("0"), 400, "Say how much goes back over which payment."),
    BadInput("a run that is none", get(PAGE, run="x"), 400, UNREADABLE),
    BadInput("a run with NUL", get(PAGE, run="\0"), 400, UNREADABLE),
    BadInput("nothing owed", get("/order-summaries/W-1/refund-owed/"), 200, "Nothing to refund"),
    BadInput("an unmanaged order", get("/order-summaries/U-1/refund-owed/"), 200, UNMANAGED),
    BadInput("no order", get("/order-summaries/X-1/refund-owed/"), 404, NOT_FOUND),
    BadInput("an order with NUL", get("/order-summaries/~00/refund-owed/"), 404, NOT_FOUND),
    BadInput("an order of 300", get(f"/order-summaries/{'9' * 300}/refund-owed/"), 404, NOT_FOUND),
    BadInput("an agent", get(), 403, NOT_ALLOWED, given=(an_agent,)),
    BadInput("nobody", get(), 302, SIGN_IN, given=(signed_out,)),
    BadInput("an order deleted", Request("DELETE", PAGE), 405, "Allow: "),
    BadInput("an order put", Request("PUT", PAGE), 405, "Allow: "),
)
SUBMITTED = (
    BadInput("nothing reviewed", submit(""), 400, UNREADABLE),
    BadInput("what is no signature", submit("nonsense"), 400, UNREADABLE),
    BadInput("a wrong signature", submit("W10:1tX:abc"), 400, UNREADABLE),
    BadInput("NUL in what was reviewed", submit("a\0b"), 400, NO_NUL),
    BadInput("10⁶ characters reviewed", submit("A" * 10**6), 400, UNREADABLE, is_slim=False),
    BadInput("another order's", submit(), 400, UNREADABLE, given=(reviewed_elsewhere,)),
    BadInput("no run", submit(run=""), 400, UNREADABLE, given=(reviewed,)),
    BadInput("a run of 8 digits", submit(run="6f1c1f52"), 400, UNREADABLE, given=(reviewed,)),
    BadInput("a run with ESC", submit(run="\x1b"), 400, UNREADABLE, given=(reviewed,)),
    BadInput("a note of 1,001", submit(note="x" * 1001), 400, TOO_LONG, given=(reviewed,)),
    BadInput("501 line breaks", submit(note="x\r\n" * 501), 400, TOO_LONG, given=(reviewed,)),
    BadInput("a note with NUL", submit(note="\0"), 400, NO_NUL, given=(reviewed,)),
    BadInput("a note with a tab", submit(note="a\tb"), 400, REMOVE, given=(reviewed,)),
    BadInput("a note with an override", submit(note="a\u202eb"), 400, REMOVE, given=(reviewed,)),
    BadInput(
        "another payment than reviewed",
        submit(**{"payment-{pay_P2}": "5.00"}),
        409,
        CHANGED,
        given=(reviewed,),
    ),
    BadInput(
        "more than is owed, submitted",
        submit(**{"payment-{pay_P1}": "5.01"}),
        400,
        TOO_MUCH,
        given=(reviewed,),
    ),
    BadInput("what was captured since", submit(), 409, CHANGED, given=(reviewed, captured_more)),
    BadInput("what was settled since", submit(), 302, CHANGED, given=(reviewed, settled)),
    BadInput(
        "an order unmanaged since", submit(), 302, CHANGED, given=(reviewed, became_unmanaged)
    ),
    BadInput("a cancellation's review", submit(), 409, CHANGED, given=(reviewed_a_cancellation,)),
    BadInput("an agent who submits", submit(), 403, NOT_ALLOWED, given=(reviewed, an_agent)),
    BadInput("a viewer who submits", submit(), 403, NOT_ALLOWED, given=(reviewed, a_viewer)),
    BadInput("nobody who submits", submit(), 302, SIGN_IN, given=(reviewed, signed_out)),
    BadInput(
        "no order, submitted", submit("x", "/order-summaries/X-1/refund-owed/"), 404, NOT_FOUND
    ),
    BadInput("no token", submit("x"), 403, EXPIRED, given=(with_tokens_checked,)),
)
WAYS_IN = (
    by_browser("refund what is owed", CHOICES, owed),
    by_browser("refund what is owed, submitted", SUBMITTED, owed),
)
