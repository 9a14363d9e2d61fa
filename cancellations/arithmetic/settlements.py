"""Refunding what is owed without a cancellation, and charges left behind (domain.md §6)."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from cancellations.arithmetic.distribution import Amounts, Share
from cancellations.arithmetic.quotes import Quote, with_refunds, without_fees
from orders.arithmetic.amounts import Components, Standing
from orders.arithmetic.money import Minor


def quote_settlement(
    standing: Standing,
    delivery_groups: Collection[str],
    *,
    refund_fees: bool,
    chosen: Mapping[str, Minor] | None = None,
    sends: Mapping[str, Amounts] | None = None,
) -> Quote:
    """Price a settlement, whose choices have been judged.

    Args:
        delivery_groups: Those whose charges are given back.
        chosen: How much goes over which payment, where a person chose; by the rules unless given.
        sends: What a payment's gateway can send, by the payment's key, where not any amount.
    """
    after = replace(
        standing,
        groups={
            key: replace(group, released=True) if key in delivery_groups else group
            for key, group in standing.groups.items()
        },
    )
    if refund_fees:
        after = without_fees(after)
    shares = None
    if chosen is not None:
        shares = tuple(
            Share(payment, chosen[payment.key])
            for payment in standing.payments
            if chosen.get(payment.key)
        )
    return with_refunds(standing, after, shares=shares, refund_fees=refund_fees, sends=sends)


def charges_left_behind(standing: Standing) -> dict[str, Minor]:
    """What can be given back of delivery: by group with nothing left, what its charges come to."""
    left: dict[str, Minor] = {}
    for line in standing.lines.values():
        if line.type != "delivery_charge" or line.group is None:
            continue
        components = standing.components[line.key]
        is_left = components.net or components.tax
        if is_left and not standing.has_units_in(line.group):
            left[line.group] = left.get(line.group, 0) + _worth(standing, components)
    return left


def fees_left_behind(standing: Standing) -> dict[str, Minor]:
    """The fees that can be given back once no unit is left: what each comes to, by its line."""
    if standing.has_units:
        return {}
    return {
        line.key: _worth(standing, standing.components[line.key])
        for line in standing.lines.values()
        if line.type == "fee" and not line.released
    }


def _worth(standing: Standing, left: Components) -> Minor:
    """What it is of the grand total; in gross orders the tax is in the net already."""
    return left.net + (left.tax if standing.tax_locale == "net" else 0)
