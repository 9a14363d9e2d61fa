"""A database that is away: a calm page and 503, whatever was asked for; never an error."""

import sqlite3

import psycopg
import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.db import InterfaceError, InternalError, OperationalError, ProgrammingError
from django.db.models import QuerySet
from django.test import Client

from config.away import is_away
from config.postgresql import pulse
from config.postgresql.pulse import DatabaseSilent
from tests.support.builders import product

GONE = OperationalError("server closed the connection unexpectedly")


def caused(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (caused(OperationalError("gone"), psycopg.OperationalError()), True),
        (caused(OperationalError("silent"), DatabaseSilent()), True),
        (caused(OperationalError("full"), psycopg.errors.DiskFull()), True),
        (caused(OperationalError("many"), psycopg.errors.TooManyConnections()), True),
        (InterfaceError("the connection is closed"), True),
        (caused(InternalError("standby"), psycopg.errors.ReadOnlySqlTransaction()), True),
        (caused(InternalError(), psycopg.errors.IdleInTransactionSessionTimeout()), True),
        (caused(InternalError(), psycopg.errors.InFailedSqlTransaction()), False),
        (caused(OperationalError("canceled"), psycopg.errors.QueryCanceled()), False),
        (caused(OperationalError("deadlock"), psycopg.errors.DeadlockDetected()), False),
        (caused(OperationalError("disk I/O error"), sqlite3.OperationalError()), True),
        (caused(OperationalError("database is locked"), sqlite3.OperationalError()), False),
        (caused(OperationalError("no such table: x"), sqlite3.OperationalError()), False),
        (ProgrammingError("no such column"), False),
        (ValueError(), False),
    ],
    ids=repr,
)
def test_what_is_away_is_told_from_what_is_busy_or_wrong(error, away):
    assert is_away(error) is away


@pytest.fixture
def outage(monkeypatch):
    """From here on nothing can be asked of the database."""

    def lost(*args, **kwargs):
        raise GONE

    monkeypatch.setattr(QuerySet, "_fetch_all", lost)
    monkeypatch.setattr(QuerySet, "get", lost)
    monkeypatch.setattr(SessionStore, "save", lost)


PAGES = [
    "/",
    "/order-summaries/",
    "/order-summaries/W-1/",
    "/order-summaries/W-1/cancel-items/",
    "/admin/",
    "/admin/orders/ordersummary/",
]


@pytest.mark.django_db
@pytest.mark.both_databases
@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_calmly_that_the_database_is_away(new_order, agent, page, request):
    new_order([product("1")])
    agent.is_staff = True
    agent.save()
    client = Client(raise_request_exception=False)
    client.force_login(agent)
    request.getfixturevalue("outage")

    response = client.get(page)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "We can’t reach the orders right now" in response.text
    assert response.headers["Cache-Control"].startswith("max-age=0, no-cache")


@pytest.mark.django_db
@pytest.mark.both_databases
def test_signing_in_says_so_too(client, request):
    User.objects.create_user("lauren", password="a long enough password")
    client = Client(raise_request_exception=False)
    request.getfixturevalue("outage")

    sent = {"username": "lauren", "password": "a long enough password"}

    assert client.post("/sign-in/", sent).status_code == 503


def test_an_error_around_the_pages_is_the_same_page(monkeypatch):
    from django.middleware.common import CommonMiddleware

    def lost(self, request):
        raise GONE

    monkeypatch.setattr(CommonMiddleware, "process_request", lost)

    response = Client(raise_request_exception=False).get("/order-summaries/")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")


def test_another_error_stays_one(monkeypatch):
    from django.middleware.common import CommonMiddleware

    def wrong(self, request):
        raise ZeroDivisionError

    monkeypatch.setattr(CommonMiddleware, "process_request", wrong)

    response = Client(raise_request_exception=False).get("/order-summaries/")

    assert response.status_code == 500
    assert "Something went wrong on our side" in response.text


@pytest.mark.parametrize("page", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_health_is_told_to_whoever_asks_by_whatever_name(client, settings, page):
    settings.ALLOWED_HOSTS = ["orders.example.com"]

    assert client.get(page, headers={"Host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/sign-in/", headers={"Host": "10.0.0.7:8000"}).status_code == 400


def test_nobody_waits_for_a_database_that_did_not_answer(monkeypatch):
    monkeypatch.setattr(pulse, "beats", lambda within, alias: False)
    pulse.note_silence()
    try:
        with pytest.raises(DatabaseSilent):
            pulse.refuse_if_silent()
    finally:
        pulse._pulses["default"].is_silent.clear()
