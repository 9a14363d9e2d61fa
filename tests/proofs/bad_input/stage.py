"""Where bad input is tried: orders, a reason that was retired, and an agent with a wizard run."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from cancellations.acts.take_order import import_orders
from cancellations.models import BundlePolicy, CancellationReason
from cancellations.wizard import run as runs
from orders.arithmetic.availability import BundleRule
from orders.documents.order import read_order
from orders.models import OrderItemSummary, OrderSummary
from tests.support.builders import (
    UserFactory,
    delivery_charge,
    fee,
    item,
    order_document,
    system_user,
)
from tests.support.unguarded import set_life_cycle
from tests.support.wizard_run import WizardRun

RUN = UUID("6f1c1f52-4a3e-4d87-9d2e-00000000000a")
OTHER_RUN = UUID("6f1c1f52-4a3e-4d87-9d2e-00000000000b")

ORDERS = [
    order_document(
        order_number="W-1",
        items=[
            item("1", quantity=3),
            item("2"),
            item("3", quantity_allocated=2),
            item("4", name="Bundle"),
            item("5", bundle="4"),
            delivery_charge("1001"),
            fee("2001"),
        ],
    ),
    order_document(order_number="W-2"),
    order_document(order_number="U-1", life_cycle="unmanaged"),
    order_document(order_number="N-1", items=[item(quantity_allocated=2)]),
]


class Run(WizardRun):
    """A run that knows its hidden field without having seen a page."""

    @property
    def current_step(self):
        order = OrderSummary.objects.get(order_number=self.order_number)
        return f"{runs.Run(self.kind, order.pk, self.run).prefix}-current_step"


@dataclass
class Stage:
    """What a row meets: the orders of ``ORDERS``, and an agent who is signed in once needed.

    Attributes:
        named: What ``{names}`` in a row stand for, beside those that the stage knows itself.
    """

    run_command: Callable[..., Any]
    named: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def agent(self) -> User:
        return UserFactory(agent=True, username="agent")

    @cached_property
    def client(self) -> Client:
        return signed_in(self.agent)

    @cached_property
    def names(self) -> dict[str, Any]:
        lines = OrderItemSummary.objects.select_related("order")
        reasons = CancellationReason.objects.all()
        return {
            **{f"line_{line.key}": line.pk for line in lines.filter(order__order_number="W-1")},
            "order": OrderSummary.objects.get(order_number="W-1").pk,
            "foreign_line": lines.get(order__order_number="W-2").pk,
            **{reason.name.lower().replace(" ", "_"): reason.pk for reason in reasons},
            "run": RUN,
            "current_step": self.run().current_step,
            "all_current_step": self.run(kind="cancel_all").current_step,
        }

    def run(self, number: str = "W-1", kind: str = "cancel_items", run: UUID = RUN) -> Run:
        return Run(self.client, number, kind, run=run)

    def fill(self, sent: Any) -> Any:
        """What is sent, with ``{names}`` in its texts replaced."""
        if isinstance(sent, str):
            names = self.names | self.named
            return re.sub(r"\{(\w+)\}", lambda name: str(names[name[1]]), sent)
        if isinstance(sent, dict):
            return {self.fill(name): self.fill(value) for name, value in sent.items()}
        if isinstance(sent, list):
            return [self.fill(value) for value in sent]
        return sent


def new_stage(run_command: Callable[..., Any]) -> Stage:
    """The stage as every row finds it."""
    import_orders([read_order(document) for document in ORDERS], by=system_user())
    CancellationReason.objects.create(name="Retired", retired=True, position=99)
    return Stage(run_command)


def signed_in(user: User, **options: Any) -> Client:
    """A browser of this user's that shows a server error as its status."""
    client = Client(raise_request_exception=False, **options)
    client.force_login(user)
    return client


def selected(stage: Stage) -> None:
    """The agent selected line 1."""
    stage.run().select("1")


def explained(stage: Stage) -> None:
    """…and gave details: two units."""
    stage.run().explain({"1": 2})


def submitted(stage: Stage) -> None:
    """…and submitted."""
    stage.run().submit()


def explained_all(stage: Stage) -> None:
    """The agent gave details in Cancel All."""
    stage.run(kind="cancel_all").explain_all()


def signed_out(stage: Stage) -> None:
    """The session expired."""
    Session.objects.all().delete()


def signed_in_anew(stage: Stage) -> None:
    """The session expired, and the agent signed in again."""
    stage.client = signed_in(stage.agent)


def with_tokens_checked(stage: Stage) -> None:
    """The browser is a real one: forms need their token."""
    stage.client.handler.enforce_csrf_checks = True


def an_agent(stage: Stage) -> None:
    """An agent is at the browser, who may cancel and no more."""
    stage.client = signed_in(stage.agent)


def a_viewer(stage: Stage) -> None:
    """Somebody is at the browser who may look and no more."""
    stage.client = signed_in(UserFactory(viewer=True))


def became_unmanaged(stage: Stage) -> None:
    """The orders become unmanaged."""
    set_life_cycle(OrderSummary.objects.all(), "unmanaged")


def only_whole_bundles(stage: Stage) -> None:
    """The store cancels whole bundles only."""
    BundlePolicy.objects.update(rule=BundleRule.WHOLE_BUNDLES)
