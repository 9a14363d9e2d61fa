"""Change orders and refunds, as they were written."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cancellations.models import ChangeOrder, ChangeOrderItem, Refund
from console.admin.reading import ENDS, ReadOnlyAdmin, ReadOnlyInline, moment, money
from console.lists.change_orders import change_order_holds

_CURRENCY = "change_order.order.currency"


class ChangeOrderItemInline(ReadOnlyInline):
    model = ChangeOrderItem
    fields = readonly_fields = (
        "type",
        "quantity",
        "reason_name",
        "note",
        "refund_delivery",
        "amount",
        "tax",
    )
    amount = money("net_minor", "Canceled amount", currency=_CURRENCY, sign=-1)
    tax = money("tax_minor", "Canceled tax", currency=_CURRENCY, sign=-1)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("line", "change_order__order")


class RefundInline(ReadOnlyInline):
    model = Refund
    fields = readonly_fields = ("payment", "amount", "status", "created")
    created = moment("created_at", "Created")
    amount = money("amount_minor", "Amount", currency=_CURRENCY)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("payment", "change_order__order")


@admin.register(ChangeOrder)
class ChangeOrderAdmin(ReadOnlyAdmin):
    list_display = ("number", "kind", "order", "canceled", "refund_due", "created_by", "created")
    list_filter = ("kind",)
    list_select_related = ("order", "created_by")
    search_fields = ("order__order_number",)
    search_help_text = f"Change order number or order number. {ENDS}"
    fields = readonly_fields = (
        "number",
        "kind",
        "order",
        "created_by",
        "created",
        "request_id",
        "canceled",
        "refund_due",
        "owed_before",
        "unassigned",
    )
    inlines = (ChangeOrderItemInline, RefundInline)

    created = moment("created_at", "Created")
    canceled = money("canceled_minor", "Canceled", currency="order.currency")
    refund_due = money("refund_due_minor", "Refund due", currency="order.currency")
    owed_before = money("owed_before_minor", "Owed before", currency="order.currency")
    unassigned = money("unassigned_minor", "Unassigned", currency="order.currency")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        found = queryset.filter(change_order_holds(search_term)) if search_term else queryset
        return found, False


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = ("change_order", "order", "payment", "amount", "status", "created")
    list_filter = ("status",)
    list_select_related = ("payment", "change_order__order")
    ordering = ("-pk",)
    search_fields = ("change_order__order__order_number",)
    search_help_text = f"Order number. {ENDS}"
    fields = readonly_fields = list_display

    created = moment("created_at", "Created")
    amount = money("amount_minor", "Amount", currency=_CURRENCY)

    @admin.display(description="Order")
    def order(self, refund: Refund) -> str:
        return str(refund.change_order.order)
