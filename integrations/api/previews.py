"""What a cancellation would come to, as a document: what the review page shows."""

from typing import Any

from cancellations.arithmetic.notices import Notice, notices
from cancellations.arithmetic.quotes import Move, Quote
from cancellations.judgement import Judged
from cancellations.second_person import needs_second_person
from cancellations.snapshots import Snapshot
from orders.arithmetic.money import Currency, show
from orders.documents.export import dump_totals
from orders.models import OrderSummary


def dump_preview(order: OrderSummary, judged: Judged) -> dict[str, Any]:
    """Lines, totals, refunds, releases and notices; ``agreed`` is what to send with the act."""
    quoted = judged.quote
    currency = quoted.currency
    return {
        "order_number": order.order_number,
        "currency": currency.code,
        "lines": [_dump_move(move, currency) for move in quoted.moves],
        "totals": {
            "was": dump_totals(quoted.before.totals, currency),
            "will_be": dump_totals(quoted.after.totals, currency),
        },
        "canceled": show(quoted.canceled, currency),
        "refund_due": show(quoted.refund_due, currency),
        "owed_before": show(quoted.owed_before, currency),
        "unassigned": show(quoted.unassigned, currency),
        **_dump_money(quoted),
        "notices": [_dump_notice(notice, currency) for notice in notices(quoted)],
        "needs_second_person": needs_second_person(order, quoted),
        "agreed": Snapshot.of(quoted, judged.lines).sign(order.order_number),
    }


def dump_snapshot(snapshot: Snapshot, currency: Currency) -> dict[str, Any]:
    """What was reviewed, or would be now, to be laid side by side."""
    return {
        "lines": [
            {
                "key": key,
                "quantity": line.quantity,
                "amount": show(line.net, currency),
                "tax": show(line.tax, currency),
            }
            for key, line in snapshot.lines.items()
        ],
        "refunds": _by_payment(snapshot.refunds.items(), currency),
        "releases": _by_payment(snapshot.releases.items(), currency),
        "unassigned": show(snapshot.unassigned, currency),
        "refund_fees": snapshot.refund_fees,
    }


def _dump_move(move: Move, currency: Currency) -> dict[str, Any]:
    return {
        "key": move.line.key,
        "quantity": move.quantity,
        "amount": show(move.net, currency),
        "tax": show(move.tax, currency),
    }


def _dump_money(quoted: Quote) -> dict[str, Any]:
    refunds = [(share.payment.key, share.amount) for share in quoted.shares]
    releases = [(release.payment.key, release.amount) for release in quoted.releases]
    return {
        "refunds": _by_payment(refunds, quoted.currency),
        "releases": _by_payment(releases, quoted.currency),
    }


def _by_payment(amounts: Any, currency: Currency) -> list[dict[str, str]]:
    return [{"payment": key, "amount": show(amount, currency)} for key, amount in amounts]


def _dump_notice(notice: Notice, currency: Currency) -> dict[str, Any]:
    return {
        "type": notice.bite.value,
        "line": notice.line.key,
        "about": notice.about.key if notice.about else None,
        "amount": show(notice.amount, currency),
        "units": notice.units,
    }
