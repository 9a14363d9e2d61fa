"""Random orders to act on, and what acts may ask of them: right, and just not right."""

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
    bundles = [line for line in order.eligible if order.children(line)]
    by_key = {line.key: line for line in bundles}
    bundle = by_key[draw(st.sampled_from(list(by_key)))]
    children = draw(st.just([]) | selections(order.children(bundle)))
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
def steps(draw, order):
    """One counter of one line moved a little, up or down, if any can be."""
    reach = {
        (line.key, field): _reach(line, field) for line in order.products for field in COUNTERS
    }
    movable = [at for at, (low, high) in reach.items() if low < high]
    fields = [field for field in COUNTERS if any(field == name for _, name in movable)]
    if not fields:
        return {}
    field = draw(st.sampled_from(fields))
    key = draw(st.sampled_from([key for key, name in movable if name == field]))
    now, (low, high) = vars(order.lines[key])[COUNTERS[field]], reach[key, field]
    return {
        "items": [{"key": key, field: draw(st.integers(max(low, now - 1), min(high, now + 2)))}]
    }


@st.composite
def amounts(draw, order):
    """A payment with one of its amounts moved to what it may be."""
    paid = draw(_payments(order))
    name = draw(st.sampled_from(PAID))
    low, high = _paid_reach(paid, name)
    amount = draw(st.integers(low, high) | st.just(high))
    return {"key": paid["key"], name: oracle.show(amount, order.p)}


@st.composite
def reports(draw, order):
    """All counters of several lines, and perhaps an amount of a payment."""
    lines = st.sampled_from([line.key for line in order.products])
    keys = draw(st.lists(lines, min_size=1, max_size=3, unique=True))
    payments = [draw(amounts(order))] if order.pay and draw(st.booleans()) else []
    return {"items": [draw(_all_counts(order.lines[key])) for key in keys], "payments": payments}


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


def wrong_reports(order):
    """A report that goes too far somewhere, or names what is not there."""
    wrong = [_nearly_right(order)]
    if any(line.ret for line in order.products):
        wrong.append(_return_undone(order))
    if any(paid["pending"] for paid in order.pay):
        wrong.append(_spent_twice(order))
    return st.one_of(wrong)


@st.composite
def _nearly_right(draw, order):
    wrong = {"items": _wrong_counts(order), "payments": _wrong_amounts(order)}
    where = draw(st.sampled_from(list(wrong)))
    report = draw(reports(order) | st.just({"items": [], "payments": []}))
    return report | {where: [*report[where], draw(wrong[where])]}


@st.composite
def _return_undone(draw, order):
    """Less of a line came back than was reported before."""
    returned = {line.key: line.ret for line in order.products if line.ret}
    key = draw(st.sampled_from(list(returned)))
    return {"items": [{"key": key, "quantity_returned": draw(st.integers(0, returned[key] - 1))}]}


@st.composite
def _spent_twice(draw, order):
    """What is set aside for refunds was refunded elsewhere too, or never came."""
    at = draw(st.sampled_from([at for at, paid in enumerate(order.pay) if paid["pending"]]))
    paid = order.pay[at]
    wrong = {
        "captured": paid["refunded"] + paid["pending"] - 1,
        "refunded": paid["captured"] - paid["pending"] + 1,
    }
    name = draw(st.sampled_from(list(wrong)))
    return {"payments": [{"key": paid["key"], name: oracle.show(wrong[name], order.p)}]}


@st.composite
def _wrong_counts(draw, order):
    if draw(_rarely):
        charges = [line.key for line in order.lines.values() if line not in order.products]
        return {"key": draw(st.sampled_from(["nope", *charges])), "quantity_allocated": 0}
    line = order.lines[draw(st.sampled_from([line.key for line in order.products]))]
    field = draw(st.sampled_from(list(COUNTERS)))
    low, high = _reach(line, field)
    return {"key": line.key, field: draw(st.sampled_from([low - 1, high + 1]))}


@st.composite
def _wrong_amounts(draw, order):
    if not order.pay or draw(_rarely):
        return {"key": "nope"}
    paid = draw(_payments(order))
    name = draw(st.sampled_from(PAID))
    low, high = _paid_reach(paid, name)
    amount = draw(st.sampled_from([low - 1, high + 1]))
    return {"key": paid["key"], name: oracle.show(amount, order.p)}


_rarely = st.integers(0, 5).map(lambda number: number == 5)


def _payments(order):
    return st.integers(0, len(order.pay) - 1).map(order.pay.__getitem__)


@st.composite
def _all_counts(draw, line):
    count = st.integers(line.ret, line.ordered - line.can)
    ladder = sorted(draw(st.tuples(*[count] * len(COUNTERS))))
    return {"key": line.key, **dict(zip(COUNTERS, ladder, strict=True))}


def _reach(line, field):
    """From where to where a counter can move while the others stay; a return is final."""
    ladder = [*(vars(line)[name] for name in COUNTERS.values()), line.ordered - line.can]
    at = list(COUNTERS).index(field)
    return ladder[max(0, at - 1)], ladder[at + 1]


def _paid_reach(paid, name):
    """From where to where an amount of a payment can move while the others stay."""
    return {
        "refunded": (0, paid["captured"] - paid["pending"]),
        "captured": (paid["refunded"] + paid["pending"], paid["authorized"]),
        "authorized": (paid["captured"], paid["authorized"] + 5000),
    }[name]
