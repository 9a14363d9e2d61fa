"""The acts that are killed: each on fresh orders, whole or step by step, and once more."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

from django.core.management import call_command
from django.test import Client

from cancellations.management.commands import import_orders as import_command
from tests.proofs.acceptance.oracle import Order
from tests.proofs.bad_input.stage import Run
from tests.proofs.crashes import samples
from tests.support.builders import UserFactory, imported

Document = dict[str, Any]


class Act(ABC):
    """One performance of an act, prepared on orders of its own up to where it begins.

    Attributes:
        fewest_statements: Fewer would mean that they were not counted.
        makes: The kinds of change orders that stand at the end.
        is_resumed: Whether a crash may leave it half done, for its repetition to finish.
        after_statements: Whether it is killed after its statements too: to the database the same
            as right before the next.
    """

    name: ClassVar[str]
    fewest_statements: ClassVar[int]
    makes: ClassVar[list[str]] = []
    is_resumed: ClassVar[bool] = False
    after_statements: ClassVar[bool] = True

    def __init__(self, tag: str, folder: Path) -> None:
        self.tag = tag
        self.folder = folder

    @abstractmethod
    def perform(self) -> None:
        """The act as a whole; this is what gets killed."""

    @abstractmethod
    def steps(self) -> Iterator[None]:
        """The act in parts of which each is whole or not there."""

    @abstractmethod
    def repeat(self, done: int) -> Iterator[str]:
        """What its user does after the crash; gives what is wrong with the answer.

        Args:
            done: How many of the steps the crash left done; None where one is half done.
        """

    @abstractmethod
    def expected(self, done: int) -> list[Document]:
        """What the oracle has to say of the orders when so many steps are done."""


class Submit(Act):
    """The POST of the wizard's review step by an agent who is signed in, on to the finish page."""

    name = "submit"
    fewest_statements = 15
    makes = ["cancellation"]

    def __init__(self, tag: str, folder: Path) -> None:
        super().__init__(tag, folder)
        self.order = samples.mixed_order(tag)
        imported(self.order)
        self.client = Client()
        self.client.force_login(UserFactory(agent=True, username=f"{tag}-agent"))
        self.run = Run(self.client, self.order["order_number"])
        quantities = samples.SUBMITTED
        self.run.select(*quantities, expanded=["1"])
        self.run.explain(quantities, delivery=quantities)
        self.form = {self.run.current_step: "review", "review-agreed": self.run.reviewed()}

    def perform(self) -> None:
        came = self._submit()
        assert came == self._finish, came

    def steps(self) -> Iterator[None]:
        self.perform()
        yield

    def repeat(self, done: int) -> Iterator[str]:
        if (came := self._submit()) != self._finish:
            yield f"the same POST ends at {came}"

    def expected(self, done: int) -> list[Document]:
        return canceled([self.order], [samples.cancellation_of_submit(self.tag)][:done])

    def _submit(self) -> tuple[str, int]:
        """Send the form, always the same; gives the page where it ends, and its status."""
        response = self.client.post(self.run.url("review"), self.form, follow=True)
        return response.request["PATH_INFO"], response.status_code

    @property
    def _finish(self) -> tuple[str, int]:
        return self.run.url("finish"), 200


class FileAct(Act):
    """A command that reads a file of documents, each of which is whole or not there."""

    command: ClassVar[str]
    documents: list[Document]

    def perform(self) -> None:
        self.run_on(self.documents)

    def steps(self) -> Iterator[None]:
        for document in self.documents:
            self.run_on([document])
            yield

    def run_on(self, chosen: list[Document], **options: Any) -> str:
        """Run the command on a file of these documents; gives what it printed."""
        file = self.folder / "documents.jsonl"
        file.write_text("".join(json.dumps(document) + "\n" for document in chosen))
        output, errors = StringIO(), StringIO()
        with redirect_stderr(errors):
            try:
                call_command(self.command, file, stdout=output, stderr=errors, **options)
            except SystemExit as end:
                said = output.getvalue() + errors.getvalue()
                raise AssertionError(f"{self.command} ended with {end.code}: {said}") from end
        return output.getvalue()


class ImportOrders(FileAct):
    name = command = "import_orders"
    fewest_statements = 15

    def __init__(self, tag: str, folder: Path) -> None:
        super().__init__(tag, folder)
        self.documents = samples.orders_to_import(tag)

    def run_on(self, chosen: list[Document], **options: Any) -> str:
        with patch.object(import_command, "BATCH_ORDERS", 2):
            return super().run_on(chosen, **options)

    def repeat(self, done: int) -> Iterator[str]:
        said = self.run_on(self.documents)
        rest = len(self.documents) - done
        if said != f"{rest} imported, {done} skipped, 0 refused\n":
            yield f"run again with {done} imported it says: {said}"

    def expected(self, done: int) -> list[Document]:
        return canceled(self.documents[:done], [])


class AmendOrders(FileAct):
    """An order that is there already is told of anew."""

    name = "amend"
    command = "import_orders"
    fewest_statements = 20
    makes = ["return"]

    def __init__(self, tag: str, folder: Path) -> None:
        super().__init__(tag, folder)
        self.order = samples.plain_order(tag)
        self.documents = [samples.amended_order(tag)]
        imported(self.order)

    def repeat(self, done: int) -> Iterator[str]:
        said = self.run_on(self.documents)
        wanted = "0 imported, 1 skipped" if done else "0 imported, 1 amended, 0 skipped"
        if said != f"{wanted}, 0 refused\n":
            yield f"run again with {done} amended it says: {said}"

    def expected(self, done: int) -> list[Document]:
        """The oracle knows no amendments: what is added stands beside what it makes of the rest."""
        expected = Order(self.order)
        if not done:
            return [expected.export()]
        [amended] = self.documents
        back = amended["items"][0]
        expected.report({"items": [{**back}], "payments": []})
        state = expected.export()
        return [
            {
                "order_number": state["order_number"],
                "expected_elsewhere": state["expected_elsewhere"],
                "given_elsewhere": state["given_elsewhere"],
                "change_orders": state["change_orders"],
                "channel": "Phone",
                "totals": {"grand_total": "27.99"},
            }
        ]


class CancelOrders(FileAct):
    name = command = "cancel_orders"
    fewest_statements = 30
    makes = ["cancellation", "cancellation", "cancellation", "settlement"]

    def __init__(self, tag: str, folder: Path) -> None:
        super().__init__(tag, folder)
        self.orders = samples.orders_to_cancel(tag)
        self.documents = samples.cancellations(tag)
        self.results = folder / f"{tag}.results.jsonl"
        self.results.touch()
        for order in self.orders:
            imported(order)

    def run_on(self, chosen: list[Document], **options: Any) -> str:
        try:
            return super().run_on(chosen, output=self.results, **options)
        except AssertionError as failure:
            failure.add_note(self.results.read_text())
            raise

    def repeat(self, done: int) -> Iterator[str]:
        if (told := len(self._outcomes())) > done:
            yield f"{told} documents were told as done, of which {done} are"
        self.run_on(self.documents)
        wanted = self._wanted(done)
        if (outcomes := self._outcomes()) != wanted:
            yield f"run again it says {outcomes} instead of {wanted}"

    def expected(self, done: int) -> list[Document]:
        return canceled(self.orders, self.documents[:done])

    def _outcomes(self) -> list[str]:
        lines = self.results.read_text().splitlines(keepends=True)
        return [json.loads(line)["outcome"] for line in lines if line.endswith("\n")]

    def _wanted(self, done: int) -> list[str]:
        known = {document["idempotency_key"] for document in self.documents[:done]}
        wanted = []
        for document in self.documents:
            key = document["idempotency_key"]
            [made] = [word for name, word in MADE_BY.items() if name in document]
            wanted.append("repeated" if key in known else made)
            known.add(key)
        return wanted


class RecordFulfillment(FileAct):
    name = command = "record_fulfillment"
    fewest_statements = 15
    makes = ["return"]

    def __init__(self, tag: str, folder: Path) -> None:
        super().__init__(tag, folder)
        self.order = samples.authorized_order(tag)
        self.documents = samples.reports(tag)
        imported(self.order)

    def repeat(self, done: int) -> Iterator[str]:
        said = self.run_on(self.documents)
        repeated = f", {done} repeated" if done else ""
        if said != f"{len(self.documents) - done} recorded{repeated}, 0 refused\n":
            yield f"run again with {done} recorded it says: {said}"

    def expected(self, done: int) -> list[Document]:
        expected = Order(self.order)
        for report in self.documents[:done]:
            expected.report(report)
        return [expected.export()]


MADE_BY = {"items": "canceled", "settle": "settled", "undo": "undone"}
"""What comes of a document of ``cancel_orders``, by the field that tells what it asks."""

ACTS: tuple[type[Act], ...] = (
    Submit,
    ImportOrders,
    AmendOrders,
    CancelOrders,
    RecordFulfillment,
)


def canceled(orders: list[Document], cancellations: list[Document]) -> list[Document]:
    """What the oracle makes of orders and cancellations, as an export."""
    by_number = {order["order_number"]: Order(order) for order in orders}
    for document in cancellations:
        by_number[document["order_number"]].cancel(document)
    return [order.export() for order in by_number.values()]
