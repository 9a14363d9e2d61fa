"""What a call takes this process beside the same work of the wizard, over orders of 100 lines."""

import re
from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group, User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from cancellations.models import CancellationReason
from cancellations.wizard.run import Run
from console.people.rights import AGENT
from integrations.api.tokens import make_token
from integrations.models import Scope
from orders.models import OrderSummary
from tests.benchmarks.submits import WARM
from tests.benchmarks.telling import tell

MOST = {"preview": 1.5, "cancel": 1.0}
"""In how many times what review, and submit, take."""


def measure_calls() -> None:
    """A row for each call: the medians over the orders of the database, which take turns."""
    orders = list(OrderSummary.objects.order_by("order_number"))
    agent = User.objects.create_user("calls")
    agent.groups.add(Group.objects.get(name=AGENT))
    wizard, api = _Wizard(agent), _Api(agent)
    took: dict[str, list[float]] = {}
    for ours, other in zip(orders[::2], orders[1::2], strict=True):
        for name, seconds in (*api.cancel(ours), *wizard.cancel(other)):
            took.setdefault(name, []).append(seconds)
    in_all = {name: 1000 * median(each[WARM:]) for name, each in took.items()}
    for call, step in (("preview", "review"), ("cancel", "submit")):
        tell(
            f"API, {call} of 100 lines by the wizard's {step}, computing",
            in_all[call] / in_all[step],
            "×",
            most=MOST[call],
            of_it=f"{in_all[call]:.1f} ms, the wizard's {in_all[step]:.1f} ms",
        )


class _Api:
    def __init__(self, user: User) -> None:
        scopes = {Scope.CANCELLATIONS_PREVIEW, Scope.CANCELLATIONS_WRITE}
        made = make_token(name="benchmark", user=user, scopes=scopes, by=user)
        self.client = Client(headers={"host": "localhost", "Authorization": f"Bearer {made.text}"})

    def cancel(self, order: OrderSummary) -> list[tuple[str, float]]:
        items = [{"key": line.key, "quantity": 1} for line in order.lines.all() if line.is_product]
        url = f"/api/v1/orders/{order.order_number}/cancellations"
        send = {"content_type": "application/json", "secure": True}
        body = {"reason": "Changed Mind", "items": items}
        previewed, preview = _timed(lambda: self.client.post(f"{url}/preview", body, **send))
        agreed = previewed.json()["agreed"]
        key = {"Idempotency-Key": str(uuid4())}
        done, cancel = _timed(
            lambda: self.client.post(url, body | {"agreed": agreed}, headers=key, **send)
        )
        assert (previewed.status_code, done.status_code) == (200, 201), done.content
        return [("preview", preview), ("cancel", cancel)]


class _Wizard:
    def __init__(self, user: User) -> None:
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(user)
        self.reason = CancellationReason.objects.active()[0].pk

    def cancel(self, order: OrderSummary) -> list[tuple[str, float]]:
        run = Run("cancel_items", order.pk, uuid4())
        lines = [line.pk for line in order.lines.all() if line.is_product]

        def url(step: str) -> str:
            return reverse("wizard:cancel_items_step", args=[order.order_number, run.id, step])

        def post(step: str, answers: dict[str, Any]) -> HttpResponse:
            posted = answers | {f"{run.prefix}-current_step": step}
            answer: HttpResponse = self.client.post(url(step), posted, secure=True)
            assert answer.status_code == 302, answer.content
            return answer

        each = {"quantity": "1", "reason": self.reason, "note": ""}
        post("select", {"select-lines": lines})
        post(
            "details", {f"details-{pk}-{name}": said for pk in lines for name, said in each.items()}
        )
        page, review = _timed(lambda: self.client.get(url("review"), secure=True))
        [agreed] = re.findall(r'name="review-agreed"[^>]* value="([^"]+)"', page.content.decode())
        _, submit = _timed(lambda: post("review", {"review-agreed": agreed}))
        return [("review", review), ("submit", submit)]


def _timed(do: Callable[[], Any]) -> tuple[Any, float]:
    since = process_time()
    done = do()
    return done, process_time() - since
