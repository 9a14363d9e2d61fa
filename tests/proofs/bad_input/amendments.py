"""Documents of an order that is there already: what may not differ, with both values."""

from typing import Any

from tests.proofs.bad_input.row import BadInput, WayIn
from tests.proofs.bad_input.shell import Changes, document_to, done_before
from tests.support.specimens import ABSENT, COMPLETE

WHERE = "line 1, order 00001401, "
ITEMS, PAYMENTS, GROUPS = (COMPLETE[name] for name in ("items", "payments", "delivery_groups"))
CABLE = ITEMS[2]
AN_ITEM = CABLE | {"key": "9", "delivery_group": None}
IN_A_GROUP = "an additional item needs a delivery group of its own, or none"
IN_A_BUNDLE = "an additional item cannot join a bundle that is there already"
AT_NINE, AT_TEN = "09:15:00", "10:15:00"


def row(name: str, changes: dict[str, Any], *says: str) -> BadInput:
    """The known document with fields changed, refused at these paths with these words."""
    return BadInput(name, Changes(changes), 1, " · ".join(WHERE + each for each in says))


def both(name: str, path: str, value: Any, now: str, was: str) -> BadInput:
    """One field changed, refused with both values."""
    return row(name, {path: value}, f"{path}: is {now}, but the order has {was}")


def gone(name: str, among: str, entries: list[Any], key: str) -> BadInput:
    return row(name, {among: entries}, f"{among}: '{key}' is gone, but the order has it")


PLACED = (
    both(
        "another time",
        "ordered_at",
        f"2025-10-03T{AT_TEN}Z",
        f"2025-10-03T{AT_TEN}+00:00",
        f"2025-10-03T{AT_NINE}+00:00",
    ),
    both("another currency", "currency", "EUR", "'EUR'", "'USD'"),
    both("another tax locale", "tax_locale", "gross", "'gross'", "'net'"),
    both("another life cycle", "life_cycle", "unmanaged", "'unmanaged'", "'managed'"),
    gone("a line gone", "items", [*ITEMS[:2], ITEMS[3]], "3"),
    gone("a delivery charge gone", "items", ITEMS[:3], "1001"),
    gone("a payment gone", "payments", PAYMENTS[:1], "P2"),
    gone("all payments gone", "payments", [], "P1"),
    row(
        "a group gone, its line moved",
        {"delivery_groups": GROUPS[:1], "items[2].delivery_group": "G1"},
        "delivery_groups: 'G2' is gone, but the order has it",
        "items[2].delivery_group: is 'G1', but the order has 'G2'",
    ),
)
SOLD = (
    both("another quantity", "items[2].quantity", 2, "2", "1"),
    both("another unit price", "items[2].unit_price", "7.01", "7.01", "7.00"),
    both("another amount of a line", "items[2].line_amount", "6.99", "6.99", "7.00"),
    both("another SKU", "items[2].sku", "WIRE", "'WIRE'", "'CABLE'"),
    both("no SKU", "items[2].sku", "", "''", "'CABLE'"),
    both("another name", "items[2].name", "Wire", "'Wire'", "'Cable'"),
    both("another delivery group", "items[2].delivery_group", "G1", "'G1'", "'G2'"),
    both("no delivery group", "items[2].delivery_group", None, "None", "'G2'"),
    both("out of its bundle", "items[1].bundle", None, "None", "'1'"),
    both("into a bundle", "items[2].bundle", "1", "'1'", "None"),
    row(
        "another type",
        {"items[3].type": "fee", "items[3].delivery_group": None},
        "items[3].type: is 'fee', but the order has 'delivery_charge'",
        "items[3].delivery_group: is None, but the order has 'G1'",
    ),
    both("no adjustment", "items[0].adjustments", [], "none", "'SUMMER'"),
    both("no tax", "items[0].taxes", [], "none", "'Sales tax'"),
    both("another tax", "items[0].taxes[0].amount", "9.64", "9.64", "9.65"),
    both("another rate", "items[0].taxes[0].rate", "0.06", "'0.06'", "'0.05'"),
    both("no rate", "items[0].taxes[0].rate", None, "None", "'0.05'"),
    both("another adjustment", "items[0].adjustments[0].amount", "-5.01", "-5.01", "-5.00"),
    both("another scope", "items[0].adjustments[0].scope", "line", "'line'", "'order'"),
    both("an adjustment renamed", "items[0].adjustments[0].name", "FALL", "'FALL'", "'SUMMER'"),
    row(
        "two prices at once",
        {"items[1].unit_price": "0.51", "items[2].unit_price": "7.01"},
        "items[1].unit_price: is 0.51, but the order has 0.50",
        "items[2].unit_price: is 7.01, but the order has 7.00",
    ),
)
PAID = (
    both("another gateway", "payments[0].gateway", "manual", "'manual'", "'sandbox'"),
    both("another reference", "payments[0].gateway_reference", "ch_2", "'ch_2'", "'ch_1401'"),
    both("full refunds only", "payments[0].full_refund_only", True, "True", "False"),
    both("any refunds", "payments[1].full_refund_only", False, "False", "True"),
    row(
        "money elsewhere beside a change that is none",
        {"payments[0].gateway": "manual", "payments[0].captured": "200.00", "channel": "Phone"},
        "payments[0].gateway: is 'manual', but the order has 'sandbox'",
    ),
)
ADDED = (
    row(
        "a line more in a group that was there",
        {"items": [*ITEMS, AN_ITEM | {"delivery_group": "G1"}]},
        f"items[4].delivery_group: {IN_A_GROUP}",
    ),
    row(
        "a charge more in a group that was there",
        {"items": [*ITEMS, ITEMS[3] | {"key": "1002"}]},
        f"items[4].delivery_group: {IN_A_GROUP}",
    ),
    row(
        "a line more in a bundle that was there",
        {"items": [*ITEMS, AN_ITEM | {"bundle": "1"}]},
        f"items[4].bundle: {IN_A_BUNDLE}",
    ),
    row(
        "a line more in a line that was there",
        {"items": [*ITEMS, AN_ITEM | {"bundle": "3"}]},
        f"items[4].bundle: {IN_A_BUNDLE}",
    ),
    row(
        "a line that was there in a bundle more",
        {"items": [*ITEMS[:2], CABLE | {"bundle": "9"}, ITEMS[3], AN_ITEM]},
        "items[2].bundle: is '9', but the order has None",
    ),
    row(
        "a line more that breaks a rule of its own",
        {"items": [*ITEMS, AN_ITEM | {"quantity_fulfilled": 1}]},
        "items[4].quantity: quantity_fulfilled (1) is above quantity_allocated (0)",
    ),
    row(
        "a line more in place of one",
        {"items": [*ITEMS[:2], AN_ITEM, ITEMS[3]]},
        "items: '3' is gone, but the order has it",
    ),
    row(
        "a payment more in place of one",
        {"payments": [PAYMENTS[0] | {"key": "P9"}, PAYMENTS[1]]},
        "payments: 'P1' is gone, but the order has it",
    ),
    row("no account's name", {"account.name": ABSENT}, "account.name: is required"),
    row(
        "a broken time of the news",
        {"updated_at": "yesterday", "channel": "Phone"},
        "updated_at: must be a time such as 2026-10-03T09:15:00Z",
    ),
    row(
        "counters that contradict each other",
        {"items[0].quantity_returned": 2, "channel": "Phone"},
        "items[0].quantity: quantity_returned (2) is above quantity_return_initiated (1)",
    ),
    row(
        "a capture that is negative",
        {"payments[0].captured": "-0.01", "channel": "Phone"},
        "payments[0].captured: must not be negative",
    ),
)

WAY_IN = WayIn(
    "import_orders, an order that is there already",
    document_to("import_orders", COMPLETE),
    (*PLACED, *SOLD, *PAID, *ADDED),
    (done_before("import_orders", COMPLETE),),
)
