"""Killing who approves what another asked for: nothing is half decided or half done."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from django.test import Client, override_settings

from cancellations.models import Approval
from tests.proofs.bad_input.stage import Run
from tests.proofs.crashes import samples
from tests.proofs.crashes.acts import Act, Document, canceled
from tests.support.builders import UserFactory, imported


class Approve(Act):
    """The POST of a second person who approves what an agent asked for in the wizard."""

    name = "approve"
    fewest_statements = 15
    makes = ["cancellation"]

    def __init__(self, tag: str, folder: Path) -> None:
        super().__init__(tag, folder)
        self.order = samples.mixed_order(tag)
        imported(self.order)
        agent, self.second = Client(), Client()
        agent.force_login(UserFactory(agent=True, username=f"{tag}-agent"))
        self.second.force_login(UserFactory(approver=True, username=f"{tag}-second"))
        run = Run(agent, self.order["order_number"])
        quantities = samples.SUBMITTED
        run.select(*quantities, expanded=["1"])
        run.explain(quantities, delivery=quantities)
        with override_settings(APPROVAL_OVER={self.order["currency"]: Decimal(0)}):
            run.submit()
        self.approval = Approval.objects.get(request_id=run.run)

    def perform(self) -> None:
        self._approve()
        assert self._status == "approved", self._status

    def steps(self) -> Iterator[None]:
        self.perform()
        yield

    def repeat(self, done: int) -> Iterator[str]:
        self._approve()
        if self._status != "approved":
            yield f"approved again, it is {self._status}"

    def _approve(self) -> None:
        self.second.post(f"/approvals/{self.approval.pk}/", {"act": "approve"})

    @property
    def _status(self) -> str:
        return Approval.objects.get(pk=self.approval.pk).status

    def expected(self, done: int) -> list[Document]:
        return canceled([self.order], [samples.cancellation_of_submit(self.tag)][:done])


APPROVAL_ACTS: tuple[type[Act], ...] = (Approve,)
