"""Reports of what others did, as documents in few words."""


def report(*items, number="X-1", **changes):
    return {"order_number": number, "items": list(items), **changes}


def line(key="1", *, flag=False, **counters):
    """A line's report by the names of its counters: allocated, fulfilled, canceled_total and so on.

    Args:
        flag: The other system gave the delivery back.
    """
    flagged = {"refund_delivery": True} if flag else {}
    return {
        "key": key,
        **{f"quantity_{name}": count for name, count in counters.items()},
        **flagged,
    }


def shipped(count, key="1", **counters):
    return line(key, **{"allocated": count, "fulfilled": count, **counters})


def returned(count, key="1", **counters):
    """So many shipped and come back."""
    return shipped(count, key, return_initiated=count, returned=count, **counters)


def paid(key="P1", **figures):
    """A payment's report: captured, refunded, charged_back and so on, as text."""
    return {"key": key, **figures}


def money(**figures):
    """A report on the first payment alone."""
    return report(payments=[paid(**figures)])
