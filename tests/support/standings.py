"""Orders as arithmetic sees them, read from documents; nothing of them is stored."""

from dataclasses import replace

from orders.arithmetic.funds import Payment
from orders.arithmetic.money import parse
from orders.documents.order import as_it_came, read_order
from tests.support.builders import USD, item, order_document, shirts


def usd(text):
    return parse(text, USD)


def sold(*items, paid=(), **changes):
    """An order as arithmetic, from items of documents and amounts captured."""
    document = order_document(items=list(items), payments=[], **changes)
    captured = tuple(Payment(f"P{n}", "Visa", usd(text)) for n, text in enumerate(paid, 1))
    return replace(as_it_came(read_order(document)), payments=captured)


def worked_example():
    order = as_it_came(read_order(shirts()))
    return replace(order, payments=(Payment("P1", "Visa", usd("216.29")),))


def bundle_of_two():
    """Two sets of a free cable and two speakers each, sold for 120.00 in all."""
    return sold(
        item("1", name="Set", unit_price="50.00"),
        item("2", name="Cable", unit_price="0.00", bundle="1"),
        item("3", name="Speaker", quantity=4, unit_price="5.00", bundle="1"),
        paid=["120.00"],
    )
