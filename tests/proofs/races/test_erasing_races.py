"""A customer is erased while others act on their orders, or bring another."""

import pytest

from cancellations.acts.cancel import Submission, submit_cancellation
from cancellations.acts.erase_customer import Customer, Erasure, erase_customer, preview_erasure
from cancellations.acts.take_order import import_orders
from cancellations.acts.write_note import Written, write_note
from cancellations.snapshots import NotReviewed
from cancellations.verification import differences
from orders.documents.order import read_order
from orders.models import Account, OrderEvent, OrderSummary
from tests.proofs.races.test_races import hold  # noqa: F401
from tests.support.builders import imported, item, order_document, request, select, system_user
from tests.support.threads import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

ROSALIND = {"number": "A-7", "name": "Rosalind", "email": "rosalind@example.com"}
CUSTOMER = Customer(account="A-7")


@pytest.fixture
def order():
    return imported(account=ROSALIND, items=[item(quantity=1)])


def erases(by):
    return lambda: erase_customer(customer=CUSTOMER, by=by)


def is_sound(order):
    order = OrderSummary.objects.get(pk=order.pk)
    sequences = order.events.values_list("sequence", flat=True)
    assert list(sequences) == list(range(1, order.events_written + 1))
    assert list(differences(order)) == []
    return order


def test_a_submit_and_an_erasure_follow_each_other(hold, order, agent, manager):  # noqa: F811
    asked = request(order, select(note="for Rosalind"))

    done = hold(
        [
            lambda: submit_cancellation(request=asked, agreed=NotReviewed(), by=agent),
            erases(manager),
            lambda: write_note(order_number=order.order_number, text="x", request_id="n", by=agent),
        ]
    )

    assert [type(each) for each in done] == [Submission, Erasure, Written]
    assert is_sound(order).customer_name == "erased"
    erase_customer(customer=CUSTOMER, by=manager)
    assert preview_erasure(CUSTOMER) == Erasure()
    assert order.change_orders.get().items.get().note == "erased"


def test_two_erasures_at_once_erase_once(hold, order, manager):  # noqa: F811
    first, second = hold([erases(manager), erases(manager)])

    assert {first.orders, second.orders} == {(), (order.order_number,)}
    assert OrderEvent.objects.filter(type="customer_erased").count() == 1
    is_sound(order)


def test_an_import_beside_an_erasure_is_whole(order, manager):
    another = read_order(order_document(order_number="LATER", account=ROSALIND))

    _, done = at_once(erases(manager), lambda: import_orders([another], by=system_user()))

    assert not any(isinstance(each, Exception) for each in done)
    later = OrderSummary.objects.get(order_number="LATER")
    assert (later.customer_name, is_sound(order).customer_name) in (
        ("Rosalind", "erased"),
        ("erased", "erased"),
    )
    is_sound(later)
    erase_customer(customer=CUSTOMER, by=manager)
    assert set(OrderSummary.objects.values_list("customer_name", flat=True)) == {"erased"}
    assert Account.objects.get().name == "erased"
