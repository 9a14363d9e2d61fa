"""What a role needs to do the work of the application, beside looking at every table."""

_WRITTEN_ONCE = [
    "orders_adjustment",
    "orders_taxline",
    "cancellations_gatewaynotice",
    "console_auditentry",
    "integrations_unpublished",
]
_KEPT = [
    "orders_account",
    "orders_product",
    "orders_ordersummary",
    "orders_orderevent",
    "orders_deliverygroup",
    "orders_orderitemsummary",
    "orders_paymentsummary",
    "cancellations_changeorder",
    "cancellations_changeorderitem",
    "cancellations_internalnote",
    "cancellations_processexception",
    "cancellations_refund",
    "cancellations_release",
    "cancellations_approval",
    "cancellations_attempt",
    "cancellations_customernotice",
    "cancellations_unassigned",
    "cancellations_worker",
]
GRANTS = {
    "INSERT": [*_WRITTEN_ONCE, *_KEPT],
    "UPDATE": _KEPT,
    "DELETE": ["cancellations_worker"],
}
