"""What the page of a refund or release says, and what its reader can do about it."""

import json
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from cancellations.acts.requests import ACTING_ON_REFUNDS_NEEDS, may_act_on_refunds
from cancellations.misfits import message_of
from cancellations.models import Attempt, ProcessException, Refund, Release
from cancellations.models.refund_states import RefundStatus
from cancellations.refunds.people import possible, state_of
from console.refunds.forms import FORMS, ActForm
from console.refunds.words import meaning_of, what_comes_next
from orders.formats import money_text, number_text

Reader: TypeAlias = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """A call of the gateway in words; ``request`` and ``answer`` as text, redacted."""

    attempt: Attempt
    outcome: str
    took: str
    request: str
    answer: str


@dataclass(frozen=True, slots=True)
class InstructionRecord:
    """The page of a refund or release.

    Attributes:
        meaning: What its state means; ``next`` what comes next, a sentence each.
        exceptions: The open ones about it or its payment, each with what it says.
        seen: Names the state on the page.
        forms: What can be done with it now, by its reader; ``may_not`` why they cannot, or "".
    """

    row: Refund | Release
    meaning: SafeString
    next: tuple[str, ...]
    attempts: tuple[AttemptRow, ...]
    exceptions: tuple[tuple[ProcessException, str], ...]
    seen: str
    forms: tuple[ActForm, ...]
    may_not: str


def read_instruction(
    row: Refund | Release, *, reader: Reader, sent: ActForm | None = None
) -> InstructionRecord:
    """The record of one fetched for carrying out.

    Args:
        sent: A form that was refused, to be shown in place of its empty one.
    """
    doubts = _doubts(row)
    own = tuple(row.process_exceptions.open().select_related("order"))
    may = may_act_on_refunds(reader)
    acts = acts_on(row, is_in_doubt=bool(doubts))
    return InstructionRecord(
        row=row,
        meaning=meaning_of(row),
        next=tuple(what_comes_next(row, is_in_doubt=bool(doubts))),
        attempts=tuple(map(_attempt, row.attempts.all())),
        exceptions=tuple((each, message_of(each, money_text)) for each in (*own, *doubts)),
        seen=state_of(row),
        forms=tuple(_form(act, row, sent) for act in acts) if may else (),
        may_not=gettext(ACTING_ON_REFUNDS_NEEDS) if acts and not may else "",
    )


def acts_on(row: Refund | Release, *, is_in_doubt: bool) -> list[type[ActForm]]:
    """The forms of what its state allows, whoever asks."""
    can = possible(row)
    allowed = {
        "retry": can.retry,
        "look_up": can.look_up,
        "withdraw": can.withdraw,
        "mark_as_paid": can.mark_as_paid,
        "was_this_refund": is_in_doubt
        and not row.has_ended
        and row.status != RefundStatus.PROCESSING,
    }
    return [form for form in FORMS if allowed[form.act]]


def _doubts(row: Refund | Release) -> tuple[ProcessException, ...]:
    """What is open about the payment of a refund, and holds it back."""
    if row.is_release:
        return ()
    found = ProcessException.objects.open().filter(
        category=ProcessException.Category.REFUND,
        payment=row.payment,
        refund__isnull=True,
        release__isnull=True,
    )
    return tuple(found.select_related("order"))


def _form(form: type[ActForm], row: Refund | Release, sent: ActForm | None) -> ActForm:
    return sent if isinstance(sent, form) else form(is_release=row.is_release)


def _attempt(attempt: Attempt) -> AttemptRow:
    outcome = attempt.get_outcome_display() if attempt.outcome else gettext("Not recorded")
    milliseconds = attempt.milliseconds
    took = "" if milliseconds is None else gettext("%(ms)s ms") % {"ms": number_text(milliseconds)}
    return AttemptRow(attempt, outcome, took, _text(attempt.request), _text(attempt.answer))


def _text(kept: Any) -> str:
    return json.dumps(kept, indent=2, ensure_ascii=False) if kept else ""
