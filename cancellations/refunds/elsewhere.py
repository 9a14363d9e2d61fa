"""Money that moves at a gateway by others' doing, taken as the reports that it comes to.

Each is taken once under a name, as an event of its order, and once more when it comes back.
"""

from cancellations.acts.record_fulfillment import record_fulfillment
from cancellations.documents.fulfillment import read_fulfillment
from cancellations.models import Attempt
from cancellations.refunds.gateways.notices import DisputeTold, RefundTold
from cancellations.seeds import system_user
from orders.arithmetic.money import Minor, show
from orders.models import OrderSummary, PaymentSummary


def take_elsewhere(
    order: OrderSummary, name: str, told: RefundTold, payment: PaymentSummary, amount: Minor
) -> bool:
    """Count a refund that is none of ours, from its beginning until it fails; False: it is known.

    Args:
        order: Locked.
        name: Under which it is taken once.
    """
    known = order.payments.get(pk=payment.pk).refunded_elsewhere_minor
    if told.outcome == Attempt.Outcome.REFUSED:
        figure = max(0, known - amount)
        return _came_back(order, name, payment, refunded=figure, as_it_was=known)
    return _went(order, name, payment, refunded=known + amount)


def take_dispute(
    order: OrderSummary, gateway: str, told: DisputeTold, payment: PaymentSummary, amount: Minor
) -> bool:
    """Count what a dispute took, until it is won; as above.

    All disputes that are known by name add up. What was reported as charged back may be some of
    them: it is not counted again, but stands where it is more.
    """
    name = f"{gateway} dispute {told.id}"
    known = order.payments.get(pk=payment.pk).charged_back_minor
    heard = order.events.filter(request_id__startswith=f"{name}{_TOOK}").first()
    taken_as = f"{name}{_TOOK}{amount}{_OF}{payment.pk}"
    if heard:
        taken_as = heard.request_id.removesuffix(_CAME_BACK)
    if told.is_won:
        figure = max(0, known - amount)
        return _came_back(order, taken_as, payment, charged_back=figure, as_it_was=known)
    of_payment = f"{_OF}{payment.pk}"
    by_name = sum(
        int(taken.removesuffix(of_payment).rsplit(_TOOK, 1)[1])
        for taken in standing_elsewhere(order, f"{gateway} dispute ")
        if taken.endswith(of_payment)
    )
    return _went(order, taken_as, payment, charged_back=max(known, by_name + amount))


_TOOK, _OF = " took ", " of payment "
"""In the name under which a dispute is taken: its amount in minor units, and its payment."""
_CAME_BACK = " came back"


def standing_elsewhere(order: OrderSummary, start: str) -> set[str]:
    """The names, with this beginning, of what was taken of an order and did not come back."""
    events = order.events.filter(request_id__startswith=start)
    names = set(events.values_list("request_id", flat=True))
    return {name for name in names if not name.endswith(_CAME_BACK) and _back(name) not in names}


def _went(order: OrderSummary, name: str, payment: PaymentSummary, **figure: Minor) -> bool:
    """Report a figure of a payment once under a name; not after it was said to have come back."""
    if order.events.filter(request_id__in=[name, _back(name)]).exists():
        return False
    _report(order, name, payment, **figure)
    return True


def _came_back(
    order: OrderSummary, name: str, payment: PaymentSummary, *, as_it_was: Minor, **figure: Minor
) -> bool:
    """Report the same once when it came back.

    Heard of before it is heard to have gone, it changes nothing, and is known from then on.
    """
    if order.events.filter(request_id=_back(name)).exists():
        return False
    has_gone = order.events.filter(request_id=name).exists()
    _report(
        order,
        _back(name),
        payment,
        **(figure if has_gone else dict.fromkeys(figure, as_it_was)),
    )
    return has_gone


def _back(name: str) -> str:
    return f"{name}{_CAME_BACK}"


def _report(order: OrderSummary, name: str, payment: PaymentSummary, **figure: Minor) -> None:
    figures = {key: show(amount, order.currency) for key, amount in figure.items()}
    document = {
        "order_number": order.order_number,
        "payments": [{"key": payment.key, **figures}],
        "event": name,
    }
    report = read_fulfillment(document, currency=order.currency)
    record_fulfillment(report=report, by=system_user())
