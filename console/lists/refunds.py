"""Refunds and releases: the columns, and the list that has those first which wait for a person."""

from typing import TypeAlias

from django.db.models import Prefetch
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cancellations.misfits import message_of
from cancellations.models import ProcessException, Refund, Release
from console.lists.columns import Align, Column, Moment, Money, Narrow, Status, label_of, link_to
from console.lists.listing import Empty, Listing
from console.lists.refund_filters import RefundListForm, narrowed, sums_of
from orders.formats import age_text, money_text
from orders.keyset import Page, page_of
from orders.list_form import ListForm

Instruction: TypeAlias = "Refund | Release"


def title_of(row: Instruction) -> str:
    """What a refund or release is called: what it is, and its number."""
    return release_title(row.pk) if row.is_release else refund_title(row.pk)


def refund_title(pk: int) -> str:
    return gettext("Refund #%(number)d") % {"number": pk}


def release_title(pk: int) -> str:
    return gettext("Release #%(number)d") % {"number": pk}


def status_of(row: Instruction) -> Status:
    """Its status, and for how long it waits for a person."""
    remark = ""
    if row.attention_since:
        remark = gettext("For a person, since %(age)s") % {"age": age_text(row.attention_since)}
    return Status(row.status, label_of(row, "status"), remark)


def _reason(row: Instruction) -> str:
    """What a person is called for, in words; else what its gateway said last."""
    for exception in row.process_exceptions.all():
        return message_of(exception, money_text)
    return row.remark


REFUND_COLUMNS: tuple[Column[Instruction], ...] = (
    Column(
        "refund",
        _("Refund"),
        lambda row: link_to(row, title_of(row).replace(" ", "\N{NO-BREAK SPACE}")),
    ),
    Column("status", _("State"), status_of, sort="waits_for_a_person", narrow=Narrow.CORNER),
    Column(
        "amount",
        _("Amount"),
        lambda row: Money(row.amount_minor, row.currency),
        align=Align.END,
        narrow=Narrow.END,
    ),
    Column(
        "order",
        pgettext_lazy("purchase", "Order"),
        lambda row: link_to(row.change_order.order),
    ),
    Column("payment", _("Payment"), lambda row: row.payment.method),
    Column("gateway", _("Gateway"), lambda row: row.payment.gateway, narrow=Narrow.END),
    Column("reason", _("What is the matter"), _reason, narrow=Narrow.SENTENCE),
    Column(
        "change_order",
        _("Change order"),
        lambda row: link_to(row.change_order),
    ),
    Column(
        "created",
        pgettext_lazy("when", "Created"),
        lambda row: Moment(row.created_at),
        narrow=Narrow.END,
    ),
)


def page_of_refunds(form: ListForm) -> Page[Instruction]:
    """Refunds or releases: those that wait for a person, then those in flight, newest first."""
    found = narrowed(form)
    exceptions = ProcessException.objects.open().select_related("order")
    listed = found.select_related("payment", "change_order__order").prefetch_related(
        Prefetch("process_exceptions", exceptions)
    )
    return page_of(form, listed, counted=found)


REFUNDS = Listing(
    heading=_("Refunds"),
    icon="banknote",
    kicker=_("Needs attention first, then in flight, then done"),
    help=_("Follow here what goes back to customers, and act on what cannot go by itself."),
    caption=_("Refunds: those that need a person first, then those in flight, then the others"),
    columns=REFUND_COLUMNS,
    form=RefundListForm,
    page_of=page_of_refunds,
    sums=sums_of,
    no_match=Empty(
        _("No refund matches"),
        _("Choose another state, gateway, age or amount, or {link}."),
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
