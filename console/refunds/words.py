"""What the state of a refund or release means for the customer, and what comes next, in words."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cancellations.models import Refund, Release
from cancellations.models.refund_states import RefundStatus
from cancellations.models.refunds import Instruction
from orders.formats import isolated, moment_text, money_text, sentence


def meaning_of(row: Refund | Release) -> SafeString:
    """One sentence on what its state means; for the customer, where it is a refund."""
    words = _releases() if row.is_release else _refunds()
    said = words[RefundStatus(row.status)]
    if row.status == RefundStatus.SUCCEEDED and row.paid_by:
        said = _ended_by_people(row)
    amount = money_text(row.amount_minor, row.currency)
    return sentence(said, amount=amount, reference=isolated(row.reference))


def what_comes_next(row: Refund | Release, *, is_in_doubt: bool) -> Iterator[str]:
    """What happens without a person, and when; nothing where it has ended.

    Args:
        is_in_doubt: Whether an open exception about its payment holds it back.
    """
    now, due = timezone.now(), row.due_at
    status = RefundStatus(row.status)
    if status == RefundStatus.PENDING and is_in_doubt:
        yield _("It is not sent before the exception about its payment is resolved.")
    elif status == RefundStatus.PENDING and due and due > now:
        yield _("It is held until %(time)s, and then sent.") % _at(row)
    elif status == RefundStatus.PENDING and due:
        yield _("It is sent in a moment.")
    elif status == RefundStatus.MANUAL and due and due > now:
        yield _("Until %(time)s it may still be undone.") % _at(row)
    elif status == RefundStatus.SETTLING and due:
        yield _("The gateway is asked again after %(time)s.") % _at(row)
    elif status == RefundStatus.UNKNOWN and due:
        words = _(
            "The gateway is asked again after %(time)s, under the same key: it cannot go twice."
        )
        yield words % _at(row)
    elif status in (RefundStatus.FAILED, RefundStatus.UNKNOWN, RefundStatus.MANUAL):
        yield _("Nothing more happens before a person decides.")
    if status in (RefundStatus.FAILED, RefundStatus.UNKNOWN) and not row.is_release:
        yield _("Its money stays set aside until then.")


def _at(row: Instruction) -> dict[str, str]:
    assert row.due_at is not None
    return {"time": moment_text(row.due_at)}


def _refunds() -> dict[RefundStatus, str]:
    return {
        RefundStatus.PENDING: _("%(amount)s is set aside for the customer and not sent yet."),
        RefundStatus.PROCESSING: _("%(amount)s is being sent to the customer right now."),
        RefundStatus.SETTLING: _(
            "The gateway accepted %(amount)s. The customer has it once it has settled."
        ),
        RefundStatus.SUCCEEDED: _("%(amount)s went back to the customer, the gateway says."),
        RefundStatus.FAILED: _("The gateway refused: the customer does not get %(amount)s yet."),
        RefundStatus.UNKNOWN: _(
            "The gateway did not say whether the customer gets %(amount)s: it may have gone."
        ),
        RefundStatus.MANUAL: _("A person has to pay %(amount)s out to the customer."),
        RefundStatus.WITHDRAWN: _("It was given up: nothing goes to the customer by it."),
    }


def _releases() -> dict[RefundStatus, str]:
    return {
        RefundStatus.PENDING: _("%(amount)s that was authorized is to be released."),
        RefundStatus.PROCESSING: _("%(amount)s that was authorized is being released right now."),
        RefundStatus.SETTLING: _(
            "The gateway accepted to release %(amount)s; it is not final yet."
        ),
        RefundStatus.SUCCEEDED: _("%(amount)s that was authorized is released."),
        RefundStatus.FAILED: _(
            "The gateway refused: %(amount)s stays blocked on the customer’s account for now."
        ),
        RefundStatus.UNKNOWN: _("The gateway did not say whether %(amount)s is released."),
        RefundStatus.MANUAL: _("A person has to release %(amount)s at the gateway."),
        RefundStatus.WITHDRAWN: _("It was given up: the authorization is left as it is."),
    }


def _ended_by_people(row: Refund | Release) -> str:
    if row.paid_by == Instruction.PaidBy.ELSEWHERE:
        return _("%(amount)s went back to the customer: it had been reported from elsewhere.")
    if row.is_release:
        return _("%(amount)s was released by hand, under the reference %(reference)s.")
    return _("%(amount)s was paid out by hand, under the reference %(reference)s.")
