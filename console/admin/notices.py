"""E-mails to customers: what became of each, and what it says."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cancellations.letters import letter_for
from cancellations.models import CustomerNotice
from console.admin.reading import ReadOnlyAdmin, moment, search_help


@admin.register(CustomerNotice)
class CustomerNoticeAdmin(ReadOnlyAdmin):
    """Each with a preview of the mail, made of what is known now."""

    list_display = ("change_order", "order", "kind", "status", "remark_in_words", "created")
    list_filter = ("kind", "status")
    list_select_related = ("change_order__order",)
    ordering = ("-pk",)
    search_fields = ("change_order__order__order_number",)
    search_help_text = search_help(_("Order number."))
    fields = readonly_fields = (*list_display, "recipient", "subject", "as_text", "as_html")

    created = moment("created_at", pgettext_lazy("when", "Created"))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("change_order__order")

    @admin.display(description=pgettext_lazy("purchase", "Order"))
    def order(self, notice: CustomerNotice) -> str:
        return str(notice.change_order.order)

    @admin.display(description=_("Remark"))
    def remark_in_words(self, notice: CustomerNotice) -> str:
        return notice.remark_in_words

    @admin.display(description=pgettext_lazy("mail", "To"))
    def recipient(self, notice: CustomerNotice) -> str:
        return notice.change_order.order.customer_email

    @admin.display(description=pgettext_lazy("mail", "Subject"))
    def subject(self, notice: CustomerNotice) -> str:
        return letter_for(notice).subject

    @admin.display(description=_("As text"))
    def as_text(self, notice: CustomerNotice) -> SafeString:
        return format_html("<pre>{}</pre>", letter_for(notice).text)

    @admin.display(description=_("As HTML"))
    def as_html(self, notice: CustomerNotice) -> SafeString:
        """What stands in the mail's page, in this one."""
        return render_to_string("mail/_letter.html", {"letter": letter_for(notice)})
