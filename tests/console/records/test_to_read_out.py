"""What may be read out to a customer, and what became of the e-mails to them."""

import pytest
from django.utils.html import escape
from pytest_django.asserts import assertContains, assertNotContains

from cancellations.acts.undo import undo_change_order
from cancellations.models import CustomerNotice
from tests.support.builders import cancel, payment, product, select, select_all, settle
from tests.support.wizard_run import WizardRun

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

TEXT = """\
Hello Lauren Boyle,

We have canceled this part of your order W-1:

- 1 × A & B

Your order costs $10.00 less.
$10.00 will be refunded to Visa ending 1111.
"""


@pytest.fixture
def order(new_order):
    return new_order([product("1", 2, name="A & B")], captured="20.00")


def test_it_stands_on_finish_and_on_the_change_order(agent_client, order):
    run = WizardRun(agent_client, "W-1")
    run.select("1")
    run.explain({"1": 1})
    run.submit()

    for page in (run.get("finish"), agent_client.get(made_by(order).get_absolute_url())):
        assertContains(page, "To read out or paste")
        assertContains(page, f'">{escape(TEXT)}</pre>')


def made_by(order):
    return order.change_orders.first()


def test_a_settlement_has_one_and_what_is_owed_is_said(agent_client, manager, new_order):
    paid = [payment("20.00", full_refund_only=True)]
    order = new_order([product("1")], payments=paid)
    settle(order, by=manager)

    page = agent_client.get(made_by(order).get_absolute_url())

    assertContains(page, "This is about the money of your order W-1.")
    assertContains(page, "$10.00 is still owed to you. We see to how it reaches you.")
    assertNotContains(page, "will be refunded to")


def test_a_long_letter_names_the_first_items(agent_client, agent, new_order):
    order = new_order([product(str(key)) for key in range(103)])
    made = cancel(order, select_all(), by=agent)

    page = agent_client.get(made.get_absolute_url())

    assertContains(page, "- 1 × Thing 99\n- and 3 others\n")


def test_nothing_is_to_be_read_out_of_what_was_undone(agent_client, agent, order):
    made = cancel(order, select(), by=agent)
    undo_change_order(change_order_id=made.pk, by=agent)

    for change_order in order.change_orders.all():
        page = agent_client.get(change_order.get_absolute_url())
        assertNotContains(page, "To read out")


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("succeeded", "$10.00 has been refunded to Visa ending 1111."),
        ("settling", "$10.00 will be refunded to Visa ending 1111."),
        ("failed", "$10.00 is still to be refunded to Visa ending 1111."),
        ("unknown", "$10.00 is still to be refunded to Visa ending 1111."),
    ],
)
@pytest.mark.usefixtures("without_triggers")
def test_refunds_are_told_as_far_as_they_are(agent_client, agent, order, status, says):
    made = cancel(order, select(), by=agent)
    made.refunds.update(status=status)

    assertContains(agent_client.get(made.get_absolute_url()), says)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"status": "manual", "by_hand": "gateway"}, "$10.00 will be refunded."),
        (
            {"status": "succeeded", "by_hand": "gateway", "paid_by": "hand"},
            "$10.00 has been refunded.",
        ),
        ({"status": "succeeded", "paid_by": "elsewhere"}, "$10.00 has been refunded."),
    ],
)
@pytest.mark.usefixtures("without_triggers")
def test_no_way_is_named_of_what_goes_back_another_way(agent_client, agent, order, changes, says):
    made = cancel(order, select(), by=agent)
    made.refunds.update(**changes)

    assertContains(agent_client.get(made.get_absolute_url()), says)


def test_what_became_of_the_e_mails_is_shown(agent_client, agent, order):
    made = cancel(order, select(), by=agent)
    assertNotContains(agent_client.get(made.get_absolute_url()), "E-mails to the customer")
    CustomerNotice.objects.create(change_order=made, kind="changed", status="failed", remark="<no>")
    doubt = CustomerNotice.MAY_HAVE_BEEN_SENT
    CustomerNotice.objects.create(change_order=made, kind="refunded", status="failed", remark=doubt)

    page = agent_client.get(made.get_absolute_url())

    for text in (
        "E-mails to the customer",
        "What was canceled",
        "It was not sent: &lt;no&gt;",
        "It may have been sent; it is not sent again.",
    ):
        assertContains(page, text)
