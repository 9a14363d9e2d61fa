"""What waits for a second person: the list's filters, one that is not there, and the decision."""

from cancellations.acts.approve import withdraw_approval
from cancellations.acts.cancel import preview_cancellation
from cancellations.acts.submit import ask_second_person
from cancellations.models import Approval
from cancellations.snapshots import Snapshot
from tests.proofs.bad_input.browser import Request, by_browser
from tests.proofs.bad_input.exception_pages import (
    EXPIRED,
    NO_NUL,
    NO_PLACE,
    NOT_A_CHOICE,
    NOT_ALLOWED,
    NOT_FOUND,
    REMOVE,
    SEARCH_TOO_LONG,
    SIGN_IN,
    TOO_LONG,
    get,
)
from tests.proofs.bad_input.row import BadInput
from tests.proofs.bad_input.stage import (
    Stage,
    a_viewer,
    an_agent,
    signed_in,
    signed_out,
    with_tokens_checked,
)
from tests.support.builders import UserFactory, imported, request, select

LIST, PAGE = "/approvals/", "/approvals/{approval}/"
UNREADABLE = "This page could not be read back."
A_NOTE = "Write a note"
BEFORE = "This had been decided before; nothing was changed."


def an_approval(stage: Stage) -> None:
    """An approver is at the browser; an agent asked for a cancellation."""
    stage.client = signed_in(UserFactory(approver=True, username="ann"))
    order, agent = imported(order_number="E-1"), UserFactory(agent=True)
    asked = request(order, select(quantity=2))
    judged = preview_cancellation(request=asked, by=agent)
    agreed = Snapshot.of(judged.quote, judged.lines)
    approval = ask_second_person(request=asked, agreed=agreed, by=agent)
    stage.named = {"approval": approval.pk}


def withdrawn(stage: Stage) -> None:
    """Who asked withdraws it meanwhile."""
    approval = Approval.objects.get(pk=stage.named["approval"])
    withdraw_approval(approval_id=approval.pk, by=approval.requested_by)


def decide(act: str = "refuse", path: str = PAGE, **fields: str) -> Request:
    """Decide on it, with these fields in place of what they should be."""
    return Request("POST", path, {"act": act, **fields}, {"note": "Ask them first."})


PLACES = (
    BadInput("one that is not there", get(f"{LIST}999999/"), 404, NOT_FOUND),
    BadInput("the one of 0", get(f"{LIST}0/"), 404, NOT_FOUND),
    BadInput("one in words", get(f"{LIST}first/"), 404, NOT_FOUND),
    BadInput("one of 30 digits", get(f"{LIST}{'9' * 30}/"), 404, NOT_FOUND),
    BadInput("one deleted", Request("DELETE", PAGE), 405, "Allow: "),
    BadInput("nobody who looks", get(PAGE), 302, SIGN_IN, given=(signed_out,)),
    BadInput("a search with NUL", get(LIST, q="E\0"), 400, NO_NUL, "Search"),
    BadInput("a search of 256", get(LIST, q="x" * 256), 400, SEARCH_TOO_LONG, "Search"),
    BadInput("no state of ours", get(LIST, status="done"), 400, NOT_A_CHOICE, "State"),
    BadInput("a place that is none", get(LIST, after="x"), 400, NO_PLACE),
)
DECISIONS = (
    BadInput("no decision", decide(act=""), 400, UNREADABLE),
    BadInput("another decision", decide(act="expire"), 400, UNREADABLE),
    BadInput("a decision with NUL", decide(act="approve\0"), 400, UNREADABLE),
    BadInput("a refusal without a note", decide(note=""), 400, A_NOTE, "Note"),
    BadInput("a refusal of spaces", decide(note=" \u00a0 "), 400, A_NOTE, "Note"),
    BadInput("a note of 1,001 characters", decide(note="x" * 1001), 400, TOO_LONG, "Note"),
    BadInput("a note with NUL", decide(note="a\0"), 400, NO_NUL, "Note"),
    BadInput("a note with a tab", decide(note="a\tb"), 400, f"{REMOVE} control", "Note"),
    BadInput("a note with an override", decide(note="\u202e"), 400, f"{REMOVE} char", "Note"),
    BadInput("what another asked withdrawn", decide("withdraw"), 403, NOT_ALLOWED),
    BadInput("withdrawn before", decide("approve"), 302, BEFORE, given=(withdrawn,)),
    BadInput("one not there", decide(path=f"{LIST}999999/"), 404, NOT_FOUND),
    BadInput("an agent", decide("approve"), 403, NOT_ALLOWED, given=(an_agent,)),
    BadInput("a viewer", decide("approve"), 403, NOT_ALLOWED, given=(a_viewer,)),
    BadInput("nobody", decide("approve"), 302, SIGN_IN, given=(signed_out,)),
    BadInput("no token", decide("approve"), 403, EXPIRED, given=(with_tokens_checked,)),
)

WAYS_IN = (
    by_browser("approvals", PLACES, an_approval),
    by_browser("approvals, the decision", DECISIONS, an_approval),
)
