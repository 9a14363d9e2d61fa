"""Which database is chosen to read long lists from."""

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from config.postgresql.routing import KeptOffTheReplica
from console.lists import own_changes
from orders import replica
from orders.chunks import in_chunks
from orders.models import OrderSummary
from orders.places import Key, Ordering, number
from tests.support.builders import imported, shirts

BY_NUMBER = Ordering((Key("order_number", number),), descending=False)


@pytest.fixture
def fit(monkeypatch):
    """A replica that keeps up; gives what it was left alone for."""
    failed = []
    monkeypatch.setattr(replica, "is_configured", lambda: True)
    monkeypatch.setattr(replica.judge, "is_fit", lambda: True)
    monkeypatch.setattr(replica.judge, "dismiss", failed.append)
    return failed


@pytest.mark.django_db(transaction=True)
def test_the_replica_is_read_where_it_keeps_up(fit):
    assert replica.read(str) == "replica"


@pytest.mark.django_db(transaction=True)
def test_whoever_just_changed_something_reads_the_primary(fit):
    assert replica.read(str, fresh=True) == "default"


@pytest.mark.django_db
def test_nothing_leaves_a_transaction(fit):
    assert replica.read(str) == "default"


@pytest.mark.django_db
def test_where_there_is_none_nothing_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert replica.read(str) == "default"


@pytest.mark.django_db(transaction=True)
def test_what_fails_there_is_read_from_the_primary(fit):
    asked = []

    def fails_there(alias):
        asked.append(alias)
        if alias == "replica":
            raise OperationalError("it was killed")
        return "read"

    assert replica.read(fails_there) == "read"
    assert asked == ["replica", "default"]
    assert [str(error) for error in fit] == ["it was killed"]


@pytest.mark.django_db
def test_chunks_go_on_from_the_primary(monkeypatch):
    """A file that is being sent is whole, whenever the replica dies."""
    for name in ("C-1", "C-2", "C-3"):
        imported(shirts(order_number=name))
    freshness = []

    def read(asked, *, fresh):
        freshness.append(fresh)
        return asked("default")

    monkeypatch.setattr("orders.chunks.read", read)
    chunks = in_chunks(OrderSummary.objects.all(), BY_NUMBER, size=2, fresh=True)

    assert [[order.order_number for order in chunk] for chunk in chunks] == [
        ["C-1", "C-2"],
        ["C-3"],
    ]
    assert freshness == [True] * 3


def test_nothing_is_written_or_migrated_there():
    router, read_there = KeptOffTheReplica(), OrderSummary()
    read_there._state.db = "replica"

    assert router.db_for_write(OrderSummary, instance=read_there) == "default"
    assert router.allow_relation(read_there, OrderSummary())
    assert router.allow_migrate("replica", "orders") is False
    assert router.allow_migrate("default", "orders") is None


@pytest.mark.parametrize(
    ("method", "cookies", "is_marked"),
    [
        ("post", {"sessionid": "x"}, True),
        ("delete", {"sessionid": "x"}, True),
        ("get", {"sessionid": "x"}, False),
        ("post", {}, False),
    ],
)
def test_whoever_sends_something_off_is_marked_for_as_long_as_a_replica_may_lag(
    fit, settings, monkeypatch, method, cookies, is_marked
):
    settings.REPLICA_LAG_SECONDS = 20
    monkeypatch.setattr(own_changes, "is_configured", lambda: True)
    marks = own_changes.OwnChangesMiddleware(lambda request: HttpResponse())
    request = getattr(RequestFactory(), method)("/")
    request.COOKIES.update(cookies)

    response = marks(request)

    assert ("changed" in response.cookies) is is_marked
    if is_marked:
        assert response.cookies["changed"]["max-age"] == 20 + own_changes.MARGIN_SECONDS
        assert response.cookies["changed"]["httponly"]
