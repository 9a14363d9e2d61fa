"""What happened to orders and what did not fit, as it was written."""

import json

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cancellations.misfits import message_of
from cancellations.models import ProcessException
from console.admin.reading import ReadOnlyAdmin, moment, money, search_help
from console.lists.subjects import subject_of
from orders.formats import money_text
from orders.models import OrderEvent


@admin.register(ProcessException)
class ProcessExceptionAdmin(ReadOnlyAdmin):
    """Resolved in the console, where the facts stand beside the note."""

    list_display = ("__str__", "order", "severity", "about", "opened", "resolved_by")
    list_filter = ("category", "severity")
    list_select_related = ("order", "line", "payment", "resolved_by")
    ordering = ("-pk",)
    search_fields = ("order__order_number",)
    search_help_text = search_help(_("Order number."))
    fields = readonly_fields = (
        "order",
        "category",
        "severity",
        "about",
        "message",
        "opened",
        "resolved",
        "resolved_by",
        "note",
    )
    opened = moment("opened_at", pgettext_lazy("when", "Opened"))
    resolved = moment("resolved_at", _("Resolved"))

    @admin.display(description=pgettext_lazy("concerning", "About"))
    def about(self, exception: ProcessException) -> str:
        return str(subject_of(exception))

    @admin.display(description=_("What does not fit"))
    def message(self, exception: ProcessException) -> str:
        return message_of(exception, money_text)


@admin.register(OrderEvent)
class OrderEventAdmin(ReadOnlyAdmin):
    """Every act and report, in the sequence of its order."""

    list_display = ("of_order", "number", "kind", "happened", "who")
    list_select_related = ("order", "by")
    ordering = ("-pk",)
    search_fields = ("order__order_number",)
    search_help_text = search_help(_("Order number."))
    fields = readonly_fields = (
        *list_display,
        "reported_as",
        "what",
        "total",
        "held",
        "expected_elsewhere",
        "given_elsewhere",
        "unpaid_elsewhere",
    )
    happened = moment("at", _("When"))
    total = money("grand_total_minor", _("Total"), currency="order.currency")
    held = money("held_minor", _("Held"), currency="order.currency")
    expected_elsewhere = money(
        "expected_elsewhere_minor", _("Expected elsewhere"), currency="order.currency"
    )
    given_elsewhere = money(
        "given_elsewhere_minor", _("Given elsewhere"), currency="order.currency"
    )
    unpaid_elsewhere = money(
        "unpaid_elsewhere_minor", _("Unpaid elsewhere"), currency="order.currency"
    )

    @admin.display(description=pgettext_lazy("purchase", "Order"))
    def of_order(self, event: OrderEvent) -> str:
        return str(event.order)

    @admin.display(description=pgettext_lazy("sequence", "Number"))
    def number(self, event: OrderEvent) -> int:
        return event.sequence

    @admin.display(description=_("Kind"))
    def kind(self, event: OrderEvent) -> str:
        return event.get_type_display()

    @admin.display(description=_("Who"))
    def who(self, event: OrderEvent) -> str:
        return str(event.by)

    @admin.display(description=_("Reported as"))
    def reported_as(self, event: OrderEvent) -> str:
        return event.request_id

    @admin.display(description=_("Facts"))
    def what(self, event: OrderEvent) -> str:
        return json.dumps(event.facts, indent=1, ensure_ascii=False)
