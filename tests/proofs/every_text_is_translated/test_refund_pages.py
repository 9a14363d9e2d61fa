"""Whatever people read of refunds, of what they do about them, and of undo goes through gettext."""

import pytest
from django.contrib.auth.models import Group

from cancellations.models import ChangeOrder, Refund, Release
from cancellations.refunds.people import state_of
from console.people.rights import AGENT
from tests.cancellations.refunds.conftest import clock, now_of, refund_over, sandbox, work  # noqa: F401
from tests.support.builders import cancel, imported, payment, report, select, select_all

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def canceled_order(manager):
    order = imported(delivery_groups=[], items=[_item()])
    return cancel(order, select(), by=manager)


def _item():
    return {
        "key": "1",
        "type": "product",
        "sku": "SKU-1",
        "name": "Coat",
        "quantity": 2,
        "unit_price": "10.00",
    }


OTHERS = {
    "Standard",
    ", Springfield",
    "The did not answer.",
    "5 minutes",
    "9 minutes",
    "10 minutes",
}
"""What the order came with, the gateway said, and the locale writes, as it is left over."""


def undo_page(change_order):
    return f"/change-orders/{change_order.number}/undo/"


def test_undo_from_its_page_to_what_it_made(reads, canceled_order):
    page, order = undo_page(canceled_order), canceled_order.order

    assert reads(page, "comes back to the order") == []
    assert reads(order.get_absolute_url(), "can be undone until") == []
    assert reads(canceled_order.get_absolute_url(), "can be undone until") == []
    assert reads(page, "is undone by", posted={}) == []
    assert reads(page, "had been undone before", posted={}) == []
    assert reads("/change-orders/", "Given back") == []
    assert reads(canceled_order.get_absolute_url(), "Undone by") == []
    made = ChangeOrder.objects.latest("pk")
    assert reads(made.get_absolute_url(), "Undoes") == []
    assert reads(undo_page(made), "can be undone.") == []
    assert reads(f"/refunds/{canceled_order.refunds.get().pk}/", "was undone by") == []


def test_what_cannot_be_undone_any_more(reads, manager, settings):
    settings.REFUND_HOLD_SECONDS = 0
    made = cancel(imported(items=[_item()], delivery_groups=[]), select(), by=manager)

    assert reads(undo_page(made), "The time for undoing is over.") == []
    assert reads(undo_page(made), "cannot be undone", posted={}, status=409) == []


@pytest.mark.parametrize(
    ("reference", "shows"),
    [
        ("ch_1", "went back to the customer, the gateway says."),
        ("ch_1/declines", "The gateway refused"),
        ("ch_1/times-out-after", "it may have gone."),
        ("ch_1/settles", "once it has settled."),
    ],
)
def test_a_refund_in_each_state(reads, refund_over, work, reference, shows):  # noqa: F811
    refund = refund_over(reference)
    page = f"/refunds/{refund.pk}/"
    own = {reference, "Thing 1", "sbx_" + refund.idempotency_key} | OTHERS

    assert set(reads(page, "is set aside for the customer")) - own == set()
    work()
    left = [text for text in reads(page, shows) if text not in own and not text.startswith("{")]
    assert left == []
    assert set(reads("/refunds/", "Together:")) - own == set()
    assert set(reads(refund.change_order.order.get_absolute_url(), "Refunds")) - own == set()


def test_what_people_do(reads, refund_over, work):  # noqa: F811
    refund = refund_over("ch_1/declines")
    work()
    page = f"/refunds/{refund.pk}/"

    def act(act, shows, status=200, **answers):
        seen = state_of(Refund.objects.get(pk=refund.pk))
        fields = {f"{act}-{name}": given for name, given in answers.items()}
        left = reads(page, shows, posted={"act": act, f"{act}-seen": seen, **fields}, status=status)
        return [text for text in left if not text.startswith(("{", "sbx_"))]

    assert act("retry", "Say whether it was", status=400) == []
    assert act("retry", "mark it as paid", status=400, paid_elsewhere="yes") == []
    assert act("mark_as_paid", "Write the reference", status=400) == []
    assert act("withdraw", "Write a note", status=400, paid_elsewhere="no") == []
    assert act("look_up", "not possible in its state", status=409) == []
    assert act("retry", "It is tried again", paid_elsewhere="no") == []
    work(seconds=1)
    assert act("mark_as_paid", "It is recorded", reference="ch_1") == []


def test_for_those_who_may_not(reads, refund_over, work, manager):  # noqa: F811
    refund = refund_over("ch_1/declines")
    work()
    manager.groups.set(Group.objects.filter(name=AGENT))

    left = reads(f"/refunds/{refund.pk}/", "needs a right of its own")
    assert [text for text in left if not text.startswith(("{", "sbx_"))] == []


def test_a_release_and_what_is_reported_of_a_payment(reads, refund_over, manager):  # noqa: F811
    paid = payment("20.00", captured="0.00", gateway_reference="ch_1")
    made = cancel(imported(payments=[paid]), select_all(), by=manager).releases.get()
    doubtful = refund_over("ch_1")
    report(doubtful.change_order.order, payments=[{"key": "P1", "refunded": "10.00"}])

    assert reads(f"/releases/{made.pk}/", "is to be released.") == []
    assert reads("/refunds/?kind=releases", "1 release") == []
    assert reads("/refunds/?kind=releases&status=failed", "No refund matches") == []
    assert reads(f"/refunds/{doubtful.pk}/", "before the exception about its payment") == []
    assert reads("/refunds/?currency=1&amount_from=-1", "Three letters", status=400) == []
    assert Release.objects.exists()
