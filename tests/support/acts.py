"""Random orders to act on, and what acts may ask of them: right, and just not right."""

from copy import deepcopy
from dataclasses import replace

from hypothesis import strategies as st

from tests.proofs.acceptance import oracle
from tests.support.builders import adjustment, delivery_charge, delivery_group, item, payment, tax
from tests.support.expected_order import COUNTERS, PAID
from tests.support.strategies import orders

usually = st.sampled_from([True, True, False])


def order_documents():
    """Orders as documents, of many shapes, all of them managed."""
    return st.one_of(_generated(), _small()).map(lambda order: {**order, "life_cycle": "managed"})


def _generated():
    """Orders of the oracle's own making, without its few of a hundred lines and more."""
    seeds = st.integers(0, 10**6)
    found = seeds.map(lambda seed: next(oracle.generate(seed, 1))[0])
    return found.filter(lambda order: len(order["items"]) < 100)


@st.composite
def _small(draw):
    """Orders of few lines, some of them free, paid with too little or too much."""
    order = draw(orders(untouched=draw(st.booleans())))
    places = oracle.MINOR[currency := draw(st.sampled_from(["USD", "JPY", "KWD"]))]
    free, paid = (
        draw(st.sampled_from(["none", "G1"])),
        draw(st.sampled_from([0, 1, 2, 3, 3])),
    )
    return {
        "ordered_at": "2026-01-05T12:00:00Z",
        "currency": currency,
        "tax_locale": order.tax_locale,
        "account": {"number": "A-1001", "name": "Lauren Boyle"},
        "delivery_groups": [delivery_group(key) for key in order.groups],
        "items": [
            _line(replace(line, line_amount=0, adjustments=()), places)
            if line.is_product and line.group == free
            else _line(line, places)
            for line in order.lines.values()
        ],
        "payments": [
            draw(_paid(f"P{number}", order.totals.grand_total, places)) for number in range(paid)
        ],
    }


def _line(line, places):
    def money(amount):
        return oracle.show(amount, places)

    make = item if line.is_product else delivery_charge
    counters = {f: getattr(line.quantities, f.removeprefix("quantity_")) for f in COUNTERS}
    return make(
        line.key,
        quantity=line.quantities.ordered,
        unit_price=money(line.line_amount // line.quantities.ordered),
        delivery_group=line.group,
        bundle=line.bundle,
        adjustments=[adjustment(money(amount), scope) for scope, amount in line.adjustments],
        taxes=[tax(money(amount)) for amount in line.taxes],
        **counters,
    )


@st.composite
def _paid(draw, key, worth, places):
    captured = draw(st.integers(0, worth) | st.just(worth))
    return payment(
        oracle.show(captured + draw(st.sampled_from([0, worth])), places),
        key,
        captured=oracle.show(captured, places),
        refunded=oracle.show(captured // draw(st.sampled_from([3, worth + 1])), places),
        full_refund_only=draw(st.booleans()),
    )


@st.composite
def selections(draw, lines):
    """A few of the lines, each with some of what is available of it, as a document's items."""
    by_key = {line.key: line for line in lines}
    keys = draw(st.lists(st.sampled_from(list(by_key)), min_size=1, max_size=3, unique=True))
    return [draw(_selected(by_key[key])) for key in keys]


@st.composite
def bundle_selections(draw, order):
    """A bundle with all, some or none of its children."""
    bundles = [line for line in order.eligible if order.eligible_children(line)]
    by_key = {line.key: line for line in bundles}
    bundle = by_key[draw(st.sampled_from(list(by_key)))]
    children = draw(st.just([]) | selections(order.eligible_children(bundle)))
    return [draw(_selected(bundle)), *children]


def _selected(line):
    return st.fixed_dictionaries(
        {
            "key": st.just(line.key),
            "quantity": st.integers(1, (line.avail + 1) // 2),
            "refund_delivery": usually,
        }
    )


@st.composite
def wrong_selections(draw, order):
    """A selection with one item that cannot be canceled, or nothing at all."""
    if not order.eligible and draw(st.booleans()):
        return "all"
    items = draw(selections(order.eligible)) if order.eligible else []
    wrong = [{"key": line.key, "quantity": line.avail + 1} for line in order.products]
    wrong += [{"key": order.products[0].key, "quantity": count} for count in (0, -1, 10**7)]
    charges = [line.key for line in order.lines.values() if line not in order.products]
    wrong += [{"key": key, "quantity": 1} for key in ("nope", *charges)]
    return draw(st.just([]) | st.sampled_from([*wrong, *items]).map(lambda item: [*items, item]))


@st.composite
def settlements(draw, order):
    """What is owed, with some of the delivery charges and perhaps the fees; not always rightly."""
    groups = [key for key in order.flagged if draw(st.booleans())]
    return {"delivery_groups": groups, "refund_fees": draw(st.booleans())}


@st.composite
def reports(draw, order):
    """Counters of several lines and figures of payments, whether they fit or not."""
    lines = st.sampled_from([line.key for line in order.products])
    keys = draw(st.lists(lines, max_size=3, unique=True))
    payments = [draw(amounts(order))] if order.pay and draw(st.booleans()) else []
    return {"items": [draw(_counts(order.lines[key])) for key in keys], "payments": payments}


@st.composite
def whole(draw, order):
    """Whatever is left of every line is allocated, fulfilled, on its way back or returned."""
    moved = list(COUNTERS)[draw(st.integers(0, len(COUNTERS) - 1)) :]
    return {
        "items": [
            {"key": line.key, **dict.fromkeys(moved, line.ordered - line.can)}
            for line in order.products
        ]
    }


@st.composite
def amounts(draw, order):
    """A payment with some of its figures anew, fitting or not."""
    paid = order.pay[draw(st.integers(0, len(order.pay) - 1))]
    most = paid["authorized"] + 500
    names = draw(st.lists(st.sampled_from(sorted(PAID)), min_size=1, max_size=3, unique=True))
    told = {
        name: draw(st.integers(0, most) | st.sampled_from([paid["captured"], paid["pending"]]))
        for name in names
    }
    if "refunded" in told and draw(st.booleans()):
        told["refunded_total"] = told.pop("refunded")
    return {"key": paid["key"], **{name: oracle.show(told[name], order.p) for name in told}}


@st.composite
def _counts(draw, line):
    """Counters of a line that do not contradict each other, some of them left out."""
    count = st.integers(0, line.ordered)
    ladder = sorted(draw(st.tuples(*[count] * len(COUNTERS))))
    told = {"key": line.key, **dict(zip(COUNTERS, ladder, strict=True))}
    if draw(st.booleans()):
        total = draw(st.booleans())
        told["quantity_canceled_total" if total else "quantity_canceled"] = draw(count)
    if draw(st.booleans()):
        told["refund_delivery"] = True
    for field in draw(st.lists(st.sampled_from(sorted(COUNTERS)), max_size=2)):
        told.pop(field, None)
    return told


@st.composite
def wrong_reports(draw, order):
    """A report that contradicts itself, or names what is not there."""
    report = draw(reports(order))
    line = draw(st.sampled_from([line.key for line in order.products]))
    charges = [line.key for line in order.lines.values() if line.type != "product"]
    wrong_items = [
        {"key": line, "quantity_returned": 2, "quantity_return_initiated": 1},
        {"key": line, "quantity_allocated": 0, "quantity_fulfilled": 1},
        {"key": line, "quantity_allocated": -1},
        {"key": line, "quantity_canceled": 0, "quantity_canceled_total": 0},
        *({"key": key, "quantity_allocated": 0} for key in ("nope", *charges)),
        *report["items"],
    ]
    wrong_payments = [{"key": "nope"}]
    for paid in order.pay:
        key = paid["key"]
        wrong_payments += [
            {"key": key, "captured": "-1"},
            {"key": key, "refunded": "0", "refunded_total": "0"},
        ]
    where, wrong = draw(
        st.sampled_from(
            [("items", each) for each in wrong_items]
            + [("payments", each) for each in wrong_payments]
        )
    )
    return report | {where: [*report[where], wrong]}


_DAYS = [None, None, "2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z", "2026-02-03T00:00:00Z"]
moments = st.sampled_from(_DAYS)
"""Of what time something is told; two in five do not say."""


@st.composite
def amendments(draw, order):
    """A document of the order, told anew: what it was last told, and what another system knows."""
    document = deepcopy(order.told)
    document["updated_at"] = draw(moments)
    if draw(st.booleans()):
        document["channel"] = draw(st.sampled_from(["Web", "Phone", "Store"]))
    for entry in document["items"]:
        if entry["type"] == "product" and draw(st.booleans()):
            entry |= _fitting_counts(draw, order.lines[entry["key"]])
    for entry in document["payments"]:
        if draw(st.booleans()):
            told = draw(amounts(order))
            if told["key"] == entry["key"] and "refunded_total" not in told:
                entry |= told
    return document


def _fitting_counts(draw, line):
    """Counters that a document may have: it keeps the invariant itself."""
    canceled = draw(st.integers(0, line.ordered))
    count = st.integers(0, line.ordered - canceled)
    ladder = sorted(draw(st.tuples(*[count] * len(COUNTERS))))
    return {"quantity_canceled": canceled, **dict(zip(COUNTERS, ladder, strict=True))}
