"""How an amendment is put into words."""

from console.records.amendments import in_words


def test_what_differs_of_an_order_itself_is_named():
    assert list(in_words(["account", "channel"])) == ["Customer", "Channel"]


def test_entries_are_counted_from_one_with_all_that_differs_of_them():
    paths = ["delivery_groups[0].deliver_to", "delivery_groups[0].address", "payments[1].captured"]

    assert list(in_words(paths)) == [
        "Delivery group 1: recipient, address",
        "Payment 2: captured",
    ]


def test_entries_of_which_the_same_differs_are_named_together():
    shipped = [
        f"items[{position}].quantity_{counter}"
        for position in (0, 2, 3, 4)
        for counter in ("allocated", "fulfilled")
    ]

    assert list(in_words([*shipped, "items[6].quantity_allocated"])) == [
        "Lines 1, 3–5: allocated, fulfilled",
        "Line 7: allocated",
    ]


def test_what_is_additional_is_said_to_be():
    paths = ["items[3]", "items[4]", "payments[1]"]

    assert list(in_words(paths)) == ["Lines 4–5: additional", "Payment 2: additional"]
