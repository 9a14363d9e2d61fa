"""The admin's view of the facts: orders and accounts are found and read there, never changed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cancellations.acts.requests import may_cancel
from cancellations.models import BundlePolicy
from console.admin.order_filters import ORDER_FILTERS
from console.admin.reading import (
    ReadOnlyAdmin,
    ReadOnlyInline,
    address_writer,
    columns_of,
    moment,
    money,
    search_help,
)
from console.lists.order_filters import order_found, places_of_orders
from console.lists.orders import ORDER_COLUMNS, for_list
from orders.arithmetic.availability import BundleRule
from orders.arithmetic.totals import totals_labels
from orders.formats import Text, escaped, isolated, money_text, sentence, unit_price_text
from orders.keyset import COUNT_AT_MOST
from orders.models import Account, DeliveryGroup, OrderItemSummary, OrderSummary, PaymentSummary
from orders.search import account_holds

_CANCEL_ALL = "cancel_all"
_WIZARDS = {"cancel_items": _("Cancel Item"), _CANCEL_ALL: _("Cancel All")}


def _total(name: str, label: str) -> Callable[[Any], str]:
    @admin.display(description=_(label))
    def total(order: Any) -> str:
        return money_text(getattr(order.totals, name), order.currency)

    total.__name__ = name  # which the admin asks for as the field's name
    return total


_TOTALS: tuple[Any, ...] = tuple(_total(name, label) for name, label in totals_labels().items())


class RecentCurrency(admin.SimpleListFilter):
    """The currencies of the newest orders; any other can be named in the URL."""

    title = _("currency")
    parameter_name = "currency"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        newest = OrderSummary.objects.values("currency_code")[:COUNT_AT_MOST]
        currencies = {row["currency_code"] for row in newest} | {self.value() or ""}
        return [(currency, currency) for currency in sorted(currencies) if currency]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        currency = self.value()
        return queryset.filter(currency_code=currency) if currency else queryset


class LineInline(ReadOnlyInline):
    model = OrderItemSummary
    fields = readonly_fields = (
        "sku",
        "status",
        "quantity_ordered",
        "quantity_canceled",
        "canceled_elsewhere",
        "quantity_allocated",
        "quantity_fulfilled",
        "quantity_return_initiated",
        "quantity_returned",
        "unit_price",
    )

    @admin.display(description=_("Canceled elsewhere"))
    def canceled_elsewhere(self, line: OrderItemSummary) -> int:
        return line.quantity_canceled_elsewhere

    @admin.display(description=_("Unit price"))
    def unit_price(self, line: OrderItemSummary) -> str:
        return unit_price_text(line.unit_price_micros, line.order.currency)

    @admin.display(description=_("SKU"))
    def sku(self, line: OrderItemSummary) -> str:
        return line.product.sku if line.product else ""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("order", "product")


class DeliveryGroupInline(ReadOnlyInline):
    model = DeliveryGroup
    fields = readonly_fields = ("key", "method", "deliver_to", "address")


class PaymentInline(ReadOnlyInline):
    model = PaymentSummary
    fields = readonly_fields = (
        "key",
        "gateway",
        "gateway_reference",
        "authorized",
        "captured",
        "refunded",
        "charged_back",
        "pending_refund",
        "released",
        "full_refund_only",
    )
    authorized = money("authorized_minor", _("Authorized"), currency="order.currency")
    captured = money("captured_minor", _("Captured"), currency="order.currency")
    refunded = money("refunded_minor", _("Refunded"), currency="order.currency")
    charged_back = money("charged_back_minor", _("Charged back"), currency="order.currency")
    pending_refund = money("reserved_minor", _("Pending refund"), currency="order.currency")
    released = money("released_minor", _("Released"), currency="order.currency")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("order")


@admin.register(OrderSummary)
class OrderSummaryAdmin(ReadOnlyAdmin):
    """The console's list view, from which the wizards open outside the console."""

    list_display = columns_of(ORDER_COLUMNS)
    list_display_links = None
    list_filter = ("status", "life_cycle", RecentCurrency, *ORDER_FILTERS)
    search_fields = ("order_number", "account__name", "account__email", "account__number")
    search_help_text = search_help(
        _("Order number, customer, e-mail, SKU, product, payment or change order.")
    )
    fields = readonly_fields = (
        "number",
        "account",
        "customer_name",
        "customer_email",
        "ordered",
        "imported",
        "channel",
        "life_cycle",
        "tax_locale",
        "status",
        *_TOTALS,
        "expected_elsewhere",
        "given_elsewhere",
        "unpaid_elsewhere",
        "change_orders",
    )
    inlines = (LineInline, DeliveryGroupInline, PaymentInline)

    ordered = moment("ordered_at", pgettext_lazy("when", "Ordered"))
    imported = moment("imported_at", _("Imported"))
    expected_elsewhere = money(
        "expected_elsewhere_minor", _("Expected elsewhere"), currency="currency"
    )
    given_elsewhere = money("given_elsewhere_minor", _("Given elsewhere"), currency="currency")
    unpaid_elsewhere = money("unpaid_elsewhere_minor", _("Unpaid elsewhere"), currency="currency")

    @admin.display(description=_("Order number"))
    def number(self, order: OrderSummary) -> SafeString:
        return _link(resolve_url(order), order.order_number)

    @admin.display(description=_("Change orders"))
    def change_orders(self, order: OrderSummary) -> SafeString:
        url = reverse("admin:cancellations_changeorder_changelist")
        return _link(
            f"{url}?{urlencode({'order__id__exact': order.pk})}",
            sentence(gettext("Of %(order)s"), order=isolated(order)),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        orders = for_list(OrderSummary.objects.all())
        if _bundle_rule() is BundleRule.WHOLE_BUNDLES:
            return orders.prefetch_related("lines")
        return orders

    def what_holds(self, q: str) -> Q:
        return order_found(q)

    def places_that_hold(self, q: str) -> Sequence[RawSQL]:
        return places_of_orders(q)

    def get_list_display(self, request: HttpRequest) -> Any:
        wizards = _WIZARDS if may_cancel(request.user) else {}
        actions = _actions(wizards, _bundle_rule(), return_to=request.get_full_path())
        return (*self.list_display, actions)


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ("number", "name", "email")
    ordering = ("number",)
    fields = readonly_fields = ("number", "name", "email")
    search_fields = ("number", "name", "email")
    search_help_text = search_help(_("Account number, name or e-mail."))

    def what_holds(self, q: str) -> Q:
        return account_holds(q)


def _bundle_rule() -> BundleRule:
    return BundlePolicy.objects.current().bundle_rule


def _is_offered(order: Any, wizard: str, rule: BundleRule) -> bool:
    """Whether a wizard has anything to cancel; only whole bundles have to be counted out."""
    if rule is BundleRule.WHOLE_BUNDLES:
        available = order.available_to_cancel(rule)
        return order.obstacle(rule, available, to_all=wizard == _CANCEL_ALL) is None
    return bool(order.is_cancelable)


def _actions(
    wizards: Mapping[str, Any], rule: BundleRule, *, return_to: str
) -> Callable[[Any], SafeString]:
    """The column that opens the wizards outside the console, from where they lead back."""
    query = urlencode({"outside": "1", "return_to": return_to})
    ways = [
        (wizard, address_writer(f"wizard:{wizard}"), label) for wizard, label in wizards.items()
    ]
    details = address_writer("admin:orders_ordersummary_change")

    @admin.display(description=_("Actions"))
    def actions(order: Any) -> SafeString:
        links = [
            _link(f"{address(order.order_number)}?{query}", label, ' class="nowrap"')
            for wizard, address, label in ways
            if _is_offered(order, wizard, rule)
        ]
        links.append(_link(details(order.pk), _("Details"), ' class="nowrap"'))
        return SafeString("<br>".join(links))

    return actions


def _link(url: str, text: Text, attributes: str = "") -> SafeString:
    return SafeString(f'<a{attributes} href="{escaped(url)}">{escaped(text)}</a>')
