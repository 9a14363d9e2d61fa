"""Two people decide at once, or decide while others cancel: it is done once or not at all."""

from decimal import Decimal

import pytest

from cancellations.acts.agreed import DecidedBefore
from cancellations.acts.approve import approve, refuse, withdraw_approval
from cancellations.acts.cancel import preview_cancellation, submit_cancellation
from cancellations.acts.submit import ask_second_person
from cancellations.models import Approval, ChangeOrder
from cancellations.snapshots import NotReviewed, Snapshot
from cancellations.verification import differences
from orders.models import OrderSummary
from tests.proofs.races.test_races import hold  # noqa: F401
from tests.support.builders import UserFactory, imported, item, request, select

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def over_fifteen(settings):
    settings.APPROVAL_OVER = {"USD": Decimal("15.00")}


@pytest.fixture
def order():
    return imported(items=[item(quantity=2)])


@pytest.fixture
def asked(order, agent):
    """An approval of all there is to cancel."""
    wanted = request(order, select(quantity=2))
    judged = preview_cancellation(request=wanted, by=agent)
    agreed = Snapshot.of(judged.quote, judged.lines)
    return ask_second_person(request=wanted, agreed=agreed, by=agent)


def is_sound(order):
    order = OrderSummary.objects.get(pk=order.pk)
    sequences = order.events.values_list("sequence", flat=True)
    assert list(sequences) == list(range(1, order.events_written + 1))
    assert list(differences(order)) == []


def test_two_who_approve_at_once_approve_once(hold, order, asked, approver):  # noqa: F811
    other = UserFactory(approver=True)

    done = hold([lambda by=by: approve(approval_id=asked.pk, by=by) for by in (approver, other)])

    assert sorted(type(each).__name__ for each in done) == ["Approval", "DecidedBefore"]
    assert ChangeOrder.objects.count() == 1
    is_sound(order)


def test_one_approves_one_refuses_one_withdraws(hold, order, asked, agent, approver):  # noqa: F811
    other = UserFactory(approver=True)

    done = hold(
        [
            lambda: approve(approval_id=asked.pk, by=approver),
            lambda: refuse(approval_id=asked.pk, note="No.", by=other),
            lambda: withdraw_approval(approval_id=asked.pk, by=agent),
        ]
    )

    [ended] = [each for each in done if isinstance(each, Approval)]
    assert sum(isinstance(each, DecidedBefore) for each in done) == 2
    assert ChangeOrder.objects.count() == (ended.status == "approved")
    is_sound(order)


def test_an_approval_and_a_cancellation_follow_each_other(
    hold,  # noqa: F811
    order,
    asked,
    agent,
    approver,
):
    one = request(order, select())

    done = hold(
        [
            lambda: approve(approval_id=asked.pk, by=approver),
            lambda: submit_cancellation(request=one, agreed=NotReviewed(), by=agent),
        ]
    )

    canceled = sum(change.items.get().quantity for change in ChangeOrder.objects.all())
    [ended] = [each for each in done if isinstance(each, Approval)]
    assert (ended.status, canceled) in (("approved", 2), ("expired", 1))
    is_sound(order)
