"""Every rule of order documents, as changes of the complete one and what is said of them."""

from tests.support.specimens import ABSENT

MOST = 1_000_000
A_TIME = "must be a time such as 2026-10-03T09:15:00Z"
BETWEEN = "must lie between 1990 and a day from now"
AN_AMOUNT = "must be an amount such as 12.50, as text"
AS_TEXT = 'must be an amount as text, such as "12.50"'
A_CURRENCY = "must be a currency of ISO 4217, such as USD"
A_NUMBER = "must be 1 to 64 printable characters without white space at the ends"
A_RATE = "must be a rate such as 0.05, of at most 18 digits"
WHOLE = "must be a whole number"
TEXT = "must be text"
BOOLEAN = "must be true or false"
A_LIST = "must be a list"
AN_OBJECT = "must be an object"
EMPTY = "must not be empty"
REQUIRED = "is required"
UNKNOWN = "is not a field of this document"
NEGATIVE = "must not be negative"
PLAIN = "must not hold NUL or broken characters"
PRINTABLE = "must hold printable characters only"

CONTROL = "must not hold the control character U+{:04X}"
OVERRIDE = "must not hold U+{:04X}, which changes the direction of reading"
TEXTS = (
    "channel",
    "account.name",
    "account.email",
    "delivery_groups[0].method",
    "delivery_groups[0].deliver_to",
    "delivery_groups[0].address",
    "items[2].sku",
    "items[2].name",
    "items[0].adjustments[0].name",
    "items[0].taxes[0].name",
    "payments[0].method",
    "payments[0].gateway",
    "payments[0].gateway_reference",
)
CONTROLS = "\x01\t\n\r\x1b\x7f\x85\x9f"
OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

# Where a complete document is changed, to what, and what is said there.
WRONG_FIELDS = [
    ("order_number", ABSENT, REQUIRED),
    ("order_number", 1401, TEXT),
    ("order_number", None, TEXT),
    ("order_number", "", A_NUMBER),
    ("order_number", "x" * 65, A_NUMBER),
    ("order_number", " 1401", A_NUMBER),
    ("order_number", "1401 ", A_NUMBER),
    ("order_number", "14\t01", A_NUMBER),
    ("order_number", "14\u202e01", A_NUMBER),
    ("order_number", "14\u00a001", A_NUMBER),
    ("order_number", "\u3000", A_NUMBER),
    ("order_number", "1401\ud800", PLAIN),
    ("order_number", "1401\n", A_NUMBER),
    ("ordered_at", ABSENT, REQUIRED),
    ("ordered_at", 1759482900, A_TIME),
    ("ordered_at", "2025-10-03", A_TIME),
    ("ordered_at", "2025-10-03T09:15:00", A_TIME),
    ("ordered_at", "2025-10-03 09:15:00Z", A_TIME),
    ("ordered_at", "2025-10-03T09:15:00Z ", A_TIME),
    ("ordered_at", "2025-02-30T09:15:00Z", "is not a time of any calendar day"),
    ("ordered_at", "2025-10-03T24:15:00Z", "is not a time of any calendar day"),
    ("ordered_at", "1989-12-31T23:59:59Z", BETWEEN),
    ("ordered_at", "2099-01-01T00:00:00Z", BETWEEN),
    ("currency", ABSENT, A_CURRENCY),
    ("currency", None, A_CURRENCY),
    ("currency", "usd", A_CURRENCY),
    ("currency", "XAU", A_CURRENCY),
    ("currency", ["USD"], A_CURRENCY),
    ("channel", None, TEXT),
    ("channel", "x" * 256, "must have at most 255 characters"),
    ("channel", "a\0b", PLAIN),
    ("life_cycle", "closed", "must be 'managed' or 'unmanaged'"),
    ("life_cycle", None, "must be 'managed' or 'unmanaged'"),
    ("tax_locale", "Net", "must be 'net' or 'gross'"),
    ("total", "1.00", UNKNOWN),
    ("status", "Created", UNKNOWN),
    ("updated_at", 1759482900, A_TIME),
    ("updated_at", "2025-10-03", A_TIME),
    ("updated_at", "", A_TIME),
    ("updated_at", "2025-02-30T09:15:00Z", "is not a time of any calendar day"),
    ("updated_at", "1989-12-31T23:59:59Z", BETWEEN),
    ("updated_at", "2099-01-01T00:00:00Z", BETWEEN),
    ("account", "A-1001", AN_OBJECT),
    ("account", [], AN_OBJECT),
    ("account", False, AN_OBJECT),
    ("account.number", 1001, TEXT),
    ("account.number", "\u202eA-1001", A_NUMBER),
    ("account.name", None, TEXT),
    ("account.number", "A-1001 ", A_NUMBER),
    ("account.number", "", A_NUMBER),
    ("account.number", "x" * 65, A_NUMBER),
    ("account.name", ABSENT, REQUIRED),
    ("account.name", "", EMPTY),
    ("account.name", "x" * 256, "must have at most 255 characters"),
    ("account.name", "a\0b", PLAIN),
    ("account.email", None, TEXT),
    ("account.phone", "555", UNKNOWN),
    ("delivery_groups", {}, A_LIST),
    ("delivery_groups[0]", [], AN_OBJECT),
    ("delivery_groups[0].key", "", EMPTY),
    ("delivery_groups[0].method", ABSENT, REQUIRED),
    ("delivery_groups[0].deliver_to", "", EMPTY),
    ("delivery_groups[0].address", "x" * 1001, "must have at most 1000 characters"),
    ("delivery_groups[0].price", "1.00", UNKNOWN),
    ("items", ABSENT, REQUIRED),
    ("items", None, A_LIST),
    ("items", "all", A_LIST),
    ("items[2]", "Cable", AN_OBJECT),
    ("items[2].key", ABSENT, REQUIRED),
    ("items[2].key", 3, TEXT),
    ("items[2].key", "", EMPTY),
    ("items[2].key", "k" * 65, "must have at most 64 characters"),
    ("items[2].key", "a\tb", PRINTABLE),
    ("items[2].key", "1", "'1' is there twice"),
    ("items[2].type", ABSENT, REQUIRED),
    ("items[2].type", "service", "must be 'product', 'delivery_charge' or 'fee'"),
    ("items[2].sku", "x" * 256, "must have at most 255 characters"),
    ("items[2].sku", 5, TEXT),
    ("items[2].name", "", EMPTY),
    ("items[2].quantity", ABSENT, REQUIRED),
    ("items[2].quantity", "1", WHOLE),
    ("items[2].quantity", 1.0, WHOLE),
    ("items[2].quantity", 1.5, WHOLE),
    ("items[2].quantity", float("inf"), WHOLE),
    ("items[2].quantity", True, WHOLE),
    ("items[2].quantity", 0, "must be at least 1"),
    ("items[2].quantity", -1, "must be at least 1"),
    ("items[2].quantity", MOST + 1, "must be at most 1000000"),
    ("items[2].quantity", 10**30, "must be at most 1000000"),
    ("items[2].unit_price", ABSENT, REQUIRED),
    ("items[2].unit_price", None, AS_TEXT),
    ("items[2].unit_price", 7, AS_TEXT),
    ("items[2].unit_price", 7.0, AS_TEXT),
    ("items[2].unit_price", "", AN_AMOUNT),
    ("items[2].unit_price", "1e3", AN_AMOUNT),
    ("items[2].unit_price", "1,000.00", AN_AMOUNT),
    ("items[2].unit_price", "７.00", AN_AMOUNT),  # noqa: RUF001 -- full-width digit
    ("items[2].unit_price", "1234567890123", AN_AMOUNT),
    ("items[2].unit_price", "7.001", "has more than USD's 2 decimals: give the line_amount"),
    ("items[2].unit_price", "7.000001", "has more than USD's 2 decimals: give the line_amount"),
    ("items[2].unit_price", "7.0000001", AN_AMOUNT),
    ("items[2].line_amount", 7, AS_TEXT),
    ("items[2].line_amount", "", AN_AMOUNT),
    ("items[2].line_amount", "1e3", AN_AMOUNT),
    ("items[2].line_amount", "1234567890123", AN_AMOUNT),
    ("items[2].line_amount", ["7.00"], AS_TEXT),
    ("items[2].line_amount", "7.001", "has more than USD's 2 decimals"),
    ("items[2].line_amount", "-0.01", NEGATIVE),
    ("items[1].unit_price", "-0.01", NEGATIVE),
    ("items[2].delivery_group", "G3", "'G3' is not one of the delivery groups"),
    ("items[2].delivery_group", 2, TEXT),
    ("items[3].delivery_group", None, "is required of a delivery charge"),
    ("items[2].bundle", "9", "'9' is not one of the items"),
    ("items[2].bundle", "3", "a bundle cannot hold itself"),
    ("items[2].bundle", "2", "bundles cannot be nested"),
    ("items[2].bundle", "1001", "a delivery charge or fee cannot be a bundle"),
    ("items[3].bundle", "1", "a delivery charge cannot be in a bundle"),
    ("items[0].adjustments", {}, A_LIST),
    ("items[0].adjustments[0].name", "", EMPTY),
    ("items[0].adjustments[0].scope", "item", "must be 'line' or 'order'"),
    ("items[0].adjustments[0].amount", "-5.001", "has more than USD's 2 decimals"),
    ("items[0].adjustments[0].amount", -5, AS_TEXT),
    ("items[0].adjustments[0].code", "SUMMER", UNKNOWN),
    ("items[0].taxes[0].name", ABSENT, REQUIRED),
    ("items[0].taxes[0].rate", 0.05, TEXT),
    ("items[0].taxes[0].rate", "5%", A_RATE),
    ("items[0].taxes[0].rate", "", A_RATE),
    ("items[0].taxes[0].rate", ".5", A_RATE),
    ("items[0].taxes[0].rate", "5.", A_RATE),
    ("items[0].taxes[0].rate", "0.0.5", A_RATE),
    ("items[0].taxes[0].rate", "1" * 19, A_RATE),
    ("items[0].taxes[0].rate", f"0.{'1' * 18}", A_RATE),
    ("items[0].taxes[0].rate", "٠.٠٥", A_RATE),  # noqa: RUF001 -- Arabic digits
    ("items[0].taxes[0].amount", "-0.01", NEGATIVE),
    ("items[0].taxes[0].amount", "9,65", AN_AMOUNT),
    ("items[0].taxes[0].included", True, UNKNOWN),
    ("items[2].quantity_allocated", None, WHOLE),
    ("items[2].quantity_allocated", -1, "must be at least 0"),
    ("items[2].quantity_canceled", -1, "must be at least 0"),
    ("items[2].quantity_canceled", "0", WHOLE),
    ("items[2].quantity_canceled", None, WHOLE),
    ("items[2].quantity_canceled_total", 0, UNKNOWN),
    ("items[2].quantity_canceled", MOST + 1, "must be at most 1000000"),
    ("payments", None, A_LIST),
    ("payments[0].method", "", EMPTY),
    ("payments[0].gateway", ABSENT, REQUIRED),
    ("payments[0].gateway", "", EMPTY),
    ("payments[0].gateway_reference", None, TEXT),
    ("payments[0].authorized", ABSENT, REQUIRED),
    ("payments[0].authorized", 200.0, AS_TEXT),
    ("payments[0].captured", "-0.01", NEGATIVE),
    ("payments[0].charged_back", "-0.01", NEGATIVE),
    ("payments[0].charged_back", 0, AS_TEXT),
    ("payments[0].charged_back", None, AS_TEXT),
    ("payments[0].charged_back", "0.001", "has more than USD's 2 decimals"),
    ("payments[0].refunded_total", "0.00", UNKNOWN),
    ("payments[0].refunded", "-0.01", NEGATIVE),
    ("payments[0].full_refund_only", 1, BOOLEAN),
    ("payments[0].full_refund_only", "true", BOOLEAN),
    ("payments[0].pending_refund", "0.00", UNKNOWN),
    *((path, "a\x1cb", CONTROL.format(0x1C)) for path in TEXTS),
    *((path, "\u202eb", OVERRIDE.format(0x202E)) for path in TEXTS),
    *(("items[2].name", f"a{sign}b", CONTROL.format(ord(sign))) for sign in CONTROLS),
    *(("items[2].name", f"a{sign}b", OVERRIDE.format(ord(sign))) for sign in OVERRIDES),
    *((f"{name}[0].key", "k\u2067", PRINTABLE) for name in ("delivery_groups", "payments")),
    ("items[2].key", "a\x85b", PRINTABLE),
]
# Changes whose trouble shows in another place than the change, or in several.
WRONG_TOGETHER = [
    (
        {"delivery_groups[1].key": "G1", "items[2].delivery_group": "G1"},
        ["delivery_groups[1].key: 'G1' is there twice"],
    ),
    ({"payments[1].key": "P1"}, ["payments[1].key: 'P1' is there twice"]),
    (
        {"items[2].quantity_allocated": 2},
        [
            "items[2].quantity: quantity_allocated (2) is above"
            " the quantity ordered and not canceled (1)"
        ],
    ),
    (
        {"items[2].quantity_fulfilled": 1},
        ["items[2].quantity: quantity_fulfilled (1) is above quantity_allocated (0)"],
    ),
    (
        {"items[0].quantity_return_initiated": 2},
        ["items[0].quantity: quantity_return_initiated (2) is above quantity_fulfilled (1)"],
    ),
    (
        {"items[0].quantity_returned": 2},
        ["items[0].quantity: quantity_returned (2) is above quantity_return_initiated (1)"],
    ),
    (
        {"items[3].quantity_allocated": 1},
        ["items[3].quantity: a delivery charge has no quantity counters"],
    ),
    (
        {"items[2].quantity_canceled": 2},
        ["items[2].quantity: quantity_canceled (2) is above the quantity ordered"],
    ),
    (
        {"items[3].quantity_canceled": 1},
        ["items[3].quantity: a delivery charge has no quantity counters"],
    ),
    (
        {"items[2].quantity": 2, "items[2].quantity_canceled": 1, "items[2].quantity_allocated": 2},
        [
            "items[2].quantity: quantity_allocated (2) is above"
            " the quantity ordered and not canceled (1)"
        ],
    ),
    (
        {"items[2].line_amount": "7.00", "items[2].unit_price": "7.0000001"},
        [f"items[2].unit_price: {AN_AMOUNT}"],
    ),
    (
        {"items[2].unit_price": "-0.000001", "items[2].line_amount": "7.00"},
        ["items[2].unit_price: must not be negative"],
    ),
    (
        {"items[0].line_amount": "4.99"},
        ["items[0].adjustments: take more off the line than it costs"],
    ),
    (
        {"items[3].type": "fee"},
        ["items[3].delivery_group: a fee belongs to no delivery group"],
    ),
    (
        {"items[3].type": "fee", "items[3].delivery_group": None, "items[3].bundle": "1"},
        ["items[3].bundle: a fee cannot be in a bundle"],
    ),
    (
        {"items[3].type": "fee", "items[3].delivery_group": None, "items[2].bundle": "1001"},
        ["items[2].bundle: a delivery charge or fee cannot be a bundle"],
    ),
    (
        {
            "items[3].type": "fee",
            "items[3].delivery_group": None,
            "items[3].quantity_returned": 1,
        },
        [
            "items[3].quantity: a fee has no quantity counters",
            "items[3].quantity: quantity_returned (1) is above quantity_return_initiated (0)",
        ],
    ),
    (
        {"items[0].adjustments[0].amount": "-198.01"},
        ["items[0].adjustments: take more off the line than it costs"],
    ),
    ({"items[0].bundle": "3"}, ["items[1].bundle: bundles cannot be nested"]),
    (
        {"payments[1].authorized": "-0.01", "payments[1].captured": "-0.01"},
        [
            "payments[1].authorized: must not be negative",
            "payments[1].captured: must not be negative",
        ],
    ),
    (
        {"items[2].quantity": MOST, "items[2].unit_price": "999999999999.99"},
        ["items: add up to more than an order can hold"],
    ),
    (
        {"items[0].quantity": 0, "items[2].name": "", "payments[0].captured": "x"},
        [
            "items[0].quantity: must be at least 1",
            "items[2].name: must not be empty",
            f"payments[0].captured: {AN_AMOUNT}",
        ],
    ),
]
