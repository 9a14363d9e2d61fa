from datetime import timedelta

import pytest
from django.utils import timezone

from orders.arithmetic.money import parse
from orders.documents.export import dump_order
from orders.documents.fields import DocumentRefused
from orders.documents.order import as_it_came, read_order
from orders.standing import as_it_stands, with_everything
from tests.support.builders import USD, imported
from tests.support.specimens import COMPLETE, MINIMAL, changed, complete
from tests.support.wrong_documents import BETWEEN, MOST, PLAIN, WRONG_FIELDS, WRONG_TOGETHER

ADDED = ("status", "totals", "expected_elsewhere", "given_elsewhere")
ADDED_TO_ITEMS = (
    "status",
    "quantity_ordered",
    "quantity_current",
    "quantity_available_to_cancel",
    "amount",
    "tax",
)
ADDED_TO_PAYMENTS = (
    "refunded_elsewhere",
    "pending_refund",
    "refundable",
    "authorization_open",
)


def problems_of(document):
    with pytest.raises(DocumentRefused) as refused:
        read_order(document)
    return [str(problem) for problem in refused.value.problems]


def fingerprint(document):
    return read_order(document).fingerprint


def test_complete_and_minimal_documents_are_taken():
    assert read_order(COMPLETE).order_number == "00001401"
    assert read_order(MINIMAL).order_number == "1"


@pytest.mark.parametrize(("path", "value", "words"), WRONG_FIELDS)
def test_a_wrong_field_is_named_with_what_is_wrong(path, value, words):
    assert problems_of(complete({path: value})) == [f"{path}: {words}"]


@pytest.mark.parametrize(("changes", "problems"), WRONG_TOGETHER)
def test_what_only_the_whole_document_tells_is_refused(changes, problems):
    assert problems_of(complete(changes)) == problems


def test_amounts_are_held_against_the_places_of_the_currency():
    problems = problems_of(complete({"currency": "JPY"}))

    assert problems[0] == "items[0].adjustments[0].amount: has more than JPY's 0 decimals"
    assert {problem.split(": ")[1] for problem in problems} == {"has more than JPY's 0 decimals"}


def test_unit_prices_are_held_against_them_where_no_line_amount_is_given():
    yen = changed(MINIMAL, {"currency": "JPY", "items[1].unit_price": "8"})

    assert problems_of(changed(yen, {"items[0].unit_price": "7.5"})) == [
        "items[0].unit_price: has more than JPY's 0 decimals: give the line_amount"
    ]
    assert read_order(changed(yen, {"items[0].unit_price": "7.5", "items[0].line_amount": "7"}))


@pytest.mark.parametrize("field", ["channel", "items[0].adjustments[0].name"])
def test_broken_characters_are_refused(field):
    assert problems_of(complete({field: "a\ud800"})) == [f"{field}: {PLAIN}"]


def test_two_thousand_items_are_the_most():
    items = [{**MINIMAL["items"][0], "key": f"{n}"} for n in range(2001)]

    read_order({**MINIMAL, "items": items[:2000]})

    assert problems_of({**MINIMAL, "items": items}) == ["items: must have at most 2000 entries"]


def many(name, count):
    entry = complete({})[name][0]
    return {name: [*complete({})[name], *({**entry, "key": f"k{n}"} for n in range(count))]}


def of_an_item(name, count):
    entry = {"name": "x", "amount": "0.00"} | ({"scope": "line"} if name == "adjustments" else {})
    return [entry] * count


def test_how_many_payments_and_delivery_groups_an_order_may_have():
    assert read_order(complete(many("payments", 98)))
    assert read_order(complete(many("delivery_groups", 498)))
    assert problems_of(complete(many("payments", 99))) == [
        "payments: must have at most 100 entries"
    ]
    assert problems_of(complete(many("delivery_groups", 499))) == [
        "delivery_groups: must have at most 500 entries"
    ]


@pytest.mark.parametrize("name", ["adjustments", "taxes"])
def test_how_many_adjustments_and_taxes_an_item_may_have(name):
    assert read_order(complete({f"items[2].{name}": of_an_item(name, 50)}))
    assert problems_of(complete({f"items[2].{name}": of_an_item(name, 51)})) == [
        f"items[2].{name}: must have at most 50 entries"
    ]


def test_how_many_adjustments_and_taxes_an_order_may_have():
    each = {"adjustments": of_an_item("adjustments", 50), "taxes": of_an_item("taxes", 50)}
    items = [{**MINIMAL["items"][0], **each, "key": f"{n}"} for n in range(200)]
    one_more = {**MINIMAL["items"][0], "taxes": of_an_item("taxes", 1), "key": "more"}

    assert read_order({**MINIMAL, "items": items})
    assert problems_of({**MINIMAL, "items": [*items, one_more]}) == [
        "items: must have at most 20000 adjustments and taxes in all"
    ]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("order_number", "A.b_c-9"),
        ("order_number", "2024/00123"),
        ("order_number", ".."),
        ("order_number", "１４ Ω~"),  # noqa: RUF001 -- full-width digits
        ("account.number", "#1 / a"),
        ("order_number", "x" * 64),
        ("ordered_at", "1990-01-01T00:00:00Z"),
        ("ordered_at", "2025-10-03T09:15Z"),
        ("ordered_at", "2025-10-03T09:15:00.123456-07:00"),
        ("payments[1].key", "Ω 2"),
        ("account.name", "名"),
        ("delivery_groups[0].address", "x" * 1000),
        ("items[2].quantity", MOST),
        ("items[2].unit_price", "0"),
        ("items[0].adjustments[0].amount", "-198.00"),
        ("payments[0].refunded", "150.00"),
        ("items[0].taxes[0].rate", "100"),
        ("items[0].taxes[0].rate", "1" * 18),
        ("items[0].taxes[0].rate", "0.08874999999999999"),
        ("items[2].name", "שלום\u200f!"),
        ("items[2].key", " k" * 32),
    ],
)
def test_what_is_just_within_the_limits_is_taken(path, value):
    assert read_order(complete({path: value}))


def test_an_order_may_be_a_day_ahead_at_most():
    def at(moment):
        return complete({"ordered_at": moment.isoformat(timespec="seconds")})

    now = timezone.now()

    assert read_order(at(now + timedelta(hours=23)))
    assert problems_of(at(now + timedelta(hours=25))) == [f"ordered_at: {BETWEEN}"]


def test_defaults_are_filled_in():
    order = read_order(MINIMAL)

    product, charge = order.items
    [payment] = order.payments
    assert (order.channel, order.life_cycle, order.tax_locale) == ("", "managed", "net")
    assert order.account.email == ""
    assert (product.delivery_group, product.bundle) == (None, None)
    assert not product.has_counters
    assert (charge.sku, charge.adjustments, charge.taxes) == ("", [], [])
    assert (payment.captured, payment.refunded, payment.full_refund_only) == (0, 0, False)


def test_lists_may_be_left_out():
    needed = ("order_number", "ordered_at", "currency", "account")
    order = read_order({**{name: MINIMAL[name] for name in needed}, "items": []})

    assert (order.delivery_groups, order.items, order.payments) == ([], [], [])


def test_the_fingerprint_is_the_same_whatever_the_order_of_fields():
    reordered = _reversed(COMPLETE)

    assert list(reordered) != list(COMPLETE)
    assert fingerprint(reordered) == fingerprint(COMPLETE)


@pytest.mark.parametrize(
    ("path", "default"),
    [
        ("channel", ""),
        ("life_cycle", "managed"),
        ("tax_locale", "net"),
        ("account.email", ""),
        ("items[0].delivery_group", None),
        ("items[0].bundle", None),
        ("items[0].quantity_allocated", 0),
        ("items[0].taxes[0].rate", None),
        ("items[1].adjustments", []),
        ("items[1].taxes", []),
        ("items[1].sku", ""),
        ("payments[0].captured", "0"),
        ("payments[0].refunded", "0.00"),
        ("payments[0].full_refund_only", False),
    ],
)
def test_the_fingerprint_is_the_same_with_defaults_written_out(path, default):
    written = changed(MINIMAL, {path: default})

    assert written != MINIMAL
    assert fingerprint(written) == fingerprint(MINIMAL)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("ordered_at", "2025-10-03T11:15:00+02:00"),
        ("items[2].unit_price", "7"),
        ("items[2].unit_price", "007.0"),
        ("payments[1].refunded", "-0.0"),
    ],
)
def test_the_fingerprint_is_the_same_for_the_same_content(path, value):
    assert fingerprint(complete({path: value})) == fingerprint(COMPLETE)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("order_number", "00001402"),
        ("ordered_at", "2025-10-03T09:15:01Z"),
        ("account.name", "Lauren  Boyle"),
        ("items[2].unit_price", "7.01"),
        ("items[2].name", "cable"),
        ("items[0].taxes[0].rate", "0.050"),
        ("items", COMPLETE["items"][:1] + COMPLETE["items"][:0:-1]),
        ("payments[0].full_refund_only", True),
    ],
)
def test_the_fingerprint_tells_other_content(path, value):
    assert fingerprint(complete({path: value})) != fingerprint(COMPLETE)


def test_a_document_reads_into_arithmetic():
    order = as_it_came(read_order(COMPLETE))

    assert list(order.lines) == ["1", "2", "3", "1001"]
    assert order.lines["2"].bundle == "1"
    assert order.totals.grand_total == parse("250.04", USD)
    assert order.status == "partially_fulfilled"


@pytest.mark.django_db
@pytest.mark.both_databases
def test_an_imported_order_is_written_as_the_document_it_came_from():
    imported(COMPLETE)

    assert _without_additions(_dumped()) == complete(
        {
            **{f"items[{n}].quantity_canceled": 0 for n in range(4)},
            **{f"payments[{n}].charged_back": "0.00" for n in range(2)},
            "items[0].line_amount": "198.00",
            "items[1].line_amount": "2.00",
            "items[2].line_amount": "7.00",
            "items[3].line_amount": "7.99",
        }
    )


@pytest.mark.django_db
@pytest.mark.both_databases
def test_an_imported_order_is_written_with_its_defaults():
    imported(MINIMAL)

    written = _without_additions(_dumped())

    assert written["items"][1]["sku"] == ""
    assert written["items"][0]["taxes"] == [{"name": "Sales tax", "rate": None, "amount": "0.00"}]
    assert fingerprint(written) == fingerprint(MINIMAL)


@pytest.mark.django_db
@pytest.mark.both_databases
def test_a_delivery_charge_keeps_its_sku():
    imported(complete({"items[3].sku": "SHIP-1"}))

    assert _dumped()["items"][3]["sku"] == "SHIP-1"


def _reversed(value):
    if isinstance(value, dict):
        return {name: _reversed(value[name]) for name in reversed(value)}
    return [_reversed(entry) for entry in value] if isinstance(value, list) else value


def _dumped():
    order = with_everything().get()
    return dump_order(order, as_it_stands(order))


def _without_additions(exported):
    """An exported order without the fields that the export adds (contract.md §3)."""
    document = _without(exported, *ADDED)
    document["items"] = [_without(item, *ADDED_TO_ITEMS) for item in exported["items"]]
    document["payments"] = [_without(entry, *ADDED_TO_PAYMENTS) for entry in exported["payments"]]
    return document


def _without(entry, *names):
    return {name: value for name, value in entry.items() if name not in names}
