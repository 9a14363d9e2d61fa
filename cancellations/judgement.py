"""Whether a selection may be canceled, and at what price: judged alike by preview and act."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cancellations.arithmetic.bundles import default_child_quantity
from cancellations.arithmetic.quotes import Quote, everything_eligible, quote
from cancellations.models import LONGEST_NOTE, BundlePolicy, CancellationReason
from cancellations.refunds.gateways.asking import what_can_be_sent
from cancellations.selection import (
    MOST_LINES,
    UNMANAGED,
    EverythingEligible,
    Refusal,
    SelectedLine,
    Selection,
    SelectionRefused,
)
from orders.arithmetic import amounts
from orders.models import OrderSummary
from orders.standing import as_it_stands


@dataclass(frozen=True, slots=True)
class Judged:
    """A selection that may be canceled, priced, with the reasons it names."""

    quote: Quote
    lines: tuple[SelectedLine, ...]
    reasons: dict[str, CancellationReason]


def quote_cancellation(
    order: OrderSummary,
    selection: Selection,
    active: Sequence[CancellationReason] | None = None,
    standing: amounts.Standing | None = None,
) -> Judged:
    """Hold a selection against the rules of domain.md §7 and price it; writes nothing.

    Args:
        active: The reasons there are, as read by this request already.
        standing: The order with the store's rule on bundles, as reckoned by this request already.

    Raises:
        SelectionRefused: With every refusal, each at the field concerned.
    """
    if not order.is_managed:
        raise SelectionRefused(UNMANAGED)
    if standing is None:
        standing = as_it_stands(order)
        policy = BundlePolicy.objects.for_order(order)  # its lines are read by now
        standing = replace(standing, bundle_rule=policy.bundle_rule)
    lines = _selected_lines(standing, selection)
    if active is None:
        active = list(CancellationReason.objects.active())
    reasons = {reason.name: reason for reason in active}
    if refusals := tuple(_refusals(standing, selection, lines, reasons)):
        raise SelectionRefused(*refusals)
    asked = [line.asked for line in lines]
    quoted = quote(
        standing, asked, refund_fees=selection.refund_fees, sends=what_can_be_sent(order)
    )
    return Judged(quoted, lines, reasons)


def _selected_lines(standing: amounts.Standing, selection: Selection) -> tuple[SelectedLine, ...]:
    if not isinstance(selection, EverythingEligible):
        return _with_default_children(standing, selection.lines)
    everything = everything_eligible(standing, refund_delivery=selection.refund_delivery)
    return tuple(SelectedLine(asked, selection.reason, selection.note) for asked in everything)


def _with_default_children(
    standing: amounts.Standing, lines: tuple[SelectedLine, ...]
) -> tuple[SelectedLine, ...]:
    """A bundle that is named without any of its children takes the default ones along (§4)."""
    named = {line.key for line in lines}
    return tuple(
        taken for line in lines for taken in (line, *_default_children(standing, line, named))
    )


def _default_children(
    standing: amounts.Standing, selected: SelectedLine, named: set[str]
) -> Iterator[SelectedLine]:
    children = standing.children_of(selected.key)
    if not selected.asked.takes_children or any(child.key in named for child in children):
        return
    for child in children:
        bundle = standing.lines[selected.key].quantities
        quantity = default_child_quantity(child.quantities, bundle, selected.quantity)
        if quantity and selected.quantity <= standing.available[selected.key]:
            asked = replace(selected.asked, key=child.key, quantity=quantity)
            yield replace(selected, asked=asked)


def _refusals(
    standing: amounts.Standing,
    selection: Selection,
    lines: tuple[SelectedLine, ...],
    reasons: dict[str, CancellationReason],
) -> Iterable[Refusal]:
    if not lines:
        yield Refusal(None, "items", "Nothing of this order is selected that can be canceled.")
    if isinstance(selection, EverythingEligible):
        yield from _reason_refusals(None, selection.reason, selection.note, reasons)
        return
    if len(lines) > MOST_LINES:
        yield Refusal(
            None, "items", f"At most {MOST_LINES} items can be canceled at a time; use Cancel All."
        )
        return
    if len({line.key for line in lines}) < len(lines):
        yield Refusal(None, "items", "An item is selected twice.")
    for line in selection.lines:
        if not line.asked.takes_children and not standing.children_of(line.key):
            yield Refusal(line.key, "children", "This is not a bundle: leave out its children.")
        yield from _quantity_refusals(standing, line)
        yield from _reason_refusals(line.key, line.reason, line.note, reasons)


def _quantity_refusals(standing: amounts.Standing, selected: SelectedLine) -> Iterable[Refusal]:
    line = standing.lines.get(selected.key)
    if line is None or not line.is_product:
        yield Refusal(selected.key, "key", "This is not a product line of this order.")
        return
    available = standing.available[line.key]
    if selected.quantity < 1:
        yield Refusal(selected.key, "quantity", "Enter a quantity of at least 1.")
    elif selected.quantity > available:
        most = f"Only {available}" if available else "Nothing of it"
        why = ": only whole bundles are" if available < line.quantities.available_to_cancel else ""
        yield Refusal(selected.key, "quantity", f"{most} can be canceled{why}.")


def _reason_refusals(
    key: str | None, name: str, note: str, reasons: dict[str, CancellationReason]
) -> Iterable[Refusal]:
    reason = reasons.get(name)
    if reason is None:
        yield Refusal(key, "reason", "Choose a reason from the list.")
    elif reason.lacks_note(note):
        yield Refusal(key, "note", f"Write a note: the reason {reason.name} needs one.")
    if len(note) > LONGEST_NOTE:
        yield Refusal(key, "note", f"Shorten the note to {LONGEST_NOTE} characters.")
