"""The sandbox: behaves as the payment's reference says, for the demo and for tests.

What stands after the last "/" of a reference names a behaviour (``ch_1401/declines``); without
one everything is approved. It keeps idempotency keys for a day, as Stripe does, and answers a key
that it knows as it answered it first.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from cancellations.models.attempts import Attempt
from cancellations.refunds.gateways import Answer, Asked, Capabilities, NoAnswer, NotConfigured
from cancellations.refunds.gateways.sandbox.ledger import DatabaseLedger, Entry, Ledger
from orders.arithmetic.money import show

KEY_LIFETIME = timedelta(hours=23)
SLOW_SECONDS = 30.0
SETTLES_AFTER = timedelta(seconds=20)

Outcome = Attempt.Outcome


class Behavior(StrEnum):
    """What the sandbox does with a call."""

    APPROVES = "approves"
    DECLINES = "declines"
    TIMES_OUT_BEFORE = "times-out-before"
    TIMES_OUT_AFTER = "times-out-after"
    SLOW = "slow"
    FAULT = "fault"
    STORED_FAULT = "stored-fault"
    ANSWERS_TWICE = "answers-twice"
    OTHER_AMOUNT = "other-amount"
    OTHER_CURRENCY = "other-currency"
    SETTLES = "settles"
    SETTLES_AND_FAILS = "settles-and-fails"
    CHAOS = "chaos"


CHAOS = (
    Behavior.DECLINES,
    Behavior.TIMES_OUT_BEFORE,
    Behavior.TIMES_OUT_AFTER,
    Behavior.FAULT,
    Behavior.STORED_FAULT,
    Behavior.ANSWERS_TWICE,
    Behavior.SETTLES,
)
"""What may happen instead of an approval, call by call, where the reference says so."""
CHANCE_OF_CHAOS = 0.3


class Sandbox:
    """A gateway whose payments happen in its ledger.

    Args:
        sleep: Waits for so many seconds.
        clock: What its settling goes by.
        keeps_keys, looks_up: As capabilities; off to show other gateways.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], datetime] = timezone.now,
        chance: Callable[[], float] = random.random,
        keeps_keys: bool = True,
        looks_up: bool = True,
    ) -> None:
        self.ledger = ledger
        self.sleep, self.clock, self.chance = sleep, clock, chance
        self.capabilities = Capabilities(
            key_lifetime=KEY_LIFETIME if keeps_keys else None,
            can_look_up=looks_up,
            settles_later=True,
        )

    def refund(self, asked: Asked) -> Answer:
        return self._do(asked)

    def release(self, asked: Asked) -> Answer:
        return self._do(asked)

    def look_up(self, asked: Asked) -> Answer:
        found = self.ledger.find(asked.key)
        if found is None:
            return Answer(Outcome.NOT_FOUND, request=_redacted(asked))
        if found.answer == Outcome.UNKNOWN:
            found = replace(found, answer=Outcome.SUCCEEDED if found.paid else Outcome.REFUSED)
        return self._answer(asked, found)

    def _do(self, asked: Asked) -> Answer:
        behavior = self._behavior(asked)
        if behavior is Behavior.TIMES_OUT_BEFORE:
            raise NoAnswer("The sandbox was not reached.")
        if behavior is Behavior.FAULT:
            return self._fault(asked)
        if behavior is Behavior.SLOW:
            self.sleep(SLOW_SECONDS)
        entry = self.ledger.take(self._entry(asked, behavior))
        if behavior is Behavior.ANSWERS_TWICE:
            entry = self.ledger.take(entry)
        if behavior is Behavior.TIMES_OUT_AFTER and entry.asked == 1:
            raise NoAnswer("The sandbox did not answer.")
        if entry.answer == Outcome.UNKNOWN:
            return self._fault(asked)
        return _distorted(self._answer(asked, entry), behavior)

    def _behavior(self, asked: Asked) -> Behavior:
        word = asked.reference.rpartition("/")[2]
        behavior = Behavior(word) if word in set(Behavior) else Behavior.APPROVES
        if behavior is not Behavior.CHAOS:
            return behavior
        if self.chance() >= CHANCE_OF_CHAOS:
            return Behavior.APPROVES
        return CHAOS[int(self.chance() * len(CHAOS)) % len(CHAOS)]

    def _entry(self, asked: Asked, behavior: Behavior) -> Entry:
        settles = behavior in (Behavior.SETTLES, Behavior.SETTLES_AND_FAILS)
        refuses = behavior in (Behavior.DECLINES, Behavior.SETTLES_AND_FAILS)
        answer = Outcome.REFUSED if refuses else Outcome.SUCCEEDED
        if behavior is Behavior.STORED_FAULT:
            answer = Outcome.UNKNOWN
        return Entry(
            key=asked.key,
            kind=asked.kind,
            reference=asked.reference,
            amount=asked.amount,
            currency=asked.currency.code,
            paid=not refuses,
            answer=answer,
            about=f"{asked.kind} {asked.metadata.get('change_order', '')} {asked.reference}",
            settles_at=self.clock() + SETTLES_AFTER if settles else None,
        )

    def _answer(self, asked: Asked, entry: Entry) -> Answer:
        outcome = Outcome(entry.answer)
        if entry.settles_at and self.clock() < entry.settles_at:
            outcome = Outcome.SETTLING
        is_refused = outcome == Outcome.REFUSED
        return Answer(
            outcome,
            gateway_id=f"sbx_{entry.key}",
            amount=entry.amount,
            currency=entry.currency,
            code="declined" if is_refused else "",
            message="The sandbox declined." if is_refused else "",
            request=_redacted(asked),
            answer={"status": str(outcome), "amount": show(entry.amount, asked.currency)},
        )

    def _fault(self, asked: Asked) -> Answer:
        return Answer(
            Outcome.UNKNOWN,
            code="500",
            message="The sandbox had a fault of its own.",
            request=_redacted(asked),
            answer={"status": 500},
        )


def _distorted(answer: Answer, behavior: Behavior) -> Answer:
    if behavior is Behavior.OTHER_AMOUNT and answer.amount:
        return replace(answer, amount=answer.amount + 1)
    if behavior is Behavior.OTHER_CURRENCY:
        return replace(answer, currency="XTS")
    return answer


def _redacted(asked: Asked) -> dict[str, Any]:
    """All that is told: there are no secrets and no personal data in it."""
    return {
        "kind": str(asked.kind),
        "idempotency_key": asked.key,
        "reference": asked.reference,
        "amount": show(asked.amount, asked.currency),
        "currency": asked.currency.code,
        "metadata": dict(asked.metadata),
    }


@cache
def _sandbox() -> Sandbox:
    return Sandbox(DatabaseLedger())


def configured() -> Sandbox:
    """The sandbox, where the settings allow it.

    Raises:
        NotConfigured: They do not: it pays nobody.
    """
    if not settings.SANDBOX_GATEWAY:
        raise NotConfigured
    return _sandbox()
