"""PostgreSQL has the last word on the feed: what was told once stays told."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from integrations.events.publishing import publish_all
from integrations.models import Feed, PublishedEvent
from tests.support.builders import product

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

DELETE = "DELETE FROM integrations_publishedevent"


@pytest.fixture
def published(new_order):
    def days_ago(days):
        new_order([product("1")])
        publish_all(now=timezone.now() - timedelta(days=days))

    return days_ago


def execute(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE integrations_publishedevent SET data = '{}'",
        "UPDATE integrations_publishedevent SET sequence = 7",
        "UPDATE integrations_publishedevent SET published_at = now() - interval '1 year'",
        DELETE,
    ],
)
def test_what_was_published_is_never_changed_or_deleted(published, sql):
    published(days=400)
    before = list(PublishedEvent.objects.values())

    with pytest.raises(IntegrityError, match="a published event is never changed"):
        execute(sql)

    assert list(PublishedEvent.objects.values()) == before


def test_it_goes_when_the_feed_says_so_and_not_while_it_may_be_on_its_way(published):
    published(days=3)
    Feed.objects.update(removed=1)
    with pytest.raises(IntegrityError):
        execute(DELETE)


def test_what_is_old_and_said_to_be_removed_goes(published):
    published(days=5)
    Feed.objects.update(removed=1)
    execute(DELETE)
    assert not PublishedEvent.objects.exists()
