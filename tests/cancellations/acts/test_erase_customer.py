"""Erasing a customer: who they were goes, what they bought, paid and canceled stays."""

import json

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from cancellations.acts.cancel import preview_cancellation, submit_cancellation
from cancellations.acts.erase_customer import (
    Customer,
    Erasure,
    UnknownCustomer,
    erase_customer,
    preview_erasure,
)
from cancellations.acts.exceptions import resolve_exception
from cancellations.acts.write_note import write_note
from cancellations.marks import mark_orders
from cancellations.models import (
    Attempt,
    CustomerNotice,
    ProcessException,
    Refund,
)
from cancellations.personal_data import BODIES, FREE, GATEWAYS_WORDS, OF_AN_ACCOUNT, OF_AN_ORDER
from cancellations.refunds.gateways import Kind
from cancellations.refunds.people import mark_as_paid, state_of
from cancellations.selection import NotAllowed
from cancellations.snapshots import Snapshot
from console.models import AuditEntry
from orders.models import Account, OrderEvent, OrderSummary
from tests.cancellations.refunds.conftest import clock, sandbox, work  # noqa: F401
from tests.support.builders import (
    cancel,
    delivery_group,
    imported,
    payment,
    request,
    select,
    select_all,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

SECRET = "Rosalind"
"""In every name, address and note of the customer, and in nothing else."""


def bought(number, **changes):
    who = {"number": "A-7", "name": SECRET, "email": f"{SECRET}@example.com"}
    lives = delivery_group(deliver_to=f"{SECRET} F.", address=f"1 {SECRET} St")
    odd = payment("99.00", charged_back="99.50")
    usual = {"account": who, "delivery_groups": [lives], "payments": [odd]}
    return imported(order_number=number, **{**usual, **changes})


@pytest.fixture
def customer(settings, agent, manager):
    """Two orders of an account, with all that people write on one of them."""
    settings.CUSTOMER_NOTICES, settings.DEFAULT_FROM_EMAIL = True, "shop@example.com"
    order = bought("E-1")
    bought("E-2", payments=[payment("99.00")])
    write_note(order_number="E-1", text=f"{SECRET} called", request_id="n-1", by=agent)
    cancel(order, select(note=f"{SECRET} is unhappy"), by=agent)
    other = OrderSummary.objects.get(order_number="E-2")
    refund = cancel(other, select(note=f"said {SECRET}"), by=agent).refunds.get()
    Refund.objects.filter(pk=refund.pk).update(remark=f"for {SECRET}")
    Attempt.objects.create(
        refund=refund,
        call="send",
        lease="6f1c1f52-4a3e-4d87-9d2e-000000000001",
        idempotency_key="k",
        began_at=timezone.now(),
        request={"name": SECRET},
        answer={"said": SECRET},
    )
    exception = order.process_exceptions.first()
    resolve_exception(exception_id=exception.pk, note=f"Told {SECRET}", by=manager)
    open_one = ProcessException.objects.create(
        order=order, category="refund", severity="low", facts={"remark": SECRET, "amount": 1}
    )
    assert open_one.pk
    mark_orders([order.pk])
    return Customer(account="A-7")


def everything(*apart_from):
    """All rows of our apps as text, but for some fields of some models."""
    rows = {}
    for label in ("orders", "cancellations"):
        for model in apps.get_app_config(label).get_models():
            names = [field.attname for field in model._meta.concrete_fields]
            names = [name for name in names if (model, name) not in apart_from]
            rows[model] = list(model._default_manager.order_by("pk").values_list(*names))
    return rows


def as_text(rows):
    return json.dumps(list(rows.values()), cls=DjangoJSONEncoder)


PERSONAL = {
    *((texts.model, name) for texts in OF_AN_ORDER for name in texts.fields),
    *((model, name) for model, _, names in BODIES for name in names),
    *((Account, name) for name in OF_AN_ACCOUNT),
    GATEWAYS_WORDS[:2],
}


def test_names_go_and_every_figure_stays(customer, manager, run_command):
    moves = {
        (OrderSummary, "events_written"),
        (CustomerNotice, "status"),
        (CustomerNotice, "due_at"),
    }
    before = everything(*PERSONAL, *moves)
    assert as_text(everything()).count(SECRET) >= 14

    erased = erase_customer(customer=customer, by=manager)

    after = everything(*PERSONAL, *moves)
    told = after.pop(OrderEvent)[len(before.pop(OrderEvent)) :]
    assert after == before
    assert len(told) == 2
    assert SECRET not in as_text(everything())
    assert erased.orders == ("E-1", "E-2")
    assert set(OrderSummary.objects.values_list("customer_name", "customer_email")) == {
        ("erased", "erased")
    }
    assert run_command("verify_orders").status == 0


def test_it_is_shown_before_it_is_done_and_done_once(customer, manager):
    shown = preview_erasure(customer)
    assert SECRET in as_text(everything())

    assert erase_customer(customer=customer, by=manager) == shown
    events = OrderEvent.objects.count()
    assert erase_customer(customer=customer, by=manager) == Erasure()
    assert preview_erasure(customer) == Erasure()
    assert OrderEvent.objects.count() == events


@pytest.fixture(params=Kind)
def paid_by_hand(request, agent, sandbox, work, manager):  # noqa: F811
    """What a person paid out, or released, under a reference with the customer's name."""
    captured = "0.00" if request.param == Kind.RELEASE else "99.00"
    paid = payment("99.00", captured=captured, gateway_reference="ch_1/declines")
    made = cancel(imported(payments=[paid]), select_all(), by=agent)
    row = (made.releases if request.param == Kind.RELEASE else made.refunds).get()
    work()
    row.refresh_from_db()
    done = {"kind": request.param, "pk": row.pk, "seen": state_of(row)}
    return mark_as_paid(**done, reference=f"Wired to {SECRET}", by=manager)


def test_a_reference_that_a_person_typed_goes_too(paid_by_hand, manager, run_command):
    assert as_text(everything()).count(SECRET) == 1, "it stands in no event"

    erase_customer(customer=Customer.of(paid_by_hand.payment.order), by=manager)

    assert SECRET not in as_text(everything())
    assert run_command("verify_orders").status == 0


@pytest.mark.postgresql
def test_a_reference_changes_only_while_it_is_erased(paid_by_hand, manager):
    execute("SELECT 1")
    table = paid_by_hand._meta.db_table
    with pytest.raises(IntegrityError, match="a reference is written"):
        execute(f"UPDATE {table} SET reference = 'erased'")

    erase_customer(customer=Customer.of(paid_by_hand.payment.order), by=manager)

    with pytest.raises(IntegrityError, match="a reference is written"):
        execute(f"UPDATE {table} SET reference = 'something else'")


def test_it_stands_in_the_audit_and_no_name_does(customer, manager):
    erase_customer(customer=customer, by=manager)

    entries = AuditEntry.objects.filter(kind="erased").order_by("pk")
    assert [entry.about for entry in entries] == ["E-1", "E-2", "A-7"]
    assert {entry.actor_name for entry in entries} == {manager.username}
    assert SECRET not in str(list(AuditEntry.objects.values_list("about", "facts")))


def test_only_who_may_erases(customer, agent):
    with pytest.raises(NotAllowed):
        erase_customer(customer=customer, by=agent)

    assert SECRET in as_text(everything())


@pytest.mark.parametrize(
    "nobody",
    [Customer(account="A-0"), Customer(guest="x@example.com"), Customer(order="E-1"), Customer()],
)
def test_nobody_is_told_from_somebody(customer, manager, nobody):
    with pytest.raises(UnknownCustomer):
        erase_customer(customer=nobody, by=manager)


def test_guests_are_known_by_their_address(manager):
    guest = {"account": {"name": SECRET, "email": f"{SECRET}@example.com"}}
    bought("G-1", **guest)
    bought("G-2", account={"name": SECRET, "email": f"{SECRET}@EXAMPLE.com"})
    bought("G-3", account={"name": SECRET})
    lauren = {"name": "Lauren", "email": "lauren@example.com"}
    bought("G-4", account=lauren, delivery_groups=[delivery_group()])

    erased = erase_customer(customer=Customer(guest=f"{SECRET}@example.com"), by=manager)
    alone = erase_customer(customer=Customer(order="G-3"), by=manager)

    assert (erased.orders, alone.orders) == (("G-1", "G-2"), ("G-3",))
    assert SECRET not in as_text(everything())
    assert OrderSummary.objects.get(order_number="G-4").customer_name == "Lauren"
    erased_before = OrderSummary.objects.get(order_number="G-1")
    assert Customer.of(erased_before) == Customer(order="G-1")


def test_nobody_is_written_to_any_more(customer, manager, agent, mailoutbox):
    assert CustomerNotice.objects.filter(status="waiting").count() == 2

    erase_customer(customer=customer, by=manager)

    assert set(CustomerNotice.objects.values_list("status", "due_at")) == {("dropped", None)}
    order = OrderSummary.objects.get(order_number="E-2")
    assert not cancel(order, select(), by=agent).customer_notices.exists()


def test_a_wizard_that_was_reviewed_before_goes_on(agent, manager):
    order = bought("W-1", payments=[payment("99.00")])
    asked = request(order, select())
    judged = preview_cancellation(request=asked, by=agent)
    reviewed = Snapshot.of(judged.quote, judged.lines)
    assert SECRET not in repr(reviewed)

    erase_customer(customer=Customer(account="A-7"), by=manager)

    made = submit_cancellation(request=asked, agreed=reviewed, by=agent)
    assert made.change_order.kind == "cancellation"


TEXTS = (models.CharField, models.TextField, models.JSONField)


def test_every_text_of_every_model_is_judged():
    texts = {
        (model, field.name)
        for label in ("orders", "cancellations")
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, TEXTS)
    }
    free = {(model, name) for model, names in FREE.items() for name in names}

    assert free | PERSONAL == texts
    assert free & PERSONAL == set()


def execute(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("cancellations_changeorder", "note = 'erased', refund_due_minor = 0"),
        ("cancellations_changeorder", "note = 'something else'"),
        ("cancellations_changeorderitem", "note = 'erased', quantity = 2"),
        ("cancellations_changeorderitem", "note = 'something else'"),
        ("cancellations_internalnote", "text = 'something else'"),
        ("orders_ordersummary", "customer_name = 'somebody else'"),
        ("orders_ordersummary", "customer_email = 'x@example.com'"),
        ("orders_ordersummary", "order_number = 'erased'"),
    ],
)
def test_the_event_of_an_erasure_allows_nothing_else(customer, manager, table, change):
    execute("SELECT 1")
    erase_customer(customer=customer, by=manager)  # its events are open till the end of the test

    with pytest.raises(IntegrityError):
        execute(f"UPDATE {table} SET {change}")


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("cancellations_changeorder", "note = 'erased'"),
        ("cancellations_changeorderitem", "note = 'erased'"),
        ("cancellations_internalnote", "text = 'erased'"),
        ("orders_ordersummary", "customer_name = 'erased'"),
    ],
)
def test_nothing_is_erased_without_its_event(customer, table, change):
    execute("SELECT 1")  # closes the events of what came before

    with pytest.raises(IntegrityError):
        execute(f"UPDATE {table} SET {change}")


def test_the_command_says_what_it_would_erase_and_erases_it(customer, run_command):
    shown = run_command("erase_customer", "--account", "A-7")
    assert (shown.status, SECRET in as_text(everything())) == (0, True)
    assert "orders.OrderSummary.customer_name: 2\n" in shown.output
    assert shown.output.splitlines()[-1].startswith("Would be erased: ")

    done = run_command("erase_customer", "--account", "A-7", "--yes")
    again = run_command("erase_customer", "--account", "A-7", "--yes")

    assert done.output.splitlines()[-1].startswith("Erased: ")
    assert again.output == "Erased: 0 texts in 0 orders.\n"
    assert SECRET not in as_text(everything())


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        (["--account", "A-0"], 1, "There is no such customer."),
        (["--account", "A-7", "--as", "nobody"], 1, "may erase customers"),
        (["--account", " "], 2, "Name an account"),
    ],
)
def test_the_command_refuses_in_one_line(customer, run_command, asked, status, said):
    refused = run_command("erase_customer", *asked, "--yes")

    assert (refused.status, refused.errors.count("\n")) == (status, 1)
    assert said in refused.errors
