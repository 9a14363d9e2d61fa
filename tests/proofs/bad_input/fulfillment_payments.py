"""Fulfilment documents that say wrong things of payments, or of what they report and when."""

from typing import Any

from tests.proofs.bad_input.fulfillment_documents import (
    ALLOCATED,
    GOOD,
    REQUIRED,
    TEXT,
    TWO_WAYS,
    UNKNOWN,
    row,
)
from tests.proofs.bad_input.row import BadInput, WayIn
from tests.proofs.bad_input.shell import Changes, document_to, done_before
from tests.support.specimens import ABSENT

AN_AMOUNT = "must be an amount such as 12.50, as text"
AS_TEXT = "must be an amount as text"
NEGATIVE = "must not be negative"
DECIMALS = "has more than USD's 2 decimals"
REUSED = "This key was used before with other content."
A_TIME = "must be a time such as 2026-10-03T09:15:00Z"
NOT_A_DAY = "is not a time of any calendar day"
BETWEEN = "must lie between 1990 and a day from now"

TAKEN = done_before("record_fulfillment", GOOD | {"event": "shipment 7"})


def payment(name: str, at: str, says: str, **figures: Any) -> BadInput:
    """The payment reported with these figures, refused at one of them."""
    reported = {"key": "P1", **figures}
    return BadInput(name, Changes({"payments[0]": reported}), 1, says, f"payments[0].{at}")


def event(name: str, changes: Any, says: str = REUSED, at: str = "event") -> BadInput:
    """The report of an event that was taken before, with other content."""
    return BadInput(name, Changes({"event": "shipment 7"} | changes), 1, says, at, (TAKEN,))


PAYMENTS = (
    row("an unknown payment", "payments[0].key", "P9", "'P9' is not a payment of this order"),
    row("no payment", "payments[0].key", ABSENT, REQUIRED),
    row("a payment that is null", "payments[0]", None, "must be an object"),
    BadInput(
        "a payment named twice",
        Changes({"payments": [{"key": "P1"}, {"key": "P1"}]}),
        1,
        "'P1' is there twice",
        "payments[1].key",
    ),
    row("an unknown field of a payment", "payments[0].method", "Visa", UNKNOWN),
    row("a negative refund", "payments[0].refunded", "-1.00", NEGATIVE),
    row("a capture as a number", "payments[0].captured", 46, AS_TEXT),
    row("too many decimals", "payments[0].captured", "1.001", DECIMALS),
    row("a capture of 1_000", "payments[0].captured", "1_000", AN_AMOUNT),
    row("a capture of 1e3", "payments[0].captured", "1e3", AN_AMOUNT),
    row("a capture of NaN", "payments[0].captured", "NaN", AN_AMOUNT),
    row("a capture in full width", "payments[0].captured", "１.00", AN_AMOUNT),  # noqa: RUF001
    row("a capture of null in a list", "payments[0].captured", [None], AS_TEXT),
    row("a negative authorization", "payments[0].authorized", "-0.01", NEGATIVE),
    row("a negative capture", "payments[0].captured", "-0.01", NEGATIVE),
    row("a capture of 13 digits", "payments[0].captured", "1234567890123", AN_AMOUNT),
    row("a negative chargeback", "payments[0].charged_back", "-0.01", NEGATIVE),
    row("a chargeback as a number", "payments[0].charged_back", 1, AS_TEXT),
    row("a chargeback of three decimals", "payments[0].charged_back", "1.001", DECIMALS),
    row("a negative refund in all", "payments[0].refunded_total", "-0.01", NEGATIVE),
    row("a refund in all as a number", "payments[0].refunded_total", 1.5, AS_TEXT),
    row("a refund in all of 1e3", "payments[0].refunded_total", "1e3", AN_AMOUNT),
    row("a refund in all of three decimals", "payments[0].refunded_total", "0.001", DECIMALS),
    row("charged back in all", "payments[0].charged_back_total", "1.00", UNKNOWN),
    row("captured in all", "payments[0].captured_total", "1.00", UNKNOWN),
    payment("refunded in two ways", "refunded_total", TWO_WAYS, refunded="1", refunded_total="1"),
    payment("refunded 0 in two ways", "refunded_total", TWO_WAYS, refunded="0", refunded_total="0"),
    BadInput(
        "an unknown payment beside a line that fits",
        Changes({"payments": [*GOOD["payments"], {"key": "P9", "captured": "1.00"}]}),
        1,
        "'P9' is not a payment of this order",
        "payments[1].key",
    ),
)
EVENTS = (
    row("an empty event", "event", "", "must not be empty"),
    row("an event of 201 characters", "event", "e" * 201, "must have at most 200 characters"),
    row("an event as a number", "event", 7, TEXT),
    row("an event as a list", "event", ["7"], TEXT),
    row("an event with NUL", "event", "a\0", "must not hold NUL or broken characters"),
    row("an event with half a pair", "event", "\ud800", "must not hold NUL or broken"),
    row("an event with a tab", "event", "a\tb", "must not hold the control character U+0009"),
    row("an event with an override", "event", "a\u202eb", "must not hold U+202E, which changes"),
    event("an event that was another report", {"items[0].quantity_allocated": 2}),
    event("an event that was another payment's", {"payments[0].captured": "2.00"}),
    event("an event with a line more", {"items": [*GOOD["items"], {"key": "2"}]}),
    event("an event with less", {"payments": []}),
    event("an event of another time", {"at": "2026-01-05T12:00:00Z"}),
    event(
        "an event that contradicts itself since",
        {ALLOCATED: -1},
        "must be at least 0",
        ALLOCATED,
    ),
)
TIMES = (
    row("a time as a number", "at", 1767614400, A_TIME),
    row("a time without an offset", "at", "2026-01-05T12:00:00", A_TIME),
    row("a day", "at", "2026-01-05", A_TIME),
    row("a time with a space", "at", "2026-01-05 12:00:00Z", A_TIME),
    row("an empty time", "at", "", A_TIME),
    row("a time that is true", "at", True, A_TIME),
    row("a time with NUL", "at", "2026-01-05T12:00:00Z\0", A_TIME),
    row("a full-width time", "at", "２026-01-05T12:00:00Z", A_TIME),  # noqa: RUF001
    row("a time of the year 10000", "at", "10000-01-05T12:00:00Z", A_TIME),
    row("a time on February 30", "at", "2026-02-30T12:00:00Z", NOT_A_DAY),
    row("a time at 24:00", "at", "2026-01-05T24:00:00Z", NOT_A_DAY),
    row("a time with an offset of 25 hours", "at", "2026-01-05T12:00:00+25:00", NOT_A_DAY),
    row("a time before 1990", "at", "1989-12-31T23:59:59Z", BETWEEN),
    row("a time in far future", "at", "2099-01-01T00:00:00Z", BETWEEN),
)

WAY_IN = WayIn(
    "record_fulfillment, payments and events",
    document_to("record_fulfillment", GOOD),
    (*PAYMENTS, *EVENTS, *TIMES),
)
