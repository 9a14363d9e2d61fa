"""What people do about endpoints: nobody has told what they may not see, and nobody waits long."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.utils import timezone

from cancellations.work import Done, claim
from integrations.events import again
from integrations.events.again import replay_since, resend_delivery
from integrations.events.deliveries import deliveries_queue
from integrations.events.endpoints import UnknownTypes, change_endpoint, create_endpoint
from integrations.events.managing import UnknownEndpoint, locked_endpoint
from integrations.events.publishing import publish_all
from integrations.events.recording import Tried
from integrations.events.sending import Reply
from integrations.models import Delivery, Endpoint
from tests.support.builders import UserFactory, cancel, imported, product, select_all
from tests.support.threads import at_once, wait_until_blocked

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ADDRESS = "https://receiver.example.com/hooks"
LONG_AGO = timezone.now() - timedelta(days=30)


@pytest.fixture
def keeper(db):
    """Someone who manages webhooks, and sees orders, but no refunds and no change orders."""
    user = UserFactory()
    rights = ("manage_webhooks", "view_ordersummary")
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return user


@pytest.fixture
def canceled(new_order, manager):
    order = new_order([product("1")])
    cancel(order, select_all(), by=manager)
    return order


def told():
    return list(Delivery.objects.order_by("event").values_list("event__type", flat=True))


def test_nobody_has_told_what_they_may_not_see(keeper):
    with pytest.raises(UnknownTypes) as refused:
        create_endpoint(address=ADDRESS, types=["order.imported", "refund.failed"], by=keeper)
    assert refused.value.types == ["refund.failed"]
    made, _ = create_endpoint(address=ADDRESS, types=["order.imported"], by=keeper)
    with pytest.raises(UnknownTypes):
        change_endpoint(endpoint=made.pk, types=["change_order.created"], by=keeper)


def test_all_types_are_those_that_its_keeper_may_see(keeper, canceled):
    create_endpoint(address=ADDRESS, by=keeper)
    publish_all()
    assert told() == ["order.imported"]


def test_who_may_see_less_is_told_less_from_then_on(keeper, new_order):
    create_endpoint(address=ADDRESS, types=["order.imported"], by=keeper)
    keeper.is_active = False
    keeper.save()
    new_order([product("1")])
    publish_all()
    assert told() == []


def test_who_leads_it_elsewhere_keeps_it_and_hears_what_they_may_see(keeper, manager, canceled):
    made, _ = create_endpoint(address=ADDRESS, by=manager)
    publish_all()
    assert told() == ["order.imported", "change_order.created"]
    Delivery.objects.filter(event=2).update(status="delivered", due_at=None)
    hidden = Delivery.objects.get(event=2)

    change_endpoint(endpoint=made.pk, enabled=False, by=keeper)
    assert Endpoint.objects.get().kept_by == manager
    change_endpoint(endpoint=made.pk, address=f"{ADDRESS}/2", enabled=True, by=keeper)

    assert Endpoint.objects.get().kept_by == keeper
    with pytest.raises(UnknownEndpoint):
        resend_delivery(endpoint=made.pk, delivery=hidden.pk, by=keeper)
    assert replay_since(endpoint=made.pk, since=LONG_AGO, by=keeper) == 1


def test_what_waited_for_who_kept_it_before_is_not_sent(keeper, manager, canceled):
    made, _ = create_endpoint(address=ADDRESS, by=manager)
    publish_all()
    change_endpoint(endpoint=made.pk, address=f"{ADDRESS}/2", by=keeper)
    assert told() == ["order.imported"]


def test_types_that_others_chose_are_not_led_elsewhere(keeper, manager):
    made, _ = create_endpoint(address=ADDRESS, types=["refund.failed"], by=manager)
    with pytest.raises(UnknownTypes):
        change_endpoint(endpoint=made.pk, address=f"{ADDRESS}/2", by=keeper)


def test_a_replay_goes_in_batches_and_not_without_end(new_order, manager, monkeypatch):
    for number in range(3):
        new_order([product("1")], f"W-{number}")
    publish_all()
    made, _ = create_endpoint(address=ADDRESS, by=manager)
    monkeypatch.setattr(again, "REPLAYED_AT_ONCE", 2)
    assert replay_since(endpoint=made.pk, since=LONG_AGO, by=manager) == 3
    assert [each.event_id for each in Delivery.objects.order_by("event")] == [1, 2, 3]

    monkeypatch.setattr(again, "MOST_REPLAYED", 2)
    with pytest.raises(again.TooManyEvents):
        replay_since(endpoint=made.pk, since=LONG_AGO, by=manager)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_sending_again_and_recording_do_not_wait_for_each_other_crosswise(manager):
    made, _ = create_endpoint(address=ADDRESS, by=manager)
    imported(order_number="W-1")
    publish_all()
    queue = deliveries_queue()
    [row] = claim(queue, now=timezone.now(), most=1)
    gone = Tried(timezone.now(), Reply(410), 1)

    def sends_again():
        with transaction.atomic():
            endpoint = locked_endpoint(made.pk, by=manager)
            wait_until_blocked()
            return again.send_again(endpoint, endpoint.deliveries.all())

    def records():
        while not _is_locked(made.pk):
            pass
        return list(queue.record([Done(row, gone)], timezone.now))

    assert at_once(sends_again, records)[1] == [1, []]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_an_endpoint_that_is_deleted_as_it_is_told_of_something_stops_nothing(manager):
    made, _ = create_endpoint(address=ADDRESS, by=manager)
    imported(order_number="W-1")

    def deletes():
        with transaction.atomic():
            endpoint = locked_endpoint(made.pk, by=manager)
            wait_until_blocked()
            endpoint.delete()

    def publishes():
        while not _is_locked(made.pk):
            pass
        return publish_all()

    assert at_once(deletes, publishes)[1] == [None, 1]
    assert not Delivery.objects.exists()


def _is_locked(pk):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM integrations_endpoint WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED", [pk]
        )
        return cursor.fetchone() is None
