"""What the soak left, judged by the sandbox's ledger and by ``verify_orders``."""

from collections import Counter
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db.models import Count, Q, Sum

from cancellations.models import Attempt, Refund, Release, SandboxEntry
from tests.proofs.soak.people import Manager, Undoing

MOST_SHOWN = 20
ENDED = ("succeeded", "withdrawn")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Figures, and what is wrong."""

    figures: dict[str, object]
    problems: list[str]

    @property
    def is_passed(self) -> bool:
        return not self.problems

    def __str__(self) -> str:
        lines = [f"{name:<44} {value!s:>12}" for name, value in self.figures.items()]
        shown = [f"PROBLEM {problem}" for problem in self.problems[:MOST_SHOWN]]
        end = "The soak passed." if self.is_passed else f"{len(self.problems)} problems."
        return "\n".join([*lines, *shown, end])


def unfinished() -> int:
    """How many refunds and releases have not ended."""
    return sum(model.objects.exclude(status__in=ENDED).count() for model in (Refund, Release))


def judge(undoing: Undoing, manager: Manager, killed: int, folder: Path) -> Verdict:
    """Hold the ledger against what refunds and releases say."""
    problems = [*_unpaid_or_paid_twice(), *_undone_but_paid(undoing), *_differences()]
    outcomes = Counter(Attempt.objects.values_list("outcome", flat=True))
    figures: dict[str, object] = {
        "refunds that succeeded": Refund.objects.filter(status="succeeded").count(),
        "releases that succeeded": Release.objects.filter(status="succeeded").count(),
        "paid by refunds, by our rows (minor units)": _sum(
            Refund.objects.filter(status="succeeded")
        ),
        "paid by refunds, by the ledger": _sum(
            SandboxEntry.objects.filter(kind="refund", paid=True)
        ),
        "attempts": sum(outcomes.values()),
        **{f"… {outcome or 'without an answer'}": n for outcome, n in sorted(outcomes.items())},
        "workers killed": killed,
        "undone": len(undoing.undone),
        "too late to undo": len(undoing.too_late),
        "people's decisions": manager.decided,
        "… that a worker was quicker than": manager.moved_meanwhile,
    }
    return Verdict(figures, problems)


def _unpaid_or_paid_twice() -> list[str]:
    paid = {
        row["about"]: (row["times"], row["minor"])
        for row in SandboxEntry.objects.values("about").annotate(
            times=Count("pk", filter=Q(paid=True)), minor=Sum("amount_minor", filter=Q(paid=True))
        )
    }
    problems = []
    for kind, model in (("refund", Refund), ("release", Release)):
        for row in model.objects.for_carrying_out():
            about = f"{kind} {row.change_order.number} {row.payment.gateway_reference}"
            want = (1, row.amount_minor) if row.status == "succeeded" else (0, None)
            found = paid.pop(about, (0, None))
            if row.status not in ENDED or found != want:
                problems.append(f"{about} is {row.status}, paid {found}, {_how_far(row)}")
    return problems + [f"{about} was paid {found}, for nothing" for about, found in paid.items()]


def _how_far(row: Refund | Release) -> str:
    tried = [attempt.outcome or "-" for attempt in row.attempts.all()]
    return f"due {row.due_at}, {row.tries} tries, first sent {row.first_sent_at}: {' '.join(tried)}"


def _undone_but_paid(undoing: Undoing) -> list[str]:
    numbers = Refund.objects.filter(change_order__undone_by__isnull=False)
    wrong = numbers.exclude(status="withdrawn")
    undone = {f"CO-{pk:08d}" for pk in numbers.values_list("change_order", flat=True)}
    problems = [f"{row} was undone and is {row.status}" for row in wrong]
    if undone != set(undoing.undone):
        problems.append("what was told as undone is not what was undone")
    return problems


def _differences() -> list[str]:
    output = StringIO()
    try:
        call_command("verify_orders", stdout=output)
    except SystemExit:
        return output.getvalue().splitlines()
    return []


def _sum(rows: object) -> int:
    return rows.aggregate(total=Sum("amount_minor"))["total"] or 0  # type: ignore[attr-defined]
