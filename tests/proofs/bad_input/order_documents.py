"""Order documents that break a rule of contract.md §1.

Most rows are those of tests/support/wrong_documents.py, sent through the command.
"""

from tests.proofs.bad_input.row import BadInput, WayIn
from tests.proofs.bad_input.shell import Changes, document_to
from tests.support.specimens import COMPLETE, MINIMAL
from tests.support.wrong_documents import PLAIN, WRONG_FIELDS, WRONG_TOGETHER

WHERE = "line 1, order 00001401, "


def row(name: str, changes: dict[str, object], says: str, **others: object) -> BadInput:
    return BadInput(name, Changes(changes), 1, says, **others)


FIELDS = tuple(
    row(f"{path} ({number})", {path: value}, f"{path}: {words}")
    for number, (path, value, words) in enumerate(WRONG_FIELDS, start=1)
    if value != float("inf")  # no JSON
)
TOGETHER = tuple(
    row(f"{', '.join(changes)}, together", changes, " · ".join(WHERE + p for p in problems))
    for changes, problems in WRONG_TOGETHER
)
A_PAYMENT, A_GROUP = COMPLETE["payments"][0], COMPLETE["delivery_groups"][0]
A_TAX = {"name": "Sales tax", "amount": "0.00"}


def copies(entry: dict[str, object], count: int) -> list[dict[str, object]]:
    """So many of an entry, each with a key of its own."""
    return [entry | {"key": f"{number}"} for number in range(count)]


MANY_ITEMS = [MINIMAL["items"][0] | {"key": f"{n}"} for n in range(2001)]
OTHERS = (
    row(
        "decimals that the currency has not", {"currency": "JPY"}, "has more than JPY's 0 decimals"
    ),
    row(
        "2,001 items", {"items": MANY_ITEMS}, "items: must have at most 2000 entries", is_slim=False
    ),
    row("101 payments", {"payments": copies(A_PAYMENT, 101)}, "payments: must have at most 100"),
    row(
        "501 delivery groups",
        {"delivery_groups": copies(A_GROUP, 501)},
        "delivery_groups: must have at most 500",
    ),
    row("51 taxes", {"items[2].taxes": [A_TAX] * 51}, "items[2].taxes: must have at most 50"),
    row(
        "51 adjustments",
        {"items[2].adjustments": [A_TAX | {"scope": "line"}] * 51},
        "items[2].adjustments: must have at most 50",
    ),
    row(
        "20,050 taxes",
        {"items": copies(MINIMAL["items"][0] | {"taxes": [A_TAX] * 50}, 401)},
        "items: must have at most 20000 adjustments and taxes in all",
        is_slim=False,
    ),
    row("half a surrogate pair", {"account.name": "\ud800"}, f"account.name: {PLAIN}"),
    row("half a pair in a key", {"items[2].key": "\udfff"}, "items[2].key: must"),
    row(
        "half a pair in the order number", {"order_number": "\ud800"}, "line 1, order_number: must"
    ),
    row("an order number of a space", {"order_number": " "}, "order_number: must be 1 to 64"),
    row("a key of a line break", {"payments[0].key": "\n"}, "payments[0].key: must hold printable"),
    row("an amount with NUL", {"items[2].unit_price": "7\0"}, "items[2].unit_price: must be an"),
    row("an amount of 1_000", {"items[2].unit_price": "1_000"}, "items[2].unit_price: must be an"),
    row("an amount of NaN", {"items[2].unit_price": "NaN"}, "items[2].unit_price: must be an"),
    row(
        "an amount of Infinity", {"payments[0].captured": "Infinity"}, "payments[0].captured: must"
    ),
    row(
        "an amount of 10⁶ digits", {"payments[0].authorized": "9" * 10**6}, "payments[0].authorized"
    ),
    row("a name of 10⁶ characters", {"items[2].name": "x" * 10**6}, "items[2].name: must have at"),
    row(
        "a time of the year 10000", {"ordered_at": "10000-01-01T00:00:00Z"}, "ordered_at: must be a"
    ),
)

WAY_IN = WayIn(
    "import_orders, documents",
    document_to("import_orders", COMPLETE),
    (*FIELDS, *TOGETHER, *OTHERS),
)
