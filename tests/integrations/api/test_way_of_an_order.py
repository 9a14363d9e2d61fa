"""What a shop does: bring an order, cancel of it, look what became of it."""

import json

import pytest

from cancellations.models import ChangeOrder, Refund
from orders.models import OrderSummary
from tests.support.builders import (
    adjustment,
    carried_out,
    delivery_charge,
    fee,
    imported,
    order_document,
    payment,
    product,
    shirts,
    tax,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


CANCEL_ALL = {"items": "all", "reason": "Changed Mind"}


def cancellation(quantity=1, **more):
    return {"items": [{"key": "1", "quantity": quantity, "reason": "Changed Mind"}], **more}


@pytest.fixture
def order():
    return imported(shirts())


def test_an_order_is_taken_once_and_read_back(call):
    document = order_document(order_number="W/1")
    new = call("PUT", "/orders/W~2F1", document)
    again = call("PUT", "/orders/W~2F1", document)
    read = call("GET", "/orders/W~2F1")
    assert (new.status_code, again.status_code) == (201, 200)
    assert again.json()["outcome"] == "skipped"
    assert read.json()["order_number"] == "W/1"
    assert call("GET", "/orders/W~2F1", If_None_Match=read.headers["ETag"]).status_code == 304


def test_a_batch_tells_of_each_line(call):
    good, bad = (
        order_document(order_number="W-1"),
        {
            **order_document(order_number="W-2"),
            "what": 1,
        },
    )
    lines = "\n".join([json.dumps(good), "", json.dumps(bad), "{", json.dumps(good)])
    answer = call("POST", "/orders:batch", lines)
    told = [json.loads(line) for line in answer.getvalue().splitlines()]
    assert [(each["line"], each["outcome"]) for each in told] == [
        (1, "imported"),
        (3, "refused"),
        (4, "refused"),
        (5, "skipped"),
    ]
    assert told[1]["errors"][0]["path"] == "what"


def test_an_order_under_another_address_is_not_taken(call):
    answer = call("PUT", "/orders/W-2", order_document(order_number="W-1"))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "order_number"
    assert not OrderSummary.objects.exists()


def test_a_wrong_order_is_told_at_its_fields_as_in_files(call):
    answer = call("PUT", "/orders/W-1", {**order_document(order_number="W-1"), "what": 1})
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [problem["path"] for problem in answer.json()["errors"]] == ["what"]


def test_a_cancellation_happens_once_for_its_key(call, order):
    path = f"/orders/{order.order_number}/cancellations"
    first = call("POST", path, cancellation(), Idempotency_Key="K-1")
    again = call("POST", path, cancellation(), Idempotency_Key="K-1")
    other = call("POST", path, cancellation(2), Idempotency_Key="K-1")
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.json() == again.json()
    assert other.json()["type"] == "key-reused"
    assert call("GET", first.headers["Location"].removeprefix("/api/v1")).json() == first.json()
    assert ChangeOrder.objects.count() == 1


def test_without_a_key_nothing_is_canceled(call, order):
    answer = call("POST", f"/orders/{order.order_number}/cancellations", cancellation())
    assert (answer.status_code, answer.json()["type"]) == (400, "key-required")
    assert not ChangeOrder.objects.exists()


def test_what_was_agreed_is_what_happens_or_both_are_told(call, order):
    path = f"/orders/{order.order_number}/cancellations"
    preview = call("POST", f"{path}/preview", cancellation()).json()
    call("POST", path, cancellation(), Idempotency_Key="meanwhile")
    changed = call(
        "POST", path, {**cancellation(), "agreed": preview["agreed"]}, Idempotency_Key="K"
    )
    assert (changed.status_code, changed.json()["type"]) == (409, "changed")
    assert changed.json()["reviewed"]["lines"] != [] != changed.json()["now"]["lines"]
    as_it_is = {**cancellation(), "agreed": changed.json()["agreed"]}
    assert call("POST", path, as_it_is, Idempotency_Key="K").status_code == 201


def test_a_preview_adds_up_to_what_is_done_and_writes_nothing(call, order):
    path = f"/orders/{order.order_number}/cancellations"
    preview = call("POST", f"{path}/preview", cancellation()).json()
    assert not ChangeOrder.objects.exists()
    done = call("POST", path, {**cancellation(), "agreed": preview["agreed"]}, Idempotency_Key="K")
    assert done.json()["refund_due"] == preview["refund_due"]
    assert [each["amount"] for each in done.json()["refunds"]] == [
        each["amount"] for each in preview["refunds"]
    ]


@pytest.mark.parametrize(
    "asked",
    [
        {"items": [{**cancellation(2)["items"][0], "note": "Too small", "refund_delivery": False}]},
        CANCEL_ALL,
        {**CANCEL_ALL, "refund_fees": True},
    ],
)
def test_what_was_just_made_is_told_as_it_is_read_back(call, asked):
    document = order_document(
        items=[
            product("1", 3, taxes=[tax("2.00")], adjustments=[adjustment("-1.00")]),
            product("2", 2),
            delivery_charge(),
            fee(),
        ],
    )
    order = imported(document, payments=[payment("30.00"), payment("25.00", "P2", captured="0")])
    path = f"/orders/{order.order_number}/cancellations"
    made = call("POST", path, asked, Idempotency_Key="K").json()
    assert made["items"]
    assert bool(made["refunds"]) == bool(made["releases"]) == (asked["items"] == "all")
    assert made == call("POST", path, asked, Idempotency_Key="K").json()
    assert made == call("GET", f"/change-orders/{made['number']}").json()
    undo = f"/change-orders/{made['number']}/undo"
    undone = call("POST", undo, Idempotency_Key="U").json()
    assert undone["items"]
    assert undone == call("POST", undo, Idempotency_Key="U").json()


def test_only_while_the_order_is_what_was_read(call, order):
    address = f"/orders/{order.order_number}"
    path = f"{address}/cancellations"
    etag = call("GET", address).headers["ETag"]
    done = call("POST", path, cancellation(), Idempotency_Key="A", If_Match=etag)
    late = call("POST", path, cancellation(), Idempotency_Key="B", If_Match=etag)
    again = call("POST", path, cancellation(), Idempotency_Key="A", If_Match=etag)
    assert (done.status_code, late.status_code, again.status_code) == (201, 412, 200)
    assert ChangeOrder.objects.count() == 1


def test_a_refusal_uses_up_no_key(call, order):
    path = f"/orders/{order.order_number}/cancellations"
    refused = call("POST", path, cancellation(99), Idempotency_Key="K")
    assert (refused.status_code, refused.json()["type"]) == (409, "refused")
    assert refused.json()["errors"][0]["path"] == "items[0].quantity"
    assert call("POST", path, cancellation(), Idempotency_Key="K").status_code == 201


def test_a_change_order_is_undone_once(call, order):
    path = f"/orders/{order.order_number}/cancellations"
    number = call("POST", path, cancellation(), Idempotency_Key="K").json()["number"]
    undone = call("POST", f"/change-orders/{number}/undo", Idempotency_Key="U")
    again = call("POST", f"/change-orders/{number}/undo", Idempotency_Key="U")
    assert (undone.status_code, again.status_code) == (201, 200)
    assert undone.json()["undoes"] == number


def test_it_is_undone_only_while_the_order_is_what_was_read(call, order):
    address = f"/orders/{order.order_number}"
    stale = call("GET", address).headers["ETag"]
    made = call("POST", f"{address}/cancellations", cancellation(), Idempotency_Key="K").json()
    undo = f"/change-orders/{made['number']}/undo"
    late = call("POST", undo, Idempotency_Key="U", If_Match=stale)
    fresh = call("GET", address).headers["ETag"]
    done = call("POST", undo, Idempotency_Key="U", If_Match=fresh)
    again = call("POST", undo, Idempotency_Key="U", If_Match=fresh)
    assert (late.status_code, done.status_code, again.status_code) == (412, 201, 200)
    assert late.json()["type"] == "precondition-failed"


def test_pages_lead_on_to_the_end(call):
    numbers = [imported(shirts(), order_number=f"W-{n}").order_number for n in range(3)]
    first = call("GET", "/orders?limit=2")
    assert first.headers["Link"].endswith('rel="next"')
    second = call("GET", f"/orders?limit=2&after={first.json()['next_after']}")
    found = [each["order_number"] for page in (first, second) for each in page.json()["items"]]
    assert found == numbers
    assert "Link" not in second.headers


def test_a_refund_is_read_and_given_up(call, order):
    path = f"/orders/{order.order_number}/cancellations"
    call("POST", path, cancellation(), Idempotency_Key="K")
    pk = carried_out(Refund.objects.get(), "refused").pk
    read = call("GET", f"/refunds/{pk}").json()
    stale = call("POST", f"/refunds/{pk}/withdraw", {"seen": "older", "note": "no"})
    done = call("POST", f"/refunds/{pk}/withdraw", {"seen": read["state"], "note": "by bank"})
    assert (stale.status_code, stale.json()["type"]) == (409, "changed")
    assert (done.status_code, done.json()["status"]) == (200, "withdrawn")


def test_a_preview_may_name_the_key_it_will_come_under(call, order):
    path = f"/orders/{order.order_number}/cancellations"
    body = {**cancellation(), "idempotency_key": "K"}
    assert "agreed" in call("POST", f"{path}/preview", body).json()
    call("POST", path, cancellation(), Idempotency_Key="K")
    assert call("POST", f"{path}/preview", body).headers["Idempotent-Replayed"] == "true"


def test_an_exception_is_resolved_as_it_was_read(call, order):
    report = {"items": [{"key": "1", "quantity_allocated": 1, "quantity_fulfilled": 1}]}
    call("POST", f"/orders/{order.order_number}/cancellations", CANCEL_ALL, Idempotency_Key="K")
    told = call("PUT", f"/orders/{order.order_number}/fulfillment", report)
    assert told.status_code == 200, told.json()
    [opened] = call("GET", "/process-exceptions?open=true").json()["items"]
    assert call("GET", f"/process-exceptions/{opened['id']}").json() == opened
    path = f"/process-exceptions/{opened['id']}/resolve"
    stale = call("POST", path, {"seen": "other", "note": "Called."})
    broken = call("POST", path, {"seen": opened["state"], "note": "a\0b"})
    done = call("POST", path, {"seen": opened["state"], "note": "Called."})
    again = call("POST", path, {"seen": opened["state"], "note": "Called."})
    assert [each.status_code for each in (stale, broken, done, again)] == [409, 422, 200, 409]
    assert stale.json()["type"] == "changed"
    assert done.json()["resolved_at"]
