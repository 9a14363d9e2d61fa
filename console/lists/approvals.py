"""Approvals: the columns, and the list that has those first which wait for a second person."""

from django import forms
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cancellations.acts.change_orders import actor_name
from cancellations.models import Approval
from cancellations.models.approvals import ApprovalStatus
from console.lists.columns import Align, Column, Moment, Money, Narrow, Status, link_to
from console.lists.listing import Empty, Listing, search_field
from orders.formats import isolated, sentence
from orders.keyset import COUNT_AT_MOST, Page, page_of
from orders.list_form import ListForm
from orders.models import OrderSummary
from orders.places import Key, Ordering, flag, whole
from orders.search import every_word, in_any

_WAITS = ExpressionWrapper(Q(status=ApprovalStatus.REQUESTED), output_field=BooleanField())


def title_of(approval: Approval) -> str:
    """What an approval is called: its number."""
    return gettext("Approval #%(number)d") % {"number": approval.pk}


def status_of(approval: Approval) -> Status:
    """Where it stands, and who decided."""
    if approval.decided_by is None or approval.status == ApprovalStatus.EXPIRED:
        return Status(approval.status, approval.get_status_display())
    by = sentence(gettext("by %(name)s"), name=isolated(actor_name(approval.decided_by)))
    return Status(approval.status, approval.get_status_display(), by)


APPROVAL_COLUMNS: tuple[Column[Approval], ...] = (
    Column("approval", _("Approval"), lambda row: link_to(row, title_of(row))),
    Column("status", _("State"), status_of, sort="waits", narrow=Narrow.CORNER),
    Column("order", pgettext_lazy("purchase", "Order"), lambda row: link_to(row.order)),
    Column("kind", _("Kind"), lambda row: row.get_kind_display()),
    Column(
        "amount",
        _("Amount"),
        lambda row: Money(row.amount_minor, row.order.currency),
        align=Align.END,
    ),
    Column("requested_by", _("Asked by"), lambda row: isolated(actor_name(row.requested_by))),
    Column(
        "requested",
        pgettext_lazy("when", "Asked"),
        lambda row: Moment(row.requested_at),
        narrow=Narrow.END,
    ),
)


class ApprovalListForm(ListForm):
    ordering = Ordering((Key("waits", flag), Key("pk", whole)), descending=True)
    count_words = ngettext_lazy("%(count)d approval", "%(count)d approvals", "count")
    many_words = ngettext_lazy(
        "more than %(most)s approval", "more than %(most)s approvals", COUNT_AT_MOST
    )

    q = search_field(_("Order number"))
    status = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Requested ones first")), *ApprovalStatus.choices],
    )


def page_of_approvals(form: ListForm) -> Page[Approval]:
    """Approvals: those that wait first, else newest first."""
    approvals = Approval.objects.annotate(waits=_WAITS)
    if q := form.answer("q"):
        orders = OrderSummary.objects.filter(every_word(q, _in_its_number))
        approvals = approvals.filter(order__in=orders.values("pk"))
    if status := form.answer("status"):
        approvals = approvals.filter(status=status)
    read = approvals.select_related("order", "requested_by", "decided_by")
    return page_of(form, read, counted=approvals)


def _in_its_number(word: str) -> Q:
    return in_any(word, "order_number")


APPROVALS = Listing(
    heading=_("Approvals"),
    icon="user-round-check",
    kicker=_("What a second person decides on"),
    help=_(
        "What asks for more than one person may do alone waits here until a second one decides."
    ),
    caption=_("Approvals: those that wait first, then the newest"),
    columns=APPROVAL_COLUMNS,
    form=ApprovalListForm,
    page_of=page_of_approvals,
    no_match=Empty(
        _("No approval matches"),
        _("Search for another order, choose another state, or {link}."),
        link=_("see all approvals"),
        leads_to="console:approval_list",
    ),
    nothing_yet=Empty(
        _("No approvals"),
        _("What one person may not do alone, because too much is at stake, appears here."),
    ),
    previous=_("Previous"),
    next=_("Next"),
)
