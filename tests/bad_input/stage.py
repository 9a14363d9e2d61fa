"""Where bad input is tried: orders, a reason that was retired, and an agent with a wizard run."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from cancellations.models import CancellationReason
from cancellations.wizard.runs import run_prefix
from orders.documents import read_order
from orders.imports import import_orders
from orders.models import OrderItemSummary, OrderSummary
from tests.factories import UserFactory, delivery_charge, item, order_document
from tests.wizard_run import WizardRun

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
        return f"{run_prefix(self.kind, order.pk, self.run.hex)}-current_step"


@dataclass
class Stage:
    """What a row meets; ``names`` are what its ``{names}`` stand for."""

    client: Client
    agent: User
    run_command: Callable[..., Any]
    names: dict[str, Any] = field(default_factory=dict)

    def run(self, order_number="W-1", kind="cancel_items", run=RUN) -> Run:
        return Run(self.client, order_number, kind, run=run)

    def fill(self, sent: Any) -> Any:
        """What is sent, with ``{names}`` in its texts replaced."""
        if isinstance(sent, str):
            return re.sub(r"\{(\w+)\}", lambda name: str(self.names[name[1]]), sent)
        if isinstance(sent, dict):
            return {self.fill(name): self.fill(value) for name, value in sent.items()}
        if isinstance(sent, list | tuple):
            return [self.fill(value) for value in sent]
        return sent


def new_stage(run_command: Callable[..., Any]) -> Stage:
    """The stage as every row finds it, with a session but no run in it."""
    import_orders([read_order(document) for document in ORDERS])
    CancellationReason.objects.create(name="Retired", retired=True, position=99)
    agent = UserFactory(agent=True, username="agent")
    client = Client(raise_request_exception=False)
    client.force_login(agent)
    stage = Stage(client, agent, run_command)
    stage.names = {
        **{f"line_{line.key}": line.pk for line in _lines("W-1")},
        "foreign_line": _lines("W-2")[0].pk,
        **{
            reason.name.lower().replace(" ", "_"): reason.pk
            for reason in CancellationReason.objects.all()
        },
        "run": RUN,
        "other_run": OTHER_RUN,
        "current_step": stage.run().current_step,
        "all_current_step": stage.run(kind="cancel_all").current_step,
    }
    return stage


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
    stage.client = Client(raise_request_exception=False)
    stage.client.force_login(stage.agent)


def with_tokens_checked(stage: Stage) -> None:
    """The agent's browser is a real one: forms need their token."""
    stage.client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    stage.client.force_login(stage.agent)


def fingerprint() -> tuple[int, str]:
    """How many rows there are in all tables but the sessions', and a checksum of their values."""
    count, digest = 0, hashlib.sha256()
    for model in apps.get_models(include_auto_created=True):
        if model is not Session:
            names = [f.attname for f in model._meta.concrete_fields if f.attname != "last_login"]
            rows = list(model._base_manager.order_by("pk").values_list(*names))
            count += len(rows)
            digest.update(repr((model._meta.label, rows)).encode())
    return count, digest.hexdigest()


def _lines(order_number: str) -> list[OrderItemSummary]:
    return list(OrderItemSummary.objects.filter(order__order_number=order_number))
