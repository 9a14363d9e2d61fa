"""What an order must look like after any acts: the oracle's order, which takes reports over too.

Like the oracle it shares no code with the product.
"""

from tests.proofs.acceptance import oracle

COUNTERS = {
    "quantity_returned": "ret",
    "quantity_return_initiated": "ri",
    "quantity_fulfilled": "ful",
    "quantity_allocated": "alloc",
}
"""Fields of a report by the oracle's names: each is at most the next (domain.md §2)."""

PAID = ("refunded", "captured", "authorized")


class ExpectedOrder(oracle.Order):
    """An order as the law says it stands; money in minor units, as the oracle keeps it."""

    def __init__(self, document):
        super().__init__(document)
        for payment, given in zip(self.pay, document["payments"], strict=True):
            payment["authorized"] = oracle.minor(given["authorized"], self.p)

    @property
    def products(self):
        return [line for line in self.lines.values() if line.type == "product"]

    @property
    def eligible(self):
        return [line for line in self.products if line.avail > 0]

    def children(self, bundle):
        return [line for line in self.eligible if line.bundle == bundle.key]

    def cancel(self, document):
        """Gives "canceled", "repeated" or "refused"."""
        outcome = super().cancel(document)
        if outcome == "canceled":
            self.changes[-1]["kind"] = "cancellation"
        return outcome

    def record(self, report):
        """Take over a report; gives "recorded", "returned" (then a change order) or "refused"."""
        entries = {entry["key"]: entry for entry in report["items"]}
        payments = {entry["key"]: entry for entry in report["payments"]}
        if len(entries) < len(report["items"]) or len(payments) < len(report["payments"]):
            return "refused"
        counted = {key: self._counted(key, entry) for key, entry in entries.items()}
        paid = {key: self._paid(key, entry) for key, entry in payments.items()}
        if None in counted.values() or None in paid.values():
            return "refused"
        returned = {key: counts["ret"] - self.lines[key].ret for key, counts in counted.items()}
        before = self._money()
        for key, counts in counted.items():
            vars(self.lines[key]).update(counts)
        for payment in self.pay:
            payment.update(paid.get(payment["key"], {}))
        if not any(returned.values()):
            return "recorded"
        self._add_return(before, {key for key, count in returned.items() if count}, returned)
        return "returned"

    def export(self):
        """What the export must say: what the oracle says, counters and payments beside it."""
        document = super().export()
        for item in document["items"]:
            line = vars(self.lines[item["key"]])
            item |= {field: line[name] for field, name in COUNTERS.items()}
        for item, payment in zip(document["payments"], self.pay, strict=True):
            item |= {name: self._show(payment[name]) for name in PAID}
        return document

    def _counted(self, key, entry):
        """A line's counters as reported, or None: no such line, or the invariant is broken."""
        line = self.lines.get(key)
        if line is None or line.type != "product":
            return None
        counts = {name: entry.get(field, vars(line)[name]) for field, name in COUNTERS.items()}
        ladder = [line.ret, *counts.values(), line.ordered - line.can]  # a return is final
        return counts if ladder == sorted(ladder) else None

    def _paid(self, key, entry):
        """A payment's amounts as reported, or None: no such payment, or more goes than came."""
        for payment in self.pay:
            if payment["key"] == key:
                paid = {n: self._minor(entry[n]) if n in entry else payment[n] for n in PAID}
                gone = paid["refunded"] + payment["pending"]
                is_possible = paid["refunded"] >= 0 and gone <= paid["captured"]
                return paid if is_possible and paid["captured"] <= paid["authorized"] else None
        return None

    def _money(self):
        return self.totals(), {key: self.amounts(line) for key, line in self.lines.items()}

    def _add_return(self, before, keys, quantities):
        """The change order of a return: what left every line that moved, and no refund."""
        (totals, amounts), (totals_now, amounts_now) = before, self._money()
        moved = [key for key in self.lines if key in keys or amounts[key] != amounts_now[key]]
        self.changes.append(
            {
                "kind": "return",
                "totals": {n: self._show(totals_now[n] - totals[n]) for n in totals},
                "refund_due": self._show(0),
                "unassigned": self._show(0),
                "items": [
                    {
                        "key": key,
                        "type": "return",
                        "quantity": quantities.get(key, 0),
                        "amount": self._show(_net(amounts_now[key]) - _net(amounts[key])),
                        "tax": self._show(sum(amounts_now[key][2]) - sum(amounts[key][2])),
                    }
                    for key in moved
                ],
                "refunds": [],
            }
        )

    def _minor(self, text):
        return oracle.minor(text, self.p)

    def _show(self, amount):
        return oracle.show(amount, self.p)


def _net(amounts):
    line, adjustments, _ = amounts
    return line + sum(amount for _, amount in adjustments)
