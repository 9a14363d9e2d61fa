from datetime import timedelta

import pytest
from django.utils import timezone

from integrations.events.endpoints import create_endpoint
from tests.support.receiver import Receiver


@pytest.fixture
def receiver(settings):
    settings.WEBHOOK_HOSTS_ALLOWED = ["127.0.0.1"]
    with Receiver() as here:
        yield here


@pytest.fixture
def endpoint(receiver, manager):
    made, made.shown_secret = create_endpoint(address=receiver.address, by=manager)
    return made


class Clock:
    def __init__(self):
        self.now = timezone.now()

    def __call__(self):
        return self.now

    def go_on(self, **more):
        self.now += timedelta(**more)


@pytest.fixture
def clock():
    return Clock()
