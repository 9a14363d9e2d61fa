"""Who else is at work while agents cancel: a manager who refunds what is owed, and a reporter."""

import json
import re
from decimal import Decimal
from http.client import HTTPException
from pathlib import Path
from threading import Event

from tests.proofs.races.agents import SERVER_ERROR, Tally, Unexpected, sign_in
from tests.proofs.races.stage import manage
from tests.support.wizard_client import Browser, Page

BREATH_SECONDS = 0.1
NOTHING = ("Nothing to refund", "Nothing is owed as it is")
CHANGED = "This order changed while you were working"
BUSY = "Someone else is changing this order"
DONE = re.compile(r"You’re all set![^<]*change order <a [^>]*>(CO-[0-9]{8,})</a>")

SETTLED_MEANWHILE = "settlements refused: changed or busy"


class Manager:
    """Refunds what is owed of one order after the other, each as it was reviewed."""

    def __init__(self, browser: Browser, orders: list[str], tally: Tally) -> None:
        self.browser = browser
        self.orders = orders
        self.tally = tally

    def work(self, name: str, password: str, stop: Event) -> None:
        """Go on until the race is over."""
        sign_in(self.browser, name, password)
        while not stop.wait(BREATH_SECONDS):
            self.settle_all()

    def settle_all(self) -> None:
        """Refund of each order what is owed now."""
        for order in self.orders:
            try:
                self._settle(order)
            except Unexpected as surprise:
                self.tally.unexpected.append(f"manager: {surprise}")
                if surprise.page.status >= 500:
                    self.tally.events.append(SERVER_ERROR)
            except (OSError, HTTPException) as error:
                self.tally.unexpected.append(f"manager: no answer: {error!r}")

    def _settle(self, order: str) -> None:
        page = self.browser.get(f"/order-summaries/{order}/refund-owed/")
        form = page.form("agreed")
        if page.status == 200 and form is None and any(words in page.text for words in NOTHING):
            return
        if page.status != 200 or form is None:
            raise Unexpected(page)
        self._note(self.browser.post(page.path, form.data))

    def _note(self, landed: Page) -> None:
        if done := DONE.search(landed.text):
            self.tally.settled.append(done[1])
        elif landed.status in (200, 409) and (CHANGED in landed.text or BUSY in landed.text):
            self.tally.events.append(SETTLED_MEANWHILE)
        else:
            raise Unexpected(landed)


class Reporter:
    """Reports of all orders, again and again, that a little more was captured."""

    def __init__(self, database: str, captured: dict[str, Decimal], folder: Path) -> None:
        self.database = database
        self.captured = captured
        self.file = folder / "reports.jsonl"

    def work(self, stop: Event) -> None:
        """Report at least once, and until the race is over."""
        more = Decimal(0)
        while more == 0 or not stop.wait(BREATH_SECONDS):
            more += 1
            reports = (
                {
                    "order_number": order,
                    "payments": [{"key": "P1", "captured": str(captured + more)}],
                }
                for order, captured in self.captured.items()
            )
            self.file.write_text("".join(f"{json.dumps(report)}\n" for report in reports))
            manage(self.database, "record_fulfillment", self.file)
