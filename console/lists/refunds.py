"""Refunds: the columns, and what the list is narrowed by."""

from django import forms
from django.db.models import Case, QuerySet, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from cancellations.models import Refund
from console.lists.columns import Align, Column, Moment, Money, Narrow, Status, link_to
from console.lists.listing import Empty, Listing
from orders.keyset import COUNT_AT_MOST, Key, ListForm, Ordering, Page, page_of, whole


def _status(refund: Refund) -> Status:
    needs_person = refund.status in Refund.NEED_A_PERSON
    remark = _("Needs a person") if needs_person else ""
    return Status(refund.status, refund.get_status_display(), remark)


REFUND_COLUMNS: tuple[Column[Refund], ...] = (
    Column(
        "order",
        pgettext_lazy("purchase", "Order"),
        lambda refund: link_to(refund.change_order.order),
    ),
    Column("payment", _("Payment"), lambda refund: refund.payment.method),
    Column("change_order", _("Change order"), lambda refund: link_to(refund.change_order)),
    Column(
        "amount",
        _("Amount"),
        lambda refund: Money(refund.amount_minor, refund.change_order.order.currency),
        align=Align.END,
        narrow=Narrow.END,
    ),
    Column("status", _("Status"), _status, narrow=Narrow.END),
    Column(
        "created",
        pgettext_lazy("when", "Created"),
        lambda refund: Moment(refund.created_at),
        sort="pk",
        narrow=Narrow.END,
    ),
)


class RefundListForm(ListForm):
    ordering = Ordering((Key("needs_person", whole), Key("pk", whole)), descending=True)
    count_words = ngettext_lazy("%(count)d refund", "%(count)d refunds", "count")
    many_words = ngettext_lazy(
        "more than %(most)s refund", "more than %(most)s refunds", COUNT_AT_MOST
    )

    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("All statuses")), *Refund.Status.choices],
    )


def page_of_refunds(form: ListForm) -> Page[Refund]:
    """Refunds, those that need a person first, else newest first."""
    refunds = Refund.objects.all()
    if status := form.answer("status"):
        refunds = refunds.filter(status=status)
    return page_of(form, _with_needs_person(refunds), counted=refunds)


def _with_needs_person(refunds: QuerySet[Refund]) -> QuerySet[Refund]:
    """Refunds with all that a row shows, and whether a person has to act on them."""
    needs_person = Case(When(status__in=Refund.NEED_A_PERSON, then=1), default=0)
    return refunds.select_related("payment", "change_order__order").annotate(
        needs_person=needs_person
    )


REFUNDS = Listing(
    heading=_("Refunds"),
    icon="banknote",
    kicker=_("Those that need a person first"),
    caption=_("Refunds: those that need a person first, then the newest"),
    columns=REFUND_COLUMNS,
    form=RefundListForm,
    page_of=page_of_refunds,
    no_match=Empty(
        _("No refund matches"),
        _("Choose another status, or {link}."),
        link=_("see all refunds"),
        leads_to="console:refund_list",
    ),
    nothing_yet=Empty(
        _("No refunds yet"),
        _("They appear here when a cancellation leaves more money than an order is worth."),
    ),
    submit=pgettext_lazy("button", "Filter"),
    previous=_("Previous"),
    next=_("Next"),
)
