"""The kinds of races, each with how its acts end."""

from dataclasses import dataclass, field

from cancellations.acts.record_fulfillment import Recorded
from cancellations.acts.requests import Submission
from cancellations.models import ChangeOrder
from tests.proofs.races.rounds import PAID, PAID_TOO_MUCH, Done, Import, insisting, led_by
from tests.support.builders import select


@dataclass(frozen=True)
class Rules:
    """How the acts of a kind end: in every way of ``endings``; beside these as ``allowed``.

    Attributes:
        begins: How its rounds begin, as ``Race`` takes it.
    """

    endings: set[str]
    allowed: set[str] = field(default_factory=set)
    begins: dict = field(default_factory=lambda: {"payments": PAID})


def same_run(race):
    return [race.submits(select(), select("3", 2))] * race.count


def one_key_two_contents(race):
    return [race.submits(select("34"[n % 2]), request_id="key") for n in range(race.count)]


def last_units(race):
    """More units of one line than there are."""
    return [race.submits(select("1", race.too_many)) for _ in range(race.count)]


def overlapping_lines(race):
    """The same lines in one order and the other, some of them with delivery."""
    acts = []
    for n in range(race.count):
        keys = sorted(race.chance.sample("1234", 3), reverse=n % 2 == 1)
        with_delivery = [race.chance.random() < 0.5 for _ in keys]
        lines = zip(keys, with_delivery, strict=True)
        acts.append(
            race.submits(*(select(key, race.too_many, refund_delivery=yes) for key, yes in lines))
        )
    return acts


def submits_and_reports(race):
    """Half of them cancel, half report units as allocated; who cancels first, keeps the units.

    By turns the submits begin, the reports begin, or all at once.
    """
    key = race.chance.choice("13")
    half = race.count // 2
    submits = [race.submits(select(key, race.chance.randint(2, 3))) for _ in range(half)]
    reports = [race.reports_allocated(key, race.chance.randint(3, 4)) for _ in range(half)]
    if race.number % 3 == 0:
        return led_by(submits, reports)
    if race.number % 3 == 1:
        return led_by(reports, submits)
    return submits + reports


def one_event_reported(race):
    """All report what happened under one name: the same, or by turns something else."""
    is_mixed = race.number % 2 == 1
    return [
        race.reports(
            {"key": "1", "quantity_canceled": 1 + (n % 2 if is_mixed else 0)}, event="wave 7"
        )
        for n in range(race.count)
    ]


def settlements_cancellations_and_reports(race):
    """Money is owed: it is settled under one key or under several, canceled, and reported on.

    By turns all settle under one key; all under keys of their own; or some settle, some cancel
    and some report captures, refunds and chargebacks elsewhere.
    """
    if race.number % 4 == 0:
        return [race.settles("settle")] * race.count
    if race.number % 4 == 1:
        return [race.settles() for _ in range(race.count)]
    acts = [_owed_money_moves(race, n) for n in range(race.count)]
    race.chance.shuffle(acts)
    return acts


def _owed_money_moves(race, n):
    """Two kinds of three acts a round, in turn, whatever the count: settle, cancel, report."""
    turn = (n + race.number // 4) % 3
    if turn == 0:
        return race.settles(race.chance.choice(["settle", None]))
    if turn == 1:
        return race.submits(select(race.chance.choice("34"), refund_delivery=True))
    told = race.chance.choice(
        [
            {"key": "P1", "captured": f"{race.chance.randint(100, 110)}.00"},
            {"key": "P1", "refunded": f"{race.chance.randint(1, 9)}.00"},
            {"key": "P2", "charged_back": f"{race.chance.randint(1, 9)}.00"},
            {"key": "P3", "captured": "10.00"},
        ]
    )
    gone = [{"key": "1", "quantity_canceled": 1}] if race.chance.random() < 0.4 else []
    return race.reports(*gone, payments=[told])


def amendments_cancellations_and_reports(race):
    """The order is told anew, with a line and a payment more, while others cancel and report.

    By turns documents with more begin, or all at once; those without it come too late then.
    """
    third = max(1, race.count // 3)
    amends = [race.imports_more(channel=["Web", "Phone"][n % 2]) for n in range(third)]
    others = [
        [
            race.imports_again(is_other=n % 4 == 1),
            race.submits(select("34"[n % 2])),
            race.reports_allocated("1", race.chance.randint(3, 4)),
        ][(n + race.number) % 3]
        for n in range(race.count - third)
    ]
    return led_by(amends, others) if race.number % 2 else led_by(others, amends)


def known_order_imported(race):
    """Half of them import the order again, as it came or otherwise, while the others cancel."""
    half = race.count // 2
    imports = [race.imports_again(is_other=(n + race.number) % 2 == 1) for n in range(half)]
    return imports + race.submits_each_unit_once(half)


def new_order_imported(race):
    """An order that is not there yet: all import it, or half of them cancel as soon as it is.

    By turns all imports have the same content, or every other one has other content.
    """
    submitting = race.count // 2 if race.number % 2 else 0
    is_mixed = race.number // 2 % 2 == 1
    imports = [
        race.imports_again(is_other=is_mixed and n % 2 == 1) for n in range(race.count - submitting)
    ]
    return imports + [insisting(act) for act in race.submits_each_unit_once(submitting)]


KINDS = {
    same_run: Rules({"canceled", "repeated"}),
    one_key_two_contents: Rules({"canceled", "RequestReused"}, {"repeated"}),
    last_units: Rules({"canceled", "SelectionRefused"}),
    overlapping_lines: Rules({"canceled", "SelectionRefused"}),
    submits_and_reports: Rules({"canceled", "recorded", "SelectionRefused"}),
    one_event_reported: Rules({"recorded", "reported before", "RequestReused"}),
    settlements_cancellations_and_reports: Rules(
        {"settled", "repeated", "canceled", "recorded", "SelectionRefused"},
        begins={"payments": PAID_TOO_MUCH},
    ),
    amendments_cancellations_and_reports: Rules(
        {"amended", "skipped", "refused", "canceled", "recorded"}
    ),
    known_order_imported: Rules({"canceled", "skipped", "amended"}),
    new_order_imported: Rules(
        {"canceled", "UnknownOrder", "imported", "skipped", "amended"}, begins={"is_known": False}
    ),
}
"""All endings of a kind occur in many rounds; anyone may also wait too long."""


def ending(outcome):
    """How an act ended, in a word."""
    if isinstance(outcome, Recorded):
        return "reported before" if outcome.is_repeat else "recorded"
    if isinstance(outcome, Submission):
        return "repeated" if outcome.is_repeat else _MADE[outcome.change_order.kind]
    if isinstance(outcome, Done):
        return outcome.word
    if isinstance(outcome, Import):
        return str(outcome.result.outcome)
    return type(outcome).__name__


_MADE = {
    ChangeOrder.Kind.CANCELLATION: "canceled",
    ChangeOrder.Kind.SETTLEMENT: "settled",
    ChangeOrder.Kind.REVERSAL: "undone",
}
