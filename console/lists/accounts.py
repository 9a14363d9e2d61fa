"""Accounts: the columns, and what the list is searched by."""

from operator import attrgetter

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from console.lists.columns import Align, Column, Narrow, link_to
from console.lists.listing import Empty, Listing, search_field
from orders.keyset import COUNT_AT_MOST, Page, page_of
from orders.list_form import ListForm
from orders.models import Account, OrderSummary
from orders.places import Key, Ordering, number
from orders.search import account_holds

ACCOUNT_COLUMNS: tuple[Column[Account], ...] = (
    Column(
        "number",
        _("Account number"),
        lambda account: link_to(account, account.number),
        sort="number",
    ),
    Column("name", _("Name"), attrgetter("name"), narrow=Narrow.WHOLE),
    Column("email", _("E-mail"), attrgetter("email"), narrow=Narrow.WHOLE),
    Column(
        "orders",
        _("Order summaries"),
        attrgetter("order_count"),
        align=Align.END,
        narrow=Narrow.CORNER,
        narrow_label=_("Orders"),
    ),
)


class AccountListForm(ListForm):
    ordering = Ordering((Key("number", number),), descending=False)
    count_words = ngettext_lazy("%(count)d account", "%(count)d accounts", "count")
    many_words = ngettext_lazy(
        "more than %(most)s account", "more than %(most)s accounts", COUNT_AT_MOST
    )

    q = search_field(_("Account number, name or e-mail"))


def page_of_accounts(form: ListForm) -> Page[Account]:
    """Accounts whose number, name or e-mail holds what is looked for, with ``order_count``."""
    accounts = Account.objects.all()
    if q := form.answer("q"):
        accounts = accounts.filter(account_holds(q))
    return page_of(form, _with_order_count(accounts), counted=accounts)


def _with_order_count(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """Counted for the rows of a page, not for every account as a join would."""
    count = (
        OrderSummary.objects.filter(account=OuterRef("pk"))
        .order_by()
        .values("account")
        .annotate(count=Count("*"))
    )
    return accounts.annotate(order_count=Coalesce(Subquery(count.values("count")), 0))


ACCOUNTS = Listing(
    heading=_("Accounts"),
    icon="users",
    kicker=_("Customers"),
    help=_("Find a customer here to see all that they ordered."),
    caption=_("Accounts by number"),
    columns=ACCOUNT_COLUMNS,
    form=AccountListForm,
    page_of=page_of_accounts,
    no_match=Empty(
        _("No account matches"),
        _("Try the account number, another spelling, or {link}."),
        link=_("see all accounts"),
        leads_to="console:account_list",
    ),
    nothing_yet=Empty(
        _("No accounts yet"), _("Accounts appear here with their first imported order.")
    ),
    previous=_("Previous"),
    next=_("Next"),
)
