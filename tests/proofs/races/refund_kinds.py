"""The kinds of races about refunds, each with how its acts end."""

from cancellations.models import Refund
from tests.proofs.races.kinds import Rules
from tests.proofs.races.refund_rounds import LEFT_TO_CHANCE, SLOW, twice
from tests.proofs.races.rounds import led_by
from tests.support.builders import select, select_all


def undo_against_the_worker(race):
    """A cancellation with two refunds is undone while workers claim them.

    By turns an undo has the rows first, a worker has, or all begin at once.
    """
    race.cancels(select_all())
    half = race.count // 2
    undos = [twice(race.undoes()) for _ in range(half)]
    workers = [race.works() for _ in range(race.count - half)]
    if race.number % 3 == 0:
        return led_by(undos, workers, over=Refund)
    if race.number % 3 == 1:
        return led_by(workers, undos, over=Refund)
    return undos + workers


def two_workers_one_queue(race):
    """Several refunds are due; the first two that are sent are sent at the same time."""
    for key in "1344":
        race.cancels(select(key))
    return [race.works() for _ in range(race.count)]


def retry_withdraw_and_workers(race):
    """Two refunds have failed: people retry and withdraw, with double clicks, beside workers."""
    failed = race.cancels(select_all())
    race.fails()
    half = race.count // 2
    people = [_decides(race, failed[n % 2], n // 2) for n in range(half)]
    people, worker = race.works_beside(people)
    return people + [worker] * (race.count - half)


def settlement_beside_a_failed_refund(race):
    """One refund has failed, and more is owed: it is settled, while people decide on that one."""
    [failed] = race.cancels(select("3", 2))
    race.fails()
    race.reports(payments=[{"key": "P1", "authorized": "80.00", "captured": "70.00"}])()
    turns = [(n + race.number) % 3 for n in range(race.count)]
    people = [twice(race.settles()) for turn in turns if turn == 0]
    people += [_decides(race, failed, n) for n in range(turns.count(1))]
    people, worker = race.works_beside(people)
    return people + [worker] * turns.count(2)


def notice_before_answer(race):
    """The gateway tells of a refund itself, once or several times, beside its answer.

    By turns before it has answered, after that was recorded, and as soon as it has taken the call.
    """
    [refund] = race.cancels(select("3"))
    race.takes_its_time = race.number % 3 == 0
    after = race.has_worked if race.number % 3 == 1 else race.taken
    half = race.count // 2
    notices = [
        twice(race.notices(refund, f"{race.order.order_number} {n // 2}", after=after))
        for n in range(half)
    ]
    return notices + [race.works() for _ in range(race.count - half)]


def _decides(race, refund, n):
    """By turns all retry, all withdraw, or one the one and the next the other."""
    turn = race.number % 3
    return twice(
        race.retries(refund) if (n if turn == 2 else turn) % 2 == 0 else race.withdraws(refund)
    )


REFUND_KINDS = {
    undo_against_the_worker: Rules(
        {"undone", "repeated", "CannotBeUndone", "worked", "idle"},
        begins={"payments": LEFT_TO_CHANCE},
    ),
    two_workers_one_queue: Rules({"worked"}, {"idle"}, begins={"payments": SLOW}),
    retry_withdraw_and_workers: Rules(
        {"retried", "withdrawn", "MovedMeanwhile", "worked"},
        {"idle"},
        begins={"payments": LEFT_TO_CHANCE},
    ),
    settlement_beside_a_failed_refund: Rules(
        {"settled", "repeated", "retried", "withdrawn", "MovedMeanwhile", "worked"},
        {"SelectionRefused", "idle"},
        begins={"payments": LEFT_TO_CHANCE},
    ),
    notice_before_answer: Rules(
        {"settled", "known", "worked"}, {"idle"}, begins={"payments": LEFT_TO_CHANCE}
    ),
}
"""All endings of a kind occur in many rounds; anyone may also wait too long."""
