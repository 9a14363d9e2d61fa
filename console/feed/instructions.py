"""What became of refunds and releases: gateways answered, people decided, or are to decide."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cancellations.models.refund_states import ByHand, RefundStatus
from console.feed.known import Known, Told
from orders.formats import Text, isolated, sentence
from orders.models import OrderEvent

_REFUND_ANSWERED: Mapping[str, Text] = {
    RefundStatus.SUCCEEDED: gettext_lazy("%(amount)s was refunded to %(payment)s."),
    RefundStatus.SETTLING: gettext_lazy(
        "The refund of %(amount)s to %(payment)s was accepted; it is not final yet."
    ),
    RefundStatus.FAILED: gettext_lazy("The refund of %(amount)s to %(payment)s was refused."),
    RefundStatus.UNKNOWN: gettext_lazy(
        "Whether %(amount)s was refunded to %(payment)s is not known."
    ),
    RefundStatus.WITHDRAWN: gettext_lazy(
        "%(amount)s was refunded to %(payment)s all the same: it had been withdrawn."
    ),
}
_RELEASE_ANSWERED: Mapping[str, Text] = {
    RefundStatus.SUCCEEDED: gettext_lazy("%(amount)s of %(payment)s was released."),
    RefundStatus.SETTLING: gettext_lazy(
        "The release of %(amount)s of %(payment)s was accepted; it is not final yet."
    ),
    RefundStatus.FAILED: gettext_lazy("The release of %(amount)s of %(payment)s was refused."),
    RefundStatus.UNKNOWN: gettext_lazy(
        "Whether %(amount)s of %(payment)s was released is not known."
    ),
    RefundStatus.WITHDRAWN: gettext_lazy(
        "%(amount)s of %(payment)s was released all the same: it had been withdrawn."
    ),
}
_FAILED_AFTER_ALL = (
    gettext_lazy("The refund of %(amount)s to %(payment)s, which had succeeded, has failed."),
    gettext_lazy("The release of %(amount)s of %(payment)s, which had succeeded, has failed."),
)
_REFUND_DECIDED: Mapping[str, Text] = {
    "retry": gettext_lazy("The refund of %(amount)s to %(payment)s is to be tried again."),
    "look_up": gettext_lazy(
        "What became of the refund of %(amount)s to %(payment)s is to be looked up."
    ),
    "withdraw": gettext_lazy("The refund of %(amount)s to %(payment)s was withdrawn."),
    "mark_as_paid": gettext_lazy("The refund of %(amount)s to %(payment)s was marked as paid."),
    "was_this_refund": gettext_lazy(
        "What was refunded elsewhere was the refund of %(amount)s to %(payment)s."
    ),
}
_RELEASE_DECIDED: Mapping[str, Text] = {
    "retry": gettext_lazy("The release of %(amount)s of %(payment)s is to be tried again."),
    "look_up": gettext_lazy(
        "What became of the release of %(amount)s of %(payment)s is to be looked up."
    ),
    "withdraw": gettext_lazy("The release of %(amount)s of %(payment)s was withdrawn."),
    "mark_as_paid": gettext_lazy("The release of %(amount)s of %(payment)s was marked as done."),
}
_LEFT = (
    gettext_lazy("The refund of %(amount)s to %(payment)s waits for a person."),
    gettext_lazy("The release of %(amount)s of %(payment)s waits for a person."),
)
_ASKED: Mapping[str, Text] = {
    "send": gettext_lazy("Answer of the gateway to what was sent"),
    "look_up": gettext_lazy("Answer of the gateway to a look-up"),
    "notice": gettext_lazy("Told by the gateway of itself"),
}
_MEANT: Mapping[str, Text] = {
    "no_answer": gettext_lazy("no answer"),
    "not_found": gettext_lazy("not found"),
    "other_amount": gettext_lazy("another amount or currency"),
}
"""What our own codes mean; those of gateways are shown as they are."""


def answered(event: OrderEvent, known: Known) -> Told:
    """What a gateway answered, or told of itself."""
    facts = event.facts
    has_failed_after_all = (facts["was"], facts["now"]) == (
        RefundStatus.SUCCEEDED,
        RefundStatus.FAILED,
    )
    words: Text
    if has_failed_after_all:
        words = _FAILED_AFTER_ALL["release" in facts]
    else:
        words = (_RELEASE_ANSWERED if "release" in facts else _REFUND_ANSWERED)[facts["now"]]
    return Told(_of(words, facts, known), tuple(_how_answered(facts, known)))


def _how_answered(facts: Mapping[str, Any], known: Known) -> Iterator[SafeString]:
    yield from _part_of(facts, known)
    asked = _ASKED.get(facts["call"])
    code = facts["code"] or ("not_found" if facts["outcome"] == "not_found" else "")
    if asked and code:
        meant = isolated(str(_MEANT.get(code, code)))
        yield sentence(_("%(asked)s: %(answer)s"), asked=str(asked), answer=meant)
    elif asked:
        yield sentence(str(asked))


def decided(event: OrderEvent, known: Known) -> Told:
    """What a person decided about one."""
    facts = event.facts
    words = (_RELEASE_DECIDED if "release" in facts else _REFUND_DECIDED)[facts["decision"]]
    return Told(_of(words, facts, known), tuple(_part_of(facts, known)))


def left_to_people(event: OrderEvent, known: Known) -> Told:
    """What no gateway can do, or no payment could take."""
    facts = event.facts
    if facts["why"] == "unassigned":
        said = _("%(amount)s is owed, and no payment could take it.")
        return Told(sentence(said, amount=known.money(facts["amount"])))
    details = tuple(_part_of(facts, known))
    if facts["why"] in ByHand.values:
        details = (*details, sentence(str(ByHand(facts["why"]).label)))
    return Told(_of(_LEFT["release" in facts], facts, known), details)


def _of(words: Text, facts: Mapping[str, Any], known: Known) -> SafeString:
    amount, payment = known.money(facts["amount"]), known.payment(facts["payment"])
    return sentence(str(words), amount=amount, payment=payment)


def _part_of(facts: Mapping[str, Any], known: Known) -> Iterator[SafeString]:
    if number := known.change_order_of(facts):
        yield sentence(_("Because of %(number)s"), number=number)
