"""Calls of one hand are guarded and bounded as if each were the only one."""

import time

import pytest
from requests_hardened import ip_filter_adapter

from integrations.events import sending
from integrations.events.sending import MOST_READ, Line, Reply
from tests.support.receiver import DRIPPING, DROPPED, OK, TWICE

pytestmark = pytest.mark.slow


def calls(address, *bodies):
    with Line(address) as line:
        return [line.call(body=body, headers={}) for body in bodies]


def bodies(receiver):
    return [got.body for got in receiver.requests]


def test_each_call_has_a_connection_of_its_own(receiver):
    receiver.answer = lambda got: (OK, {}, f"thanks for {got.body}")

    replies = calls(receiver.address, "1", "2", "3")

    assert replies == [Reply(OK, f"thanks for {number}") for number in "123"]
    assert len(set(receiver.ports)) == 3


def test_who_drops_what_comes_is_not_asked_again_at_once(receiver):
    receiver.answer = lambda got: DROPPED if got.body == "2" else OK

    first, second = calls(receiver.address, "1", "2")

    assert (first, second.status) == (Reply(OK), None)
    assert second.remark.startswith("The receiver closed the connection without an answer. [")
    assert bodies(receiver) == ["1", "2"]


def test_an_answer_that_is_left_unread_is_not_taken_for_the_next(receiver):
    long = "x" * MOST_READ
    receiver.answer = lambda got: (OK, {}, long * 100 if got.body == "1" else got.body)

    first, second = calls(receiver.address, "1", "2")

    assert (first, second) == (Reply(OK, long), Reply(OK, "2"))
    assert len(set(receiver.ports)) == 2


def test_what_is_answered_twice_counts_for_no_other(receiver):
    receiver.answer = lambda got: TWICE if got.body == "1" else (time.sleep(0.1), 503)[1]

    replies = calls(receiver.address, "1", "2", "3")

    assert [reply.status for reply in replies] == [OK, 503, 503]
    assert bodies(receiver) == ["1", "2", "3"]


def test_each_call_has_the_whole_time(receiver, monkeypatch):
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 2)
    receiver.answer = lambda got: (time.sleep(0.8), OK)[1]

    assert calls(receiver.address, "1", "2", "3") == [Reply(OK)] * 3


def test_a_call_is_cut_off_when_its_time_is_up(receiver, monkeypatch):
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 1)
    receiver.answer = lambda got: DRIPPING if got.body == "2" else OK

    replies = calls(receiver.address, "1", "2", "3")

    late = Reply(None, "The receiver did not answer in time. [TimeUp]")
    assert replies == [Reply(OK), late, Reply(OK)]
    assert bodies(receiver) == ["1", "2", "3"]


def test_cookies_are_not_kept(receiver):
    receiver.answer = lambda got: (OK, {"Set-Cookie": "seen=1; Path=/"})

    calls(receiver.address, "1", "2")

    assert ["cookie" in got.headers for got in receiver.requests] == [False, False]


def test_redirects_are_not_followed(receiver):
    receiver.answer = lambda got: (302, {"Location": f"{receiver.address}/other"})

    replies = calls(receiver.address, "1", "2")

    assert [reply.status for reply in replies] == [302, 302]
    assert bodies(receiver) == ["1", "2"]


def test_a_name_is_looked_up_for_each_call(receiver, monkeypatch, settings):
    """What led outside at first and leads inside then is not called."""
    settings.WEBHOOK_HOSTS_ALLOWED = []
    monkeypatch.setattr(sending, "check_address", lambda address: None)
    looked_up, is_inside = [], ip_filter_adapter.filter_host

    def lead(host, port, *, allow_loopback):
        looked_up.append(host)
        return host if len(looked_up) == 1 else is_inside(host, port, allow_loopback=allow_loopback)

    monkeypatch.setattr(ip_filter_adapter, "filter_host", lead)

    replies = calls(receiver.address, "1", "2")

    assert replies == [Reply(OK), Reply(None, sending.INSIDE)]
    assert (bodies(receiver), len(looked_up)) == (["1"], 2)
