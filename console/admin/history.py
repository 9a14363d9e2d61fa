"""Change orders and refunds, as they were written."""

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cancellations.models import ChangeOrder, ChangeOrderItem, Refund, Release
from console.admin.reading import ReadOnlyAdmin, ReadOnlyInline, moment, money, search_help
from console.lists.change_order_filters import change_order_holds
from console.lists.change_orders import kind_of

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
    amount = money("net_minor", _("Amount"), currency=_CURRENCY, read=abs)
    tax = money("tax_minor", _("Tax"), currency=_CURRENCY, read=abs)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("line", "change_order__order")


class MoneyInline(ReadOnlyInline):
    """What goes back over a payment, or is released of it."""

    fields = readonly_fields = ("payment", "amount", "status", "created")
    created = moment("created_at", pgettext_lazy("when", "Created"))
    amount = money("amount_minor", _("Amount"), currency="currency")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("payment", "change_order__order")


class RefundInline(MoneyInline):
    model = Refund


class ReleaseInline(MoneyInline):
    model = Release


@admin.register(ChangeOrder)
class ChangeOrderAdmin(ReadOnlyAdmin):
    list_display = ("number", "what", "order", "amount", "refund_due", "actor_name", "created")
    list_filter = ("kind",)
    list_select_related = ("order", "undone_by")
    search_fields = ("order__order_number",)
    search_help_text = search_help(_("Change order number or order number."))
    fields = readonly_fields = (
        "number",
        "what",
        "undoes",
        "order",
        "actor_name",
        "created_by",
        "created",
        "request_id",
        "note",
        "amount",
        "refund_due",
        "owed_before",
        "unassigned",
    )
    inlines = (ChangeOrderItemInline, RefundInline, ReleaseInline)

    created = moment("created_at", pgettext_lazy("when", "Created"))
    amount = money("moved_minor", _("Amount"), currency="order.currency")
    refund_due = money("refund_due_minor", _("Refund due"), currency="order.currency")
    owed_before = money("owed_before_minor", _("Owed before"), currency="order.currency")
    unassigned = money("unassigned_minor", _("Unassigned"), currency="order.currency")

    @admin.display(description=_("Number"))
    def number(self, change_order: ChangeOrder) -> str:
        return change_order.number

    @admin.display(description=_("Kind"))
    def what(self, change_order: ChangeOrder) -> str:
        return kind_of(change_order)

    def what_holds(self, q: str) -> Q:
        return change_order_holds(q)


class InstructionAdmin(ReadOnlyAdmin):
    """Acted on in the console, where its state and its attempts stand beside what can be done."""

    list_display = ("change_order", "order", "payment", "amount", "status", "created")
    list_filter = ("status",)
    list_select_related = ("payment", "change_order__order")
    ordering = ("-pk",)
    search_fields = ("change_order__order__order_number",)
    search_help_text = search_help(_("Order number."))
    fields = readonly_fields = (
        *list_display,
        "due",
        "attention",
        "key",
        "gateway_id",
        "why_by_hand",
        "reference",
        "remark",
    )

    created = moment("created_at", pgettext_lazy("when", "Created"))
    due = moment("due_at", _("Due"))
    attention = moment("attention_since", _("Needs attention since"))
    amount = money("amount_minor", _("Amount"), currency="currency")

    @admin.display(description=_("Idempotency key"))
    def key(self, row: Refund | Release) -> str:
        return row.idempotency_key

    @admin.display(description=_("By hand"))
    def why_by_hand(self, row: Refund | Release) -> str:
        return row.get_by_hand_display() if row.by_hand else ""

    @admin.display(description=pgettext_lazy("purchase", "Order"))
    def order(self, row: Refund | Release) -> str:
        return str(row.change_order.order)


@admin.register(Refund)
class RefundAdmin(InstructionAdmin):
    pass


@admin.register(Release)
class ReleaseAdmin(InstructionAdmin):
    pass
