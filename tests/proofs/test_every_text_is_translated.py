"""Whatever people read goes through gettext: shown by a language that brackets all of it.

Every page is asked for in every state; what is neither bracketed nor data fails.
"""

import pytest
from django.contrib.auth.models import Group
from django.db.models import F
from django.template.loader import render_to_string

from cancellations.acts import cancel
from cancellations.acts.record_fulfillment import record_fulfillment
from cancellations.documents.fulfillment import read_fulfillment
from cancellations.models import BundlePolicy, CancellationReason, ChangeOrder, Refund
from console.people.rights import VIEWER
from orders.locking import OrderBusy, OrderRefused
from orders.models import Account, OrderItemSummary, OrderSummary, PaymentSummary, TaxLine
from tests.support.builders import USD, product, select, select_all
from tests.support.builders import cancel as cancel_order
from tests.support.pseudo_locale import pseudo_locale, untranslated
from tests.support.wizard_run import WizardRun

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

DATA = {
    "Countermand",
    "Lauren Boyle",
    "Lauren",
    "lauren@example.com",
    "A-1001",
    "Ground",
    "1 Market St",
    "Visa ending 1111",
    "Web",
    "sandbox",
    "W-1",
    "SUMMER",
    "Sales tax",
    "It came twice",
}


def data():
    """What the pages show of the database."""
    names = {str(value) for model in (CancellationReason,) for value in model.objects.all()}
    for order in OrderSummary.objects.prefetch_related("lines__product"):
        names |= {order.order_number, *(line.name for line in order.lines.all())}
        names |= {line.product.sku for line in order.lines.all() if line.product}
    policy = BundlePolicy.objects.first()
    names |= set(policy.text.splitlines()) if policy else set()
    return DATA | names | {"user0", "batch"}


@pytest.fixture
def reads(client, manager):
    """Asks for a page as a staff member would; nothing on it may be left as it was typed."""
    manager.username = "user0"
    manager.is_staff = True
    manager.save()
    client.force_login(manager)
    client.raise_request_exception = False

    def read(url, status=200, follow=False, **posted):
        with pseudo_locale():
            if posted:
                response = client.post(url, posted, follow=follow)
            else:
                response = client.get(url, follow=True)
        assert status in (None, response.status_code)
        return untranslated(response.content.decode(), data())

    return read


class Driver(WizardRun):
    """A run that also gives its posts' fields, for whoever posts them themselves."""

    agreed = ""

    def of(self, step, fields=None):
        return {self.current_step: step} | (fields or {})

    def reviewed(self):
        self.agreed = super().reviewed()
        return self.agreed


def bundle(number="W-1", **fields):
    """The items of an order that shows what an order can: a bundle, a discount, a delivery."""
    return [
        product("1", 2, "99.00", name="Home Theater", sku="SET")
        | {"adjustments": [{"name": "SUMMER", "scope": "order", "amount": "-5.00"}]}
        | {"taxes": [{"name": "Sales tax", "rate": "0.05", "amount": "9.65"}]},
        product("2", 4, "10.00", name="Speaker", sku="SPK") | {"bundle": "1"},
        product("3", 3, "7.00", name="Cable", sku="CBL"),
        {
            "key": "1001",
            "type": "delivery_charge",
            "name": "Ground",
            "quantity": 1,
            "unit_price": "7.99",
            "delivery_group": "G1",
        },
    ]


@pytest.fixture
def orders_of_every_kind(new_order):
    """W-1 has all to cancel; the others are canceled, shipped, unmanaged, owed money, or bare."""
    shipped = {"quantity_allocated": 1, "quantity_fulfilled": 1}
    new_order(bundle())
    new_order([product("1")], "GONE")
    new_order([product("1", **shipped)], "SHIPPED")
    new_order([product("1")], "UNMANAGED", life_cycle="unmanaged")
    new_order([product("1", 2)], "OWED", captured="500.00")
    new_order([], "BARE", payments=[], delivery_groups=[])


@pytest.fixture
def run(orders_of_every_kind, reads, client):
    client.get("/order-summaries/W-1/cancel-items/")
    return Driver(client, "W-1")


@pytest.fixture
def canceled(orders_of_every_kind, manager):
    """A change order of every kind, with refunds of every state."""
    gone, owed, all_of_it = (
        OrderSummary.objects.get(order_number=number) for number in ("GONE", "OWED", "W-1")
    )
    cancel_order(gone, select_all(), by=manager)
    cancel_order(owed, select(quantity=1, note="It came twice"), by=manager)
    cancel_order(all_of_it, select("1", 1, refund_delivery=True), by=manager)
    report = {
        "order_number": "SHIPPED",
        "items": [{"key": "1", "quantity_return_initiated": 1, "quantity_returned": 1}],
    }
    record_fulfillment(report=read_fulfillment(report, currency=USD), by=manager)


LISTS = ("/order-summaries/", "/accounts/", "/change-orders/", "/refunds/")
NARROWED = {
    "": 200,
    "?q=nothing-like-it": 200,
    "?after=nonsense": 400,
    f"?q={'x' * 300}": 400,
    "?status=nonsense": 400,
    "?kind=nonsense": 400,
}


@pytest.mark.parametrize("query", NARROWED)
@pytest.mark.parametrize("url", LISTS)
def test_lists_with_rows_and_without(reads, canceled, url, query):
    assert reads(url + query, status=None) == []


@pytest.mark.parametrize("url", LISTS)
def test_lists_before_there_is_anything(reads, url):
    assert reads(url) == []


@pytest.mark.parametrize(
    "page",
    [
        "/order-summaries/W-1/",
        "/order-summaries/GONE/",
        "/order-summaries/SHIPPED/",
        "/order-summaries/UNMANAGED/",
        "/order-summaries/OWED/",
        "/order-summaries/BARE/",
        "/accounts/A-1001/",
        "/order-summaries/NONE/",
        "/order-summaries/NONE/cancel-items/",
        "/order-summaries/GONE/cancel-items/",
        "/order-summaries/UNMANAGED/cancel-all/",
        "/order-summaries/W-1/cancel-items/?outside=1",
        "/order-summaries/W-1/cancel-all/",
        "/nowhere/",
    ],
)
def test_records_and_ways_into_a_wizard(reads, orders_of_every_kind, page):
    assert reads(page, status=None) == []


def test_the_record_for_those_who_only_look(reads, orders_of_every_kind, manager):
    manager.groups.set(Group.objects.filter(name=VIEWER))

    assert reads("/order-summaries/W-1/") == []
    assert reads("/order-summaries/W-1/cancel-items/", status=403) == []


def test_every_change_order(reads, canceled):
    for change_order in ChangeOrder.objects.all():
        assert reads(f"/change-orders/{change_order}/") == []


def test_cancel_item_step_by_step(reads, run):
    assert reads(run.url("select")) == []
    assert reads(run.url("select"), **run.of("select")) == []
    assert reads(run.url("select"), **run.of("select", {"select-lines": [run.pk("1")]})) == []
    run.select("1", "3", expanded=("1",))
    assert reads(run.url("details")) == []
    wrong = run.rows({"1": 99, "3": ""}, reason="Other", note="x" * 1001)
    assert reads(run.url("details"), **run.of("details", wrong)) == []
    assert reads(run.url("details"), **run.of("details", run.rows({"1": 1}, reason=""))) == []
    apply = {"details-apply-quantity": "0", "details-apply-note": "x" * 1001, "apply": "1"}
    assert reads(run.url("details"), **run.of("details", apply)) == []
    run.explain({"1": 1, "3": 3}, note="It came twice", delivery=("1",))
    assert reads(run.url("review")) == []
    assert reads(run.url("review"), **run.of("review", {"review-agreed": "forged"})) == []
    OrderItemSummary.objects.filter(key="3").update(quantity_allocated=1)
    assert reads(run.url("review"), **run.of("review", {"review-agreed": run.agreed})) == []
    assert reads(run.url("details")) == []
    run.explain({"1": 1, "3": 2}, note="It came twice")
    assert reads(run.url("review")) == []
    run.submit()
    assert reads(run.url("finish")) == []


def test_a_changed_review_shows_both(reads, run, without_triggers):
    run.select("1", expanded=("1",))
    run.explain({"1": 1})
    agreed = run.reviewed()
    TaxLine.objects.update(amount_minor=1)
    PaymentSummary.objects.update(captured_minor=F("captured_minor") - 100)

    assert (
        reads(run.url("review"), follow=True, **run.of("review", {"review-agreed": agreed})) == []
    )


def test_a_lost_run_and_a_discarded_one(reads, run, client):
    run.select("3")
    assert reads(run.url("details"), follow=True, **run.of("details", {"discard": "1"})) == []
    assert reads(run.url("details")) == []


def test_cancel_all(reads, orders_of_every_kind, client):
    run = Driver(client, "W-1", "cancel_all")
    assert reads(run.url("details")) == []
    assert reads(run.url("details"), **run.of("details", {"details-note": "x" * 1001})) == []
    run.explain_all(note="It came twice")
    assert reads(run.url("review")) == []
    run.submit()
    assert reads(run.url("finish")) == []


def test_busy_and_refused_submits(reads, run, monkeypatch):
    run.select("3")
    run.explain({"3": 1})
    for trouble in (OrderBusy, OrderRefused):
        agreed = {"review-agreed": run.reviewed()}
        monkeypatch.setattr(cancel, "locked_order", _raising(trouble))
        assert reads(run.url("review"), follow=True, **run.of("review", agreed)) == []


def _raising(error):
    def locked(_):
        raise error

    return locked


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "503"])
def test_error_pages(name, reads):
    with pseudo_locale():
        page = render_to_string(f"{name}.html")

    assert untranslated(page, DATA) == []


def test_sign_in(client, db):
    client.logout()
    for posted in ({}, {"username": "user0", "password": "wrong"}):
        with pseudo_locale():
            page = client.post("/sign-in/", posted) if posted else client.get("/sign-in/")
        assert untranslated(page.content.decode(), DATA) == []


ADMIN = (
    "/admin/",
    "/admin/orders/ordersummary/",
    "/admin/orders/account/",
    "/admin/cancellations/changeorder/",
    "/admin/cancellations/refund/",
    "/admin/cancellations/cancellationreason/",
    "/admin/cancellations/cancellationreason/add/",
    "/admin/cancellations/bundlepolicy/",
    "/admin/cancellations/bundlepolicy/1/change/",
    "/admin/auth/user/",
)


@pytest.mark.parametrize("page", ADMIN)
def test_the_admin(reads, canceled, page):
    assert reads(page) == []


@pytest.mark.parametrize("model", [OrderSummary, Account, ChangeOrder, Refund, CancellationReason])
def test_a_record_of_the_admin(reads, canceled, model):
    options, row = model._meta, model.objects.first()

    assert reads(f"/admin/{options.app_label}/{options.model_name}/{row.pk}/change/") == []


def test_what_the_admin_refuses(reads, canceled):
    Reason = "/admin/cancellations/cancellationreason/"
    wrong = {"name": "Unknown", "position": "1", "retired": "on"}
    last = CancellationReason.objects.first()
    CancellationReason.objects.exclude(pk=last.pk).update(retired=True)

    assert reads(f"{Reason}{last.pk}/change/", **wrong) == []
    assert reads(f"{Reason}add/", **wrong) == []
