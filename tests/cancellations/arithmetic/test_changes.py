from dataclasses import replace

from cancellations.arithmetic.changes import Change, total_changes
from cancellations.arithmetic.quotes import Asked, standing_after
from tests.support.builders import fee, item
from tests.support.standings import sold, usd, worked_example


def test_every_total_is_shown_before_and_after():
    before = worked_example()

    changes = total_changes(before, standing_after(before, [Asked("1", 1)]))

    assert changes == (
        Change("Products", usd("198.00"), usd("99.00")),
        Change("Order adjustments", 0, 0),
        Change("Delivery", usd("7.99"), usd("7.99")),
        Change("Tax", usd("10.30"), usd("5.35")),
        Change("Total", usd("216.29"), usd("112.34")),
    )
    assert changes[0].by == usd("-99.00")


def test_the_tax_of_gross_orders_is_said_to_be_included():
    before = replace(worked_example(), tax_locale="gross")

    labels = [change.label for change in total_changes(before, before)]

    assert labels[3] == "Tax (included above)"


def test_fees_are_shown_where_there_are_any():
    before = sold(item(), fee())

    changes = total_changes(before, standing_after(before, [Asked("1", 2)], refund_fees=True))

    assert changes[3] == Change("Fees", usd("3.00"), 0)
