"""The lists of change orders and refunds: what they are searched and narrowed by."""

import re

from django import forms
from django.db.models import Case, Q, QuerySet, When

from cancellations.models import ChangeOrder, Refund
from console.lists.orders import search_field
from orders.keyset import Key, ListForm, Ordering, Page, page_of, whole
from orders.models import OrderSummary

_CHANGE_ORDER_NUMBER = re.compile(r"(?:CO-?)?([0-9]{1,18})", re.ASCII | re.IGNORECASE)


class ChangeOrderListForm(ListForm):
    ordering = Ordering((Key("pk", whole),), descending=True)
    nouns = "change order", "change orders"

    q = search_field("Change order or order number")
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "All kinds"), *ChangeOrder.Kind.choices]
    )


class RefundListForm(ListForm):
    ordering = Ordering((Key("needs_person", whole), Key("pk", whole)), descending=True)
    nouns = "refund", "refunds"

    status = forms.ChoiceField(
        label="Status", required=False, choices=[("", "All statuses"), *Refund.Status.choices]
    )


def page_of_change_orders(form: ChangeOrderListForm) -> Page[ChangeOrder]:
    """Change orders of the number looked for, or of orders whose number holds it; newest first."""
    change_orders = ChangeOrder.objects.all()
    if q := form.answer("q"):
        orders = OrderSummary.objects.filter(order_number__icontains=q)
        wanted = Q(order__in=orders.values("pk"))
        if number := _CHANGE_ORDER_NUMBER.fullmatch(q):
            wanted |= Q(pk=int(number[1]))
        change_orders = change_orders.filter(wanted)
    if kind := form.answer("kind"):
        change_orders = change_orders.filter(kind=kind)
    return page_of(form, change_orders.select_related("order", "created_by"), counted=change_orders)


def page_of_refunds(form: RefundListForm) -> Page[Refund]:
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
