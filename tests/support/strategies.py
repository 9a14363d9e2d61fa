"""Random small orders as arithmetic sees them, for tests of properties."""

from dataclasses import replace

from hypothesis import strategies as st

from orders.arithmetic.amounts import Group, Line, Standing
from orders.arithmetic.funds import Payment
from orders.arithmetic.statuses import Quantities
from tests.support.builders import USD

GROUPS = ("G1", "G2")


@st.composite
def quantities(draw, most=6):
    """Counters of a line as imported: nothing canceled, the invariant kept."""
    ordered = draw(st.integers(1, most))
    allocated = draw(st.integers(0, ordered))
    fulfilled = draw(st.integers(0, allocated))
    initiated = draw(st.integers(0, fulfilled))
    return Quantities(ordered, 0, allocated, fulfilled, initiated, draw(st.integers(0, initiated)))


@st.composite
def lines(draw, key, bundle=None, untouched=False):
    """A product line whose net is not negative, as documents have it."""
    counters = Quantities(draw(st.integers(1, 6))) if untouched else draw(quantities())
    amount = draw(st.integers(0, 5000)) * counters.ordered
    adjustments, net = [], amount
    for scope in draw(st.lists(st.sampled_from(["line", "order"]), max_size=3)):
        adjustments.append((scope, draw(st.integers(-net, 500))))
        net += adjustments[-1][1]
    return Line(
        key=key,
        name=f"Thing {key}",
        type="product",
        quantities=counters,
        line_amount=amount,
        adjustments=tuple(adjustments),
        taxes=tuple(draw(st.lists(st.integers(0, 2000), max_size=2))),
        bundle=bundle,
        group=draw(st.sampled_from([*GROUPS, None])),
    )


@st.composite
def delivery_charges(draw, key):
    amount = draw(st.integers(0, 2000))
    return Line(
        key=key,
        name="Standard Ground",
        type="delivery_charge",
        quantities=Quantities(1),
        line_amount=amount,
        adjustments=draw(st.sampled_from([(), (("line", -(amount // 2)),)])),
        taxes=tuple(draw(st.lists(st.integers(0, 400), max_size=1))),
        group=draw(st.sampled_from(GROUPS)),
    )


@st.composite
def payments(draw, key):
    captured = draw(st.integers(0, 30_000))
    refunded = draw(st.integers(0, captured))
    return Payment(
        key=key,
        method="Visa",
        captured=captured,
        refunded_elsewhere=refunded,
        reserved=draw(st.integers(0, captured - refunded)),
        full_refund_only=draw(st.booleans()),
    )


@st.composite
def orders(draw, untouched=False):
    """An order of one to three lines, some of them bundles, with delivery and payments.

    Args:
        untouched: nothing of it is allocated, so all of it can be canceled.
    """
    found = []
    for number in range(draw(st.integers(1, 3))):
        found.append(draw(lines(f"{number}", untouched=untouched)))
        for child in range(draw(st.sampled_from([0, 0, 1, 2]))):
            found.append(draw(lines(f"{number}.{child}", f"{number}", untouched)))
    found += [draw(delivery_charges(f"100{n}")) for n in range(draw(st.integers(0, 2)))]
    return Standing(
        currency=USD,
        tax_locale=draw(st.sampled_from(["net", "gross"])),
        lines={line.key: line for line in found},
        groups={key: Group(key) for key in GROUPS},
        payments=tuple(draw(payments(f"P{n}")) for n in range(draw(st.integers(0, 3)))),
    )


@st.composite
def orders_and_units(draw, **kwargs):
    """An order, and the keys of some of its units to cancel, in some sequence."""
    order = draw(orders(**kwargs))
    units = [
        key
        for key, line in order.lines.items()
        if line.is_product
        for _ in range(line.quantities.available_to_cancel)
    ]
    chosen = draw(st.permutations(units))
    return order, chosen[: draw(st.integers(0, len(chosen)))]


def with_canceled(order, units):
    """The order after so many more units of its lines are canceled; delivery stays."""
    lines = dict(order.lines)
    for key in units:
        counters = lines[key].quantities
        canceled = replace(counters, canceled=counters.canceled + 1)
        lines[key] = replace(lines[key], quantities=canceled)
    return replace(order, lines=lines)
