"""What an order must look like after any acts: the oracle's order, and documents told of it.

Like the oracle it shares no code with the product; amendments are read from contract.md §1 alone.
"""

from copy import deepcopy
from decimal import Decimal

from tests.proofs.acceptance import oracle

COUNTERS = {
    "quantity_returned": "ret",
    "quantity_return_initiated": "ri",
    "quantity_fulfilled": "ful",
    "quantity_allocated": "alloc",
}
"""Fields of a report by the oracle's names: each is at most the next (domain.md §2)."""

TOLD = {**COUNTERS, "quantity_canceled": "elsewhere"}
PAID = {
    "refunded": "refunded",
    "captured": "captured",
    "authorized": "authorized",
    "charged_back": "back",
}


class ExpectedOrder(oracle.Order):
    """An order as the law says it stands; money in minor units, as the oracle keeps it.

    Attributes:
        numbers: The numbers that its change orders got, told by whoever made them.
        undone: Those of them that were undone.
        gone: By payment, what has gone back of our refunds. The oracle counts it as *pending*
            for ever, which comes to the same wherever it reckons what is held.
    """

    def __init__(self, document):
        super().__init__(document)
        self.told = {"channel": "", **deepcopy(document)}
        self.undone, self.numbers = set(), []
        self.gone = dict.fromkeys(self._payments, 0)
        self.last_document = self.told
        self.told_at = dict.fromkeys(
            [None, *self.lines, *self._payments], document.get("updated_at")
        )

    @property
    def products(self):
        return [line for line in self.lines.values() if line.type == "product"]

    @property
    def eligible(self):
        return [line for line in self.products if line.avail > 0]

    def eligible_children(self, bundle):
        return [line for line in self.eligible if line.bundle == bundle.key]

    def cancel(self, document):
        """Take a document that cancels, settles or undoes; gives its outcome."""
        if "undo" not in document:
            return super().cancel(document)
        key, content = document["idempotency_key"], str(sorted(document.items()))
        if document.keys() - {"idempotency_key", "order_number", "undo"}:
            return "refused"
        if key in self.seen:
            return "repeated" if self.seen[key] == content else "refused"
        if document["undo"] in self.undone:
            return "repeated"
        if document["undo"] != self.numbers[-1] or self.undo() == "refused":
            return "refused"
        self.undone.add(document["undo"])
        self.seen[key] = content
        return "undone"

    def becomes(self, refund, was, now):
        """A refund of ours is in another state: its money has gone, is set aside, or is owed.

        Args:
            refund: As the export has it: ``payment`` and ``amount``.
        """
        amount = oracle.minor(refund["amount"], self.p)
        payment = self._payments[refund["payment"]]
        self.gone[payment["key"]] += ((now == "succeeded") - (was == "succeeded")) * amount
        if now == "withdrawn" != was:
            payment["pending"] -= amount

    def gives_up_release(self, release):
        """A release of ours was withdrawn: its authorization is open as it was."""
        payment = self._payments[release["payment"]]
        payment["released"] -= oracle.minor(release["amount"], self.p)
        if not payment["released"]:
            payment["at_release"] = None

    def was_ours(self, refund):
        """A person says that what went back elsewhere was this refund of ours."""
        payment = self._payments[refund["payment"]]
        less = max(0, payment["refunded"] - oracle.minor(refund["amount"], self.p))
        told = {"key": payment["key"], "refunded": self._show(less)}
        assert self.report({"items": [], "payments": [told]}) == "recorded"
        self.open.discard(("refund", payment["key"]))

    def no_longer_undoable(self, number):
        """Something of a change order was sent, or decided."""
        if self.numbers[-1] == number:
            self.undoable = None

    def report(self, document):
        """As the oracle has it; what has gone back for good is no refund that may be another's."""
        known = set(self.open)
        outcome = super().report(document)
        finished = {
            ("refund", payment["key"])
            for payment in self.pay
            if payment["pending"] == self.gone[payment["key"]]
        }
        self.open -= finished - known
        return outcome

    def record(self, report):
        """Take over a report; gives "recorded" or "refused"."""
        for entries in (report["items"], report["payments"]):
            if len({entry["key"] for entry in entries}) < len(entries):
                return "refused"
        at = report.get("at")
        fresh = {
            name: [entry for entry in report[name] if self._is_fresh(entry["key"], at)]
            for name in ("items", "payments")
        }
        outcome = self.report(fresh)
        if outcome == "recorded" and at:
            for entry in [*fresh["items"], *fresh["payments"]]:
                self.told_at[entry["key"]] = at
        return outcome

    def amend(self, document):
        """A document of an order that is there; gives "skipped", "amended" or "refused"."""
        at = document.get("updated_at")
        if _content(document) == _content(self.last_document):
            return "skipped"
        if any(document[name] != self.d[name] for name in ("currency", "tax_locale")):
            return "refused"
        entries = {entry["key"]: entry for entry in [*document["items"], *document["payments"]]}
        if set(self.told_at) - {None} - set(entries):
            return "refused"
        words = {name: document[name] for name in ("account", "channel")}
        is_renamed = self._is_fresh(None, at) and any(
            words[name] != self.told[name] for name in words
        )
        report = {
            "items": list(self._news(self.lines, TOLD, entries, at)),
            "payments": list(self._news(self._payments, PAID, entries, at)),
        }
        if is_renamed:
            self.told |= words
        changed = is_renamed or any(report.values())
        if changed:
            outcome = self.report(report)
            assert outcome == "recorded"
            self.told = {
                **deepcopy(document),
                "account": self.told["account"],
                "channel": self.told["channel"],
            }
            self.last_document = deepcopy(document)
            self._tell_when(at)
        return "amended" if changed else "skipped"

    def export(self):
        """What the export must say: what the oracle says, counters and payments beside it."""
        document = super().export()
        for item in document["items"]:
            line = vars(self.lines[item["key"]])
            item |= {field: line[name] for field, name in COUNTERS.items()}
        for item, payment in zip(document["payments"], self.pay, strict=True):
            gone = self.gone[payment["key"]]
            item |= {field: self._show(payment[name]) for field, name in PAID.items()}
            item |= {
                "pending_refund": self._show(payment["pending"] - gone),
                "refunded": self._show(payment["refunded"] + gone),
                "refunded_elsewhere": self._show(payment["refunded"]),
            }
        return document | {"account": self.told["account"], "channel": self.told["channel"]}

    @property
    def _payments(self):
        return {payment["key"]: payment for payment in self.pay}

    def _is_fresh(self, key, at):
        known = self.told_at.get(key)
        return at is None or known is None or at >= known

    def _tell_when(self, at):
        if at:
            fresh = [key for key in self.told_at if self._is_fresh(key, at)]
            self.told_at |= dict.fromkeys(fresh, at)

    def _news(self, known, fields, entries, at):
        """What a document reports of lines or payments otherwise than was last told."""
        for key, before in known.items():
            last = self._last_told(before, fields)
            told = {field: self._read(entries[key].get(field)) for field in fields}
            if not self._is_fresh(key, at):
                continue
            if at is None:
                told = {field: max(last[field], told[field]) for field in fields}
            if told != last:
                yield {"key": key, **{field: self._told(told[field], fields) for field in fields}}

    def _last_told(self, known, fields):
        if fields is PAID:
            return {field: known[name] for field, name in fields.items()}
        return {field: known.rep[name] for field, name in fields.items()}

    def _read(self, value):
        if isinstance(value, str):
            return oracle.minor(value, self.p)
        return value or 0

    def _told(self, value, fields):
        return self._show(value) if fields is PAID else value

    def _show(self, amount):
        return oracle.show(amount, self.p)


def _content(document):
    """What makes two documents the same: all but of what time they are, and zeros left out."""
    return {
        name: [_without_zeros(entry) for entry in value] if name in ("items", "payments") else value
        for name, value in document.items()
        if name != "updated_at"
    }


def _without_zeros(entry):
    zeros = [name for name in (*TOLD, *PAID) if name in entry and not Decimal(entry[name])]
    return {name: value for name, value in entry.items() if name not in zeros}
