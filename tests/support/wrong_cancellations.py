"""Cancellation documents that are refused, and what is said of their fields."""


def cancellation(*items, key="K-1", **changes):
    return {
        "idempotency_key": key,
        "order_number": "X-1",
        "reason": "Changed Mind",
        "items": list(items) or [{"key": "1", "quantity": 1}],
        **changes,
    }


# Held against order X-1 with lines 1 and 2, two of each, and a delivery charge 1001.
WRONG = [
    (
        cancellation({"key": "1", "quantity": 3}),
        ["items[0].quantity: Only 2 can be canceled."],
    ),
    (
        cancellation(
            {"key": "2", "quantity": 1},
            {"key": "9", "quantity": 1},
            {"key": "1001", "quantity": 1},
            {"key": "1", "quantity": 10**30},
        ),
        [
            "items[1].key: This is not a product line of this order.",
            "items[2].key: This is not a product line of this order.",
            "items[3].quantity: Only 2 can be canceled.",
        ],
    ),
    (cancellation(reason="Nonsense"), ["reason: Choose a reason from the list."]),
    (
        cancellation(items="all", reason="Other"),
        ["note: Write a note: the reason Other needs one."],
    ),
    (
        cancellation(items="all", reason=""),
        ["reason: Choose a reason from the list."],
    ),
    (
        cancellation(order_number="X-2"),
        ["order_number: There is no order summary with this number."],
    ),
    (cancellation(items=[]), ["items: must have at least 1 entry"]),
    (cancellation(items="some"), ['items: must be a list of items, or "all"']),
    (cancellation(items=None), ['items: must be a list of items, or "all"']),
    (
        cancellation({"key": "1", "quantity": 1}, {"key": "1", "quantity": 1}),
        ["items[1].key: '1' is there twice"],
    ),
    (cancellation({"key": "1", "quantity": 0}), ["items[0].quantity: must be at least 1"]),
    (
        cancellation({"key": "1", "quantity": 1.0}),
        ["items[0].quantity: must be a whole number"],
    ),
    (
        cancellation({"key": "1", "quantity": "1"}),
        ["items[0].quantity: must be a whole number"],
    ),
    (
        cancellation({"key": "1", "quantity": True}),
        ["items[0].quantity: must be a whole number"],
    ),
    (cancellation({"key": "1"}), ["items[0].quantity: is required"]),
    (cancellation({"quantity": 1}), ["items[0].key: is required"]),
    (
        cancellation({"key": "1", "quantity": 1, "refund_delivery": "yes"}),
        ["items[0].refund_delivery: must be true or false"],
    ),
    (cancellation("1"), ["items[0]: must be an object"]),
    (
        cancellation(refund_delivery=True),
        ["refund_delivery: is not a field of this document"],
    ),
    (cancellation(comment="x"), ["comment: is not a field of this document"]),
    (cancellation(note="x" * 1001), ["note: must have at most 1000 characters"]),
    (cancellation(note=None), ["note: must be text"]),
    (cancellation(note="\0"), ["note: must not hold NUL or broken characters"]),
    (cancellation(note="a\tb"), ["note: must not hold the control character U+0009"]),
    (
        cancellation(note="a\u202eb"),
        ["note: must not hold U+202E, which changes the direction of reading"],
    ),
    (cancellation(note="x\r\n" * 500 + "x"), ["note: must have at most 1000 characters"]),
    (cancellation(reason="a\nb"), ["reason: must not hold the control character U+000A"]),
    (cancellation(key="a\nb"), ["idempotency_key: must not hold the control character U+000A"]),
    (cancellation(key=""), ["idempotency_key: must not be empty"]),
    (cancellation(key="k" * 201), ["idempotency_key: must have at most 200 characters"]),
    (cancellation(key=5), ["idempotency_key: must be text"]),
    (
        cancellation(order_number="X-1 "),
        ["order_number: must be 1 to 64 printable characters without white space at the ends"],
    ),
    (
        {"idempotency_key": "K", "order_number": "X-1", "items": "all", "quantity": 1},
        ["quantity: is not a field of this document"],
    ),
    (
        {},
        ["idempotency_key: is required", "order_number: is required", "items: is required"],
    ),
]
