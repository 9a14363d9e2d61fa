"""What has to hold of refunds after a round of a race, by the sandbox's ledger."""

from collections import Counter

from cancellations.acts.requests import Submission
from cancellations.history import orders_with_history
from cancellations.models import GatewayNotice
from cancellations.verification import differences
from tests.proofs.races.kinds import ending
from tests.proofs.races.refund_kinds import (
    REFUND_KINDS,
    notice_before_answer,
    retry_withdraw_and_workers,
    settlement_beside_a_failed_refund,
    two_workers_one_queue,
    undo_against_the_worker,
)
from tests.proofs.races.refund_rounds import about


def refund_problems(race, outcomes):
    """What does not hold after a round and after a worker's look at what is left."""
    race.works_on_the_rest()
    [order] = orders_with_history([race.order.order_number])
    refunds = [refund for made in order.change_orders.all() for refund in made.refunds.all()]
    releases = [release for made in order.change_orders.all() for release in made.releases.all()]
    return [
        *(f"verify: {difference}" for difference in differences(order)),
        *_wrong_payments(race, refunds + releases),
        *_wrong_calls(race, refunds + releases, outcomes),
        *_wrong_change_orders(race, order, outcomes),
        *_wrong_endings(race, outcomes),
        *_WRONG[race.kind](race, refunds, outcomes),
    ]


def _wrong_payments(race, rows):
    """What has succeeded was paid once, and nothing else was; nothing else is left unfinished."""
    entries = [entry for entry in race.ledger.entries.values() if entry.paid]
    paid = Counter((entry.about, entry.amount) for entry in entries)
    succeeded = Counter((about(row), row.amount_minor) for row in rows if row.status == "succeeded")
    if paid != succeeded:
        yield f"paid {paid}, succeeded {succeeded}"
    for row in rows:
        if row.status not in ("succeeded", "withdrawn", "failed"):
            yield f"{row} is left {row.status}"
        if (row.status == "failed") != (row.attention_since is not None):
            yield f"{row} is {row.status}, attention since {row.attention_since}"


def _wrong_calls(race, rows, outcomes):
    """Each was sent once, and once more for each time that it was retried."""
    asked = Counter()
    for entry in race.ledger.entries.values():
        asked[entry.about] += entry.asked
    retried = Counter(each.about for each in outcomes if ending(each) == "retried")
    for row in rows:
        was_never_sent = row.status == "withdrawn" and not row.remark
        expected = 0 if was_never_sent else 1 + retried[about(row)]
        calls = len(row.attempts.all())
        if (asked[about(row)], calls) != (expected, expected):
            yield f"{row}: {calls} calls, {asked[about(row)]} taken, not {expected}"


def _wrong_change_orders(race, order, outcomes):
    """One for each act that says so, beside those that were there."""
    made = [each.change_order.pk for each in outcomes if _is_new(each)]
    known = [change_order.pk for change_order in race.canceled]
    stored = [change_order.pk for change_order in order.change_orders.all()]
    if sorted(made + known) != sorted(stored):
        yield f"{stored} are there, {known} were, {made} were made"


def _is_new(outcome):
    return isinstance(outcome, Submission) and not outcome.is_repeat


def _wrong_endings(race, outcomes):
    rules = REFUND_KINDS[race.kind]
    endings = rules.endings | rules.allowed | {"OrderBusy"}
    yield from (f"{each!r}" for each in outcomes if ending(each) not in endings)


def _one_side_wins_whole(race, refunds, outcomes):
    """All was undone, and nothing paid; or nothing was, and all is paid."""
    endings = Counter(map(ending, outcomes))
    wanted = ("withdrawn", False) if endings["undone"] else ("succeeded", endings["repeated"] > 0)
    found = {refund.status for refund in refunds}
    if found != {wanted[0]} or wanted[1] or endings["undone"] > 1:
        yield f"{found} after {endings}"


def _both_have_worked(race, refunds, outcomes):
    if (working := sum(ending(each) == "worked" for each in outcomes)) < 2:
        yield f"{working} have worked"


def _each_is_decided_on_once(race, refunds, outcomes):
    """The first decision counts, and is carried out."""
    became = {"retried": "succeeded", "withdrawn": "withdrawn"}
    decisions = Counter()
    for each in outcomes:
        if ending(each) in became:
            decisions[each.about] += 1
            [refund] = [refund for refund in refunds if about(refund) == each.about]
            if refund.status != became[ending(each)]:
                yield f"{refund} was {ending(each)} and is {refund.status}"
    if any(times > 1 for times in decisions.values()):
        yield f"decisions {decisions}"


def _each_notice_is_taken_once(race, refunds, outcomes):
    """However often it is told, money has moved once, and went nowhere else."""
    [refund] = refunds
    names = GatewayNotice.objects.filter(notice_id__startswith=f"{race.order.order_number} ")
    notices = race.count // 2
    if len(names) != (notices + 1) // 2:
        yield f"{len(names)} of {notices} notices are known"
    refund.payment.refresh_from_db()
    moved = (refund.payment.refunded_here_minor, refund.payment.refunded_elsewhere_minor)
    if (refund.status, moved) != ("succeeded", (refund.amount_minor, 0)):
        yield f"{refund} is {refund.status}, {moved} went back here and elsewhere"


_WRONG = {
    undo_against_the_worker: _one_side_wins_whole,
    two_workers_one_queue: _both_have_worked,
    retry_withdraw_and_workers: _each_is_decided_on_once,
    settlement_beside_a_failed_refund: _each_is_decided_on_once,
    notice_before_answer: _each_notice_is_taken_once,
}
"""What has to hold after one kind alone."""
