"""Nothing is sent to where it may not go, and whatever a receiver does is a reply."""

import socket
from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from integrations.events import sending
from integrations.events.schedule import MOST_TRIES, next_try
from integrations.events.secrets import Unreadable, decrypted, encrypted, new_secret
from integrations.events.sending import AddressRefused, Line, Reply, check_address
from integrations.models import DeliveryAttempt
from tests.support.receiver import DRIPPING, DROPPED, Receiver

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def call(address, **what):
    with Line(address) as line:
        return line.call(**what)


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/",
        "ftp://example.com/",
        "example.com",
        "https://",
        "https://user:secret@example.com/",
        "https://exa mple.com/",
        "https://example.com:port/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://192.168.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
    ],
)
def test_addresses_inside_or_unsafe_are_refused_at_once(address):
    with pytest.raises(AddressRefused):
        check_address(address)


@pytest.mark.parametrize("number", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1"])
def test_a_name_that_leads_inside_is_not_called(monkeypatch, number):
    family = socket.AF_INET6 if ":" in number else socket.AF_INET
    found = [(family, socket.SOCK_STREAM, 6, "", (number, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)

    reply = call("https://receiver.example.com/", body="{}", headers={})

    assert (reply.status, reply.is_taken) == (None, False)
    assert "inside" in reply.remark


@pytest.mark.parametrize("spelled", ["https://2130706433/", "https://0x7f000001/"])
def test_other_spellings_of_a_number_are_not_called(spelled):
    assert "inside" in call(spelled, body="{}", headers={}).remark


def test_redirects_are_not_followed(receiver):
    receiver.answer = lambda got: (302, {"Location": receiver.address + "/other"})

    reply = call(receiver.address, body="{}", headers={})

    assert (reply.status, reply.is_taken, len(receiver.requests)) == (302, False, 1)


def test_a_closed_connection_is_a_reply(receiver):
    receiver.answer = lambda got: DROPPED

    reply = call(receiver.address, body="{}", headers={})

    assert reply.status is None
    assert reply.remark.startswith("The receiver closed the connection without an answer. [")


def test_headers_that_drip_are_cut_off_when_the_time_is_up(receiver, monkeypatch):
    receiver.answer = lambda got: DRIPPING
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 1)

    reply = call(receiver.address, body="{}", headers={})

    assert reply == Reply(None, "The receiver did not answer in time. [TimeUp]")


def test_a_receiver_that_is_not_there_refuses(receiver):
    with Receiver() as gone:
        address = gone.address

    reply = call(address, body="{}", headers={})

    assert reply == Reply(None, "The connection was refused. [ConnectionError]")


def test_a_receiver_without_tls_is_said_to_have_none(receiver):
    reply = call(receiver.address.replace("http:", "https:"), body="{}", headers={})

    assert reply.remark == "No secure connection came about (TLS). [SSLError]"


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_name_that_is_nowhere_is_said_to_be_unknown(monkeypatch, settings, is_guarded):
    def is_nowhere(*args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", is_nowhere)
    settings.WEBHOOK_HOSTS_ALLOWED = [] if is_guarded else ["nowhere.example.com"]

    reply = call("https://nowhere.example.com/", body="{}", headers={})

    assert reply.remark == "The name of the address was not found. [ConnectionError]"


def test_why_it_was_not_reached_is_shown_in_the_readers_language():
    attempt = DeliveryAttempt(remark="The connection was refused. [ConnectionError]")
    with override("eo"):
        shown = attempt.said

    assert shown.endswith("[ConnectionError]")
    assert DeliveryAttempt(status=500, remark="down").said == "down"


def test_the_schedule_waits_longer_and_ends():
    waits = [next_try(tries, now=NOW, chance=lambda: 0.5) for tries in range(1, MOST_TRIES + 1)]

    hours = [5 / 3600, 1 / 12, 0.5, 2, 5, 10, 14, 20, 24]
    assert waits == [*(NOW + timedelta(hours=each) for each in hours), None]
    assert next_try(1, now=NOW, chance=lambda: 0) == NOW + timedelta(seconds=4.5)
    assert next_try(1, now=NOW, chance=lambda: 1) == NOW + timedelta(seconds=5.5)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("Fri, 27 Nov 2026 12:02:00 GMT", 120),
        ("0", 5),
        ("soon", 5),
        ("-7", 5),
        ("Fri, 27 Nov 2020 12:02:00 GMT", 5),
        ("9" * 40, 86_400),
    ],
)
def test_retry_after_is_kept_to(said, seconds):
    at = next_try(1, now=NOW, retry_after=said, chance=lambda: 0.5)

    assert at == NOW + timedelta(seconds=seconds)


def test_secrets_survive_a_new_key_and_are_not_stored_as_they_are(settings):
    secret = new_secret()
    stored = encrypted(secret)
    before, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 10

    settings.SECRET_KEY_FALLBACKS = [before]
    assert (decrypted(stored), secret in stored) == (secret, False)

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Unreadable):
        decrypted(stored)
