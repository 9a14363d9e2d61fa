"""What a preview takes while somebody chooses among the lines of a long order."""

from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter, process_time
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from cancellations.models import CancellationReason
from cancellations.wizard.run import Run
from console.people.rights import AGENT
from orders.models import OrderSummary
from tests.benchmarks.long_order import LINES, NUMBER
from tests.benchmarks.telling import tell

CHOSEN = 100
MOST_MILLISECONDS, MOST_KILOBYTES = 150, 20
TIMES = 9


def measure_previews() -> None:
    """Rows for the steps that have previews: the median of several, and what they send."""
    chosen = _Chosen(OrderSummary.objects.get(order_number=NUMBER))
    for step, answers in (("select", chosen.ticks), ("details", chosen.rows)):
        took, computing, sent = _measured(partial(chosen.preview, step, answers))
        work = f"preview of {step}, {CHOSEN} of {LINES:,} lines"
        tell(work, took, most=MOST_MILLISECONDS, of_it=f"computing {computing:.0f} ms")
        tell(f"{work}, what it sends", sent / 1000, "kB", most=MOST_KILOBYTES)


class _Chosen:
    """A run of an agent who has chosen as many lines as can be."""

    def __init__(self, order: OrderSummary) -> None:
        self.order, self.run = order, Run("cancel_items", order.pk, uuid4())
        self.lines = [line.pk for line in order.lines.all() if line.is_product][:CHOSEN]
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(User.objects.filter(groups__name=AGENT).first())  # type: ignore[arg-type]
        self._send("select", self.ticks)

    @property
    def ticks(self) -> dict[str, Any]:
        return {"select-lines": self.lines}

    @property
    def rows(self) -> dict[str, Any]:
        reason = CancellationReason.objects.active()[0].pk
        each = {"quantity": "1", "reason": reason, "note": ""}
        return {
            f"details-{line}-{name}": value for line in self.lines for name, value in each.items()
        }

    def preview(self, step: str, answers: dict[str, Any]) -> HttpResponse:
        return self._send(step, answers | {"preview": "1"}, **{"HX-Request": "true"})

    def _send(self, step: str, answers: dict[str, Any], **headers: str) -> HttpResponse:
        url = reverse("wizard:cancel_items_step", args=[NUMBER, self.run.id, step])
        posted = answers | {f"{self.run.prefix}-current_step": step}
        response: HttpResponse = self.client.post(url, posted, secure=True, headers=headers)
        assert response.status_code in (200, 302), response.status_code
        return response


def _measured(ask: Callable[[], HttpResponse]) -> tuple[float, float, int]:
    """Milliseconds in all, those of this process alone, and bytes.

    The first answer, which finds nothing compiled, is left out. On a busy machine it is the second
    figure that can be compared.
    """
    sent, took, computing = len(ask().content), [], []
    for _ in range(TIMES):
        started = perf_counter(), process_time()
        ask()
        took.append(1000 * (perf_counter() - started[0]))
        computing.append(1000 * (process_time() - started[1]))
    return median(took), median(computing), sent
