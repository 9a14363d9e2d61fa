"""Agents who cancel items of the same orders at the same time, each in a session of their own."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from random import Random
from threading import Event
from time import sleep

from tests.support.wizard_client import Browser, Control, Form, Page

STEPS = ("select", "details", "review", "finish")
MOST_POSTS = 15
MOST_LINES = 3
MOST_UNITS = 2
FEW_LINES = 3

CANCEL_ALL_OF_FEW_LINES = 0.3
DOUBLE_CLICK = 0.3
SUBMIT_AGAIN = 0.25
TAKE_EVERYTHING = 0.02
LINGER = 0.4
LONGEST_LINGER_SECONDS = 0.5

CHANGED = "This order changed while you were working."
NOTHING_CANCELED = "nothing was canceled"
BUSY = "Someone else is changing this order"
CHILDREN_TICKED = "The items of the bundle are now selected too."
NOTHING_TO_CANCEL = "Nothing to cancel"

ATTEMPT = "attempts"
REPEATED = "repeated submissions, same finish page"
CHANGED_SINCE_REVIEW = "refused: changed since review"
BACK_TO_DETAILS = "refused: no longer fits, back to details"
BACK_TO_SELECT = "refused: no longer fits, back to select"
REFUSED_AS_BUSY = "refused: busy"
NOTHING_LEFT = "ended: nothing left to cancel"
GIVEN_UP = "ended: given up after many refusals"
SERVER_ERROR = "server errors"
EVENTS = (
    ATTEMPT,
    NOTHING_LEFT,
    GIVEN_UP,
    CHANGED_SINCE_REVIEW,
    BACK_TO_DETAILS,
    BACK_TO_SELECT,
    REFUSED_AS_BUSY,
    REPEATED,
)


MOST_WAITS, DOOR_SECONDS = 100, 0.2
"""How often, and for how long, an agent waits while others' passwords are hashed."""


class Unexpected(Exception):
    """A page that no rule of the wizard leads to."""

    def __init__(self, page: Page) -> None:
        super().__init__(page.describe())
        self.page = page


@dataclass(frozen=True, slots=True)
class Tally:
    """What people met. Their threads share it, so it only grows, by single calls.

    Attributes:
        finished: Change order numbers, as shown, by the path of the finish page.
        settled: Numbers of the change orders that refunded what was owed, as shown.
        unexpected: Pages and broken connections, each in one line.
    """

    events: list[str] = field(default_factory=list)
    finished: dict[str, str] = field(default_factory=dict)
    settled: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)


class Agent:
    """One client: signs in and does one wizard run after the other, to the end.

    Args:
        orders: Numbers of the orders with something left; shared by all agents, who take
            out those that they find empty.
        stop: Set when no further run is to begin.
    """

    def __init__(
        self, browser: Browser, name: str, seed: int, orders: set[str], tally: Tally, stop: Event
    ) -> None:
        self.browser = browser
        self.name = name
        self.random = Random(f"{seed} {name}")
        self.orders = orders
        self.tally = tally
        self.stop = stop

    def work(self, password: str, attempts: int) -> None:
        """Go on until the attempts are done, nothing is left anywhere or the race is stopped."""
        with self._noting_the_unexpected():
            sign_in(self.browser, self.name, password)
            for _ in range(attempts):
                orders = sorted(self.orders)
                if not orders or self.stop.is_set():
                    break
                with self._noting_the_unexpected():
                    self._attempt(self.random.choice(orders))

    @contextmanager
    def _noting_the_unexpected(self) -> Iterator[None]:
        try:
            yield
        except Unexpected as surprise:
            self.tally.unexpected.append(f"{self.name}: {surprise}")
            if surprise.page.status >= 500:
                self.tally.events.append(SERVER_ERROR)
        except (OSError, HTTPException) as error:
            self.tally.unexpected.append(f"{self.name}: no answer: {error!r}")

    def _attempt(self, order: str) -> None:
        """One run of a wizard, as often sent back as it takes."""
        self.tally.events.append(ATTEMPT)
        page = self._open(order)
        for _ in range(MOST_POSTS):
            if _says_nothing_left(page):
                self.tally.events.append(NOTHING_LEFT)
                self.orders.discard(order)
                return
            if page.step == "finish":
                return
            page = self._answer(page)
        self.tally.events.append(GIVEN_UP)

    def _open(self, order: str) -> Page:
        """The first page of a run: Cancel All only where little is left, or all would end early."""
        page = self._get(f"/order-summaries/{order}/cancel-items/")
        form = page.form("-lines")
        if form and len(form.boxes) <= FEW_LINES and self._happens(CANCEL_ALL_OF_FEW_LINES):
            return self._get(f"/order-summaries/{order}/cancel-all/")
        return page

    def _answer(self, page: Page) -> Page:
        """Fill in and send the step at hand; gives the page that follows."""
        form = _form(page, "-current_step")
        if page.step == "review":
            landed = self._submit(page, form)
        elif page.step == "details":
            self._fill_in(form)
            landed = self._post(page, form)
        else:
            self._tick(form)
            landed = self._post(page, form)
        self._count_refusal(page.step, landed)
        return landed

    def _tick(self, form: Form) -> None:
        """Tick some lines, or leave the ticks that the page came with."""
        if not any(box.is_on for box in form.boxes):
            count = self.random.randint(1, min(MOST_LINES, len(form.boxes)))
            for box in self.random.sample(form.boxes, count):
                box.is_on = True

    def _fill_in(self, form: Form) -> None:
        """Answer every row; the row of *Apply to All* stays blank."""
        for control in form.controls:
            if "-apply-" not in control.name:
                self._fill_in_control(control)

    def _fill_in_control(self, control: Control) -> None:
        match control.kind:
            case "number":
                control.value = str(self._quantity(control.most))
            case "select":
                control.value = self.random.choice([value for value in control.options if value])
            case "text" | "textarea":
                control.value = f"{self.name} wants it so."
            case "checkbox":
                control.is_on = self._happens(0.5)

    def _quantity(self, most: int) -> int:
        if self._happens(TAKE_EVERYTHING):
            return most
        return self.random.randint(1, min(MOST_UNITS, most))

    def _submit(self, page: Page, form: Form) -> Page:
        """Submit the review: after a while or at once, by one click or two, and once more."""
        if self._happens(LINGER):
            self.stop.wait(self.random.uniform(0, LONGEST_LINGER_SECONDS))
        if self._happens(DOUBLE_CLICK):
            with ThreadPoolExecutor(2) as hands:
                landed = list(hands.map(self._post, [page] * 2, [form] * 2))
        else:
            landed = [self._post(page, form)]
        finished = [one for one in landed if one.step == "finish"]
        if not finished:
            *others, last = landed
            for other in others:
                self._count_refusal(page.step, other)
            return last
        self.tally.finished[finished[0].path] = _change_order(finished[0])
        if self._happens(SUBMIT_AGAIN):
            landed.append(self._post(page, form))
        self._expect_the_same_finish(landed)
        return finished[0]

    def _count_refusal(self, sent: str, landed: Page) -> None:
        if refusal := _refusal(sent, landed):
            self.tally.events.append(refusal)

    def _expect_the_same_finish(self, pages: list[Page]) -> None:
        expected = {(page.path, _change_order(page)) for page in pages}
        if len(expected) > 1:
            raise Unexpected(pages[-1])
        self.tally.events.extend([REPEATED] * (len(pages) - 1))

    def _get(self, path: str) -> Page:
        return _expected(self.browser.get(path))

    def _post(self, page: Page, form: Form) -> Page:
        return _expected(self.browser.post(page.path, form.data))

    def _happens(self, probability: float) -> bool:
        return self.random.random() < probability


def sign_in(browser: Browser, name: str, password: str) -> None:
    """Sign in as somebody; where many are at the door, wait as it says.

    Raises:
        Unexpected: It led nowhere.
    """
    page = _expected(browser.get("/sign-in/"))
    form = _form(page, "username")
    for control in form.controls:
        answers = {"username": name, "password": password}
        control.value = answers.get(control.name, control.value)
    landed = browser.post(page.path, form.data)
    for _ in range(MOST_WAITS):
        if landed.status != 503:
            break
        sleep(DOOR_SECONDS)
        landed = browser.post(page.path, form.data)
    if _expected(landed).path == page.path:
        raise Unexpected(landed)


def _expected(page: Page) -> Page:
    if page.status != 200:
        raise Unexpected(page)
    return page


def _form(page: Page, field_name: str) -> Form:
    form = page.form(field_name)
    if form is None:
        raise Unexpected(page)
    return form


def _says_nothing_left(page: Page) -> bool:
    return page.title.startswith(NOTHING_TO_CANCEL)


def _change_order(page: Page) -> str:
    """The number on a finish page, which must not say that nothing happened as well."""
    found = re.search(r"CO-[0-9]{8,}", page.text)
    if page.step != "finish" or not found or NOTHING_CANCELED in page.text.lower():
        raise Unexpected(page)
    return found[0]


def _refusal(sent: str, page: Page) -> str | None:
    """In what way the page after a step leads back; None if it leads on or nothing is left."""
    if _says_nothing_left(page) or CHILDREN_TICKED in page.text:
        return None
    if page.step not in STEPS:
        raise Unexpected(page)
    if STEPS.index(page.step) > STEPS.index(sent):
        return None
    if page.step == "review" and BUSY in page.text:
        return REFUSED_AS_BUSY
    if page.step == "review" and CHANGED in page.text:
        return CHANGED_SINCE_REVIEW
    if page.step != "review" and ("error-summary" in page.text or CHANGED in page.text):
        return BACK_TO_DETAILS if page.step == "details" else BACK_TO_SELECT
    raise Unexpected(page)
