"""The current state of orders: facts, and the constraints that keep them true.

Money is in integer minor units of the order's currency (``…_minor``). Only acts write here:
``orders.imports``, ``orders.standing`` and ``cancellations.acts``.
"""

from orders.models.accounts import Account, Product
from orders.models.delivery import DeliveryGroup
from orders.models.events import EventType, OrderEvent
from orders.models.lines import Adjustment, OrderItemSummary, TaxLine
from orders.models.orders import OrderSummary
from orders.models.payments import PaymentSummary

__all__ = [
    "Account",
    "Adjustment",
    "DeliveryGroup",
    "EventType",
    "OrderEvent",
    "OrderItemSummary",
    "OrderSummary",
    "PaymentSummary",
    "Product",
    "TaxLine",
]
