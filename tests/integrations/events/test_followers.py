"""What goes together keeps the order of each order, and leaves to others what is theirs."""

from datetime import timedelta
from threading import Event

import pytest
from django.db import transaction
from django.utils import timezone

from cancellations.work import claim
from integrations.events import followers
from integrations.events.deliveries import deliveries_queue
from integrations.events.endpoints import create_endpoint
from integrations.events.publishing import publish_all
from integrations.models import Delivery, Endpoint
from integrations.models.deliveries import AT_ONCE
from tests.support.builders import UserFactory, cancel, imported, product, select
from tests.support.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ADDRESS = "https://receiver.example.com/hooks"


@pytest.fixture
def endpoint(manager):
    made, _ = create_endpoint(address=ADDRESS, by=manager)
    return made


@pytest.fixture
def busy_order(agent):
    """An order of three events, and the imports of so many others."""

    def busy_order(others=0):
        order = imported(items=[product("1", 2)])
        cancel(order, select(), by=agent)
        cancel(order, select(), by=agent)
        for _ in range(others):
            imported()
        publish_all()
        return order

    return busy_order


def claimed(most=1, **more):
    """Events by their sequence, as each hand would send them."""
    leaders = claim(deliveries_queue(), now=timezone.now(), most=most, **more)
    return [[each.event_id for each in (row, *row.followers)] for row in leaders]


def test_all_of_one_order_are_in_one_hand_in_sequence(endpoint, busy_order):
    busy_order()
    assert claimed(most=10) == [[1, 2, 3]]
    assert claimed(most=10) == []


def test_they_go_under_the_lease_of_the_first(endpoint, busy_order):
    busy_order(others=2)

    [row] = claim(deliveries_queue(), now=timezone.now(), most=1)

    rows = Delivery.objects.filter(due_at__gt=timezone.now())
    assert len(row.followers) > 1
    assert set(rows.values_list("lease", "due_at")) == {(row.lease, row.due_at)}
    tried = dict(rows.values_list("pk", "tries"))
    assert tried == {row.pk: 1, **{each.pk: 0 for each in row.followers}}


def test_what_is_tried_again_later_lets_nothing_of_its_order_go_before_it(endpoint, busy_order):
    busy_order(others=1)
    later = timezone.now() + timedelta(hours=1)
    Delivery.objects.filter(event=2).update(due_at=later)

    [[first, *more]] = claimed()

    assert (first, set(more) & {2, 3}) == (1, set())


def test_of_little_each_hand_gets_its_part(endpoint, busy_order):
    busy_order(others=8)

    hands = claimed(most=AT_ONCE)

    assert sorted(map(len, hands)) == [2, 2, 2, 5]
    assert sorted(event for hand in hands for event in hand) == list(range(1, 12))


def test_one_hand_leaves_the_others_theirs(endpoint, busy_order):
    busy_order(others=8)
    assert claimed() == [[1, 2, 3, 4, 5]]


def test_a_hand_gets_no_more_than_it_may(endpoint, busy_order, monkeypatch):
    monkeypatch.setattr(followers, "MOST", 2)
    busy_order(others=8)

    assert claimed()[0] == [1, 2]
    assert all(len(hand) <= 2 for hand in claimed(most=4))


def test_an_endpoint_that_struggles_gets_one_alone(endpoint, busy_order):
    busy_order(others=8)
    Endpoint.objects.update(is_struggling=True)

    assert claimed(most=10) == [[1]]
    assert claimed(most=10) == []


def test_an_endpoint_has_so_many_hands_of_a_worker_and_no_more(endpoint, busy_order, monkeypatch):
    monkeypatch.setattr(followers, "MOST", 2)
    busy_order(others=20)
    queue = deliveries_queue()

    in_hand = claim(queue, now=timezone.now(), most=10)
    in_hand += [follower for row in in_hand for follower in row.followers]

    assert len({row.lease for row in in_hand}) == AT_ONCE
    assert claimed(most=10, in_hand=in_hand) == []
    assert len(claimed(most=10, in_hand=in_hand[1:2])) == AT_ONCE - 1


def test_each_endpoint_gets_its_own(endpoint, busy_order, manager):
    other, _ = create_endpoint(address=f"{ADDRESS}/2", by=manager)
    busy_order()

    rows = claim(deliveries_queue(), now=timezone.now(), most=10)

    of_each = {row.endpoint_id: {each.endpoint_id for each in row.followers} for row in rows}
    assert of_each == {endpoint.pk: {endpoint.pk}, other.pk: {other.pk}}


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_what_others_are_at_is_passed_over_with_what_follows_on_it():
    manager = UserFactory(manager=True)
    create_endpoint(address=ADDRESS, by=manager)
    order = imported(items=[product("1", 2)])
    cancel(order, select(), by=manager)
    cancel(order, select(), by=manager)
    imported()
    publish_all()
    is_locked, is_claimed = Event(), Event()

    def is_at_it():
        with transaction.atomic():
            list(Delivery.objects.select_for_update().filter(event=2))
            is_locked.set()
            is_claimed.wait(5)

    def claims():
        is_locked.wait(20)
        hands = claimed()
        is_claimed.set()
        return hands

    assert at_once(is_at_it, claims)[1] == [None, [[1, 4]]]
