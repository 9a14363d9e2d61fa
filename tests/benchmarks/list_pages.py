"""The lists as people ask for them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.test import Client

from cancellations.models import ChangeOrder, ProcessException, Refund
from console.lists.change_orders import ChangeOrderListForm
from console.lists.exceptions import with_open_ones_first
from console.lists.orders import OrderListForm
from orders.keyset import PAGE_SIZE
from orders.list_form import ListForm
from orders.models import Account, OrderSummary, PaymentSummary
from orders.places import Ordering
from tests.benchmarks.sent import sent_by

ORDERS, ADMIN = "/order-summaries/", "/admin/orders/ordersummary/"


@dataclass(frozen=True, slots=True)
class Asked:
    """A page as it is asked for, and in how many milliseconds it has to be there."""

    work: str
    path: str
    query: dict[str, Any] = field(default_factory=dict)
    target: int = 30

    @property
    def address(self) -> str:
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


def reader() -> Client:
    """Somebody who may see every list, the admin's too, is signed in."""
    user, _ = User.objects.get_or_create(username="bench-reader", defaults={"is_staff": True})
    user.groups.set(Group.objects.all())
    factor = {"user": user, "type": Authenticator.Type.TOTP}
    Authenticator.objects.get_or_create(**factor, defaults={"data": {}})
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def every_page() -> list[Asked]:
    """What the benchmark measures and the test of plans looks at; goes by what is stored."""
    return [
        *_order_pages(),
        *_order_searches(ORDERS, "orders", 30),
        *_admin_pages(),
        *_order_searches(ADMIN, "admin", 60),
        *_other_lists(),
    ]


def _order_pages() -> Iterator[Asked]:
    yield Asked("orders, first page", ORDERS, {"sort": "-ordered"}, 25)
    for name, ordering in _ways(OrderListForm):
        sort = {"sort": name}
        deep = _deep(ordering, OrderSummary.objects.all())
        yield Asked(f"orders, by {sort['sort']}", ORDERS, sort)
        yield Asked(f"orders, by {sort['sort']}, deep", ORDERS, sort | {"after": deep})
    for name, given in _FILTERS:
        yield Asked(f"orders, {name}={given}", ORDERS, {name: given})
    for query in _COMBINATIONS:
        yield Asked(f"orders, {urlencode(query)}", ORDERS, query, 300)


def _ways(form: type[ListForm]) -> Iterator[tuple[str, Ordering]]:
    yield from {**form.sorts, form.usual: form.ordering}.items()


def _deep(ordering: Ordering, rows: Any) -> str:
    middle = rows.count() // 2
    return str(ordering.place_of(rows.order_by(*ordering.forward)[middle]))


_FILTERS = [
    *(("status", status) for status in ("created", "fulfilled", "canceled", "allocated")),
    ("ordered_from", "2020-01-01"),
    ("ordered_to", "2030-01-01"),
    ("total_from", "10"),
    ("total_from", "3000"),
    ("total_from", "99999"),
    ("total_to", "2"),
    ("currency", "USD"),
    ("currency", "KWD"),
    ("currency", "XYZ"),
    ("channel", "web"),
    ("channel", "store"),
    ("channel", "nowhere"),
    ("canceled", "today"),
    ("canceled", "week"),
    ("canceled", "month"),
    ("cancelable", "1"),
    ("attention", "1"),
    ("exceptions", "1"),
    ("recent", "1"),
]
_COMBINATIONS: list[dict[str, str]] = [
    {"status": "canceled", "currency": "KWD", "sort": "total"},
    {"cancelable": "1", "channel": "store", "sort": "number"},
    {"cancelable": "1", "attention": "1"},
    {"canceled": "month", "status": "created", "sort": "-total"},
    {"status": "fulfilled", "total_from": "500", "currency": "EUR", "ordered_to": "2025-06-01"},
    {"q": "mug", "status": "canceled", "sort": "total"},
    {"q": "smith", "cancelable": "1"},
    {"q": "james smith"},
    {"q": "rosewarne mug"},
    {"q": "gmail", "total_from": "1000"},
]


@cache
def _known() -> dict[str, str]:
    """What of the stored orders is looked for."""
    middle = OrderSummary.objects.filter(account__isnull=False).order_by("pk")[1000]
    assert middle.account
    payment = PaymentSummary.objects.order_by("pk")[1000]
    return {
        "whole number": middle.order_number,
        "part of a number": middle.order_number[-5:],
        "e-mail": middle.customer_email,
        "common e-mail": "gmail",
        "account number": middle.account.number,
        "full name": middle.customer_name,
        "rare name": "quillquist",
        "less rare name": "rosewarne",
        "common name": "james",
        "more common name": "smith",
        "two letters": "sm",
        "two letters, a name": "ng",
        "two digits": "14",
        "one letter": "s",
        "SKU": "MUG-000",
        "one SKU": "ESP-00018",
        "product": "umbrella",
        "rare product": "quiet espresso 18",
        "payment": payment.gateway_reference,
        "change order": "CO-00000012",
        "no hit": "xqzzyxq",
        "no hit of two letters": "qx",
    }


def _order_searches(path: str, list_: str, target: int) -> Iterator[Asked]:
    for name, q in _known().items():
        yield Asked(f"{list_}, {name}", path, {"q": q}, target)


def _admin_pages() -> Iterator[Asked]:
    yield Asked("admin, first page", ADMIN, {}, 60)
    yield Asked("admin, page 20", ADMIN, {"p": "20"}, 60)
    yield Asked("admin, status", ADMIN, {"status__exact": "canceled"}, 60)
    yield Asked("admin, currency", ADMIN, {"currency": "KWD"}, 60)
    found = OrderSummary.objects.filter(customer_name__icontains="james")
    if found.order_by()[20 * PAGE_SIZE :].exists():  # not in a small shop
        yield Asked("admin, search page 20", ADMIN, {"q": "james", "p": "20"}, 60)
    for name, given in _FILTERS:
        if name not in ("status", "currency", "recent"):
            yield Asked(f"admin, {name}={given}", ADMIN, {name: given}, 60)


def _other_lists() -> Iterator[Asked]:
    yield Asked("accounts", "/accounts/")
    deep = Account.objects.order_by("number")[Account.objects.count() // 2].number
    yield Asked("accounts, deep", "/accounts/", {"after": deep})
    for name in ("e-mail", "account number", "full name", "rare name", "common name"):
        yield Asked(f"accounts, {name}", "/accounts/", {"q": _known()[name]})
    for name in ("two letters", "one letter", "no hit", "no hit of two letters"):
        yield Asked(f"accounts, {name}", "/accounts/", {"q": _known()[name]})
    changes = "/change-orders/"
    for name, ordering in _ways(ChangeOrderListForm):
        sort = {"sort": name}
        yield Asked(f"change orders, by {sort['sort']}", changes, sort)
        deep = _deep(ordering, ChangeOrder.objects.all())
        yield Asked(f"change orders, by {sort['sort']}, deep", changes, sort | {"after": deep})
    number = ChangeOrder.objects.order_by("pk")[100].order.order_number
    yield Asked("change orders, whole number", changes, {"q": number})
    yield Asked("change orders, part of a number", changes, {"q": number[-5:]})
    for name, given in [
        *(("q", q) for q in ("CO-00000012", "12", "nothing")),
        *(("kind", kind) for kind in ("cancellation", "return", "settlement")),
        *(("agent", agent) for agent in ("bench-agent-1", "bench-agent-20", "nobody")),
        *(("customer", q) for q in ("james", "rosewarne", "james smith", "sm", "nobody")),
        *(("reason", reason) for reason in ("Changed Mind", "Other")),
        *(("since", since) for since in ("today", "week", "month")),
        ("made_from", "2020-01-01"),
        ("made_to", "2020-01-01"),
        ("mine", "1"),
    ]:
        yield Asked(f"change orders, {name}={given}", changes, {name: given})
    for kind in ({}, {"kind": "releases"}):
        yield Asked(f"refunds {urlencode(kind)}".strip(), "/refunds/", kind)
        for name, given in _REFUND_FILTERS:
            yield Asked(
                f"refunds {urlencode(kind | {name: given})}", "/refunds/", kind | {name: given}
            )
    pk = Refund.objects.count() // 2
    yield Asked("refunds, deep", "/refunds/", {"after": f"False~False~{pk}"})
    yield Asked("exceptions", "/process-exceptions/")
    some = with_open_ones_first(ProcessException.objects.all()).order_by("-is_open_now", "-pk")
    last = some[ProcessException.objects.count() // 2]
    yield Asked(
        "exceptions, deep", "/process-exceptions/", {"after": f"{last.is_open_now}~{last.pk}"}
    )
    number = last.order.order_number
    yield Asked("exceptions, whole number", "/process-exceptions/", {"q": number})
    yield Asked("exceptions, part of a number", "/process-exceptions/", {"q": number[-5:]})
    yield Asked("exceptions, of an order", "/process-exceptions/", {"order": number})
    for name, given in [
        ("q", "nothing"),
        *(("category", category) for category in ProcessException.Category.values),
        *(("state", state) for state in ("open", "resolved")),
        *(("age", age) for age in ("day", "week", "month")),
    ]:
        yield Asked(f"exceptions, {name}={given}", "/process-exceptions/", {name: given})


_REFUND_FILTERS = [
    *(("status", status) for status in ("needs_attention", "in_flight", "done", "failed")),
    *(("status", status) for status in ("succeeded", "settling", "withdrawn")),
    *(("gateway", gateway) for gateway in ("sandbox", "other")),
    *(("age", age) for age in ("hour", "month")),
    *(("currency", currency) for currency in ("USD", "KWD", "XYZ")),
    ("amount_from", "10"),
    ("amount_from", "3000"),
    ("amount_to", "3"),
]


def print_scans() -> None:
    """A line for each page that reads a growing table from end to end."""
    client = reader()
    for asked in every_page():
        sent = sent_by(lambda address=asked.address: client.get(address, secure=True))
        if scanned := set().union(*(statement.scanned for statement in sent)):
            print(f"{asked.work} reads all of {', '.join(sorted(scanned))}")
