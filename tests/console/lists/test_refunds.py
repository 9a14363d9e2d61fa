"""The list of refunds."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from cancellations.models import Refund
from cancellations.models.queue import IS_IN_FLIGHT
from cancellations.models.refund_states import RefundStatus
from cancellations.models.refunds import WAITS_FOR_A_PERSON
from cancellations.refunds.attention import call_for_a_person
from console.lists import refund_filters
from orders import keyset
from orders.models import PaymentSummary
from tests.support.builders import (
    cancel,
    imported,
    item,
    minor,
    order_document,
    payment,
    select_all,
)
from tests.support.statements import counted_statements

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.usefixtures("without_triggers"),  # a refund stands in any status here
]

LIST = "/refunds/"


def refund(status, number, agent, amount="20.00", **changes):
    """A refund in a status, of an order with this number."""
    order = imported(order_document(order_number=number, payments=[payment(amount, **changes)]))
    made = cancel(order, select_all(), by=agent).refunds.get()
    has_ended = status in ("succeeded", "withdrawn")
    Refund.objects.filter(pk=made.pk).update(
        status=status, due_at=None if has_ended else made.due_at
    )
    if RefundStatus(status).needs_a_person:
        made.refresh_from_db()
        made.remark = "No such card."
        call_for_a_person(made, why=status, now=timezone.now() - timedelta(days=3))
    if has_ended:
        refunded = minor(amount) if status == "succeeded" else 0
        PaymentSummary.objects.filter(refunds=made).update(
            reserved_minor=0, refunded_here_minor=refunded
        )
    return made


def rows(response):
    return response.context["page"].rows


def order_numbers(response):
    return [refund.change_order.order.order_number for refund in rows(response)]


def test_refunds_that_wait_for_a_person_come_first_then_those_in_flight(viewer_client, agent):
    for number, status in enumerate(Refund.Status.values):
        refund(status, f"R-{number}-{status}", agent)

    response = viewer_client.get("/refunds/")

    assert [row.status for row in rows(response)] == [
        "manual",
        "unknown",
        "failed",
        "settling",
        "processing",
        "pending",
        "withdrawn",
        "succeeded",
    ]
    assertContains(response, "For a person, since 3 days", count=3)


def test_one_that_waits_for_a_person_says_what_for(viewer_client, agent):
    refund("failed", "R-1", agent)

    response = viewer_client.get("/refunds/")

    assertContains(response, "$20.00 was refused. The gateway says: No such card.")


def test_a_refund_leads_to_its_order_and_change_order(viewer_client, agent):
    made = refund("pending", "R-1", agent)

    response = viewer_client.get("/refunds/")

    for text in (
        "1 refund",
        'href="/order-summaries/R-1/"',
        f'href="/change-orders/{made.change_order.number}/"',
        "Visa ending 1111",
        "$20.00",
        "Pending",
        made.created_at.isoformat(timespec="seconds"),
    ):
        assertContains(response, text)


def test_a_refund_leads_to_its_own_page(viewer_client, agent):
    made = refund("pending", "R-1", agent)

    response = viewer_client.get("/refunds/")

    assertContains(
        response, f'<a href="/refunds/{made.pk}/">Refund\N{NO-BREAK SPACE}#{made.pk}</a>'
    )


@pytest.mark.parametrize(
    ("state", "numbers"),
    [
        ("needs_attention", ["R-2"]),
        ("in_flight", ["R-1"]),
        ("done", ["R-4", "R-3"]),
    ],
)
def test_the_states_that_are_more_than_a_status(viewer_client, agent, state, numbers):
    for number, status in enumerate(["pending", "failed", "succeeded", "withdrawn"], start=1):
        refund(status, f"R-{number}", agent)

    assert order_numbers(viewer_client.get(f"/refunds/?status={state}")) == numbers


def test_the_gateway_filter(viewer_client, agent):
    refund("pending", "R-1", agent)
    refund("pending", "R-2", agent, gateway="manual")
    refund("pending", "R-3", agent, gateway="another")

    def found(gateway):
        return order_numbers(viewer_client.get(f"/refunds/?gateway={gateway}"))

    assert (found("sandbox"), found("manual"), found("other")) == (["R-1"], ["R-2"], ["R-3"])


def test_the_age_filter(viewer_client, agent):
    old, _new = refund("pending", "R-1", agent), refund("pending", "R-2", agent)
    Refund.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))

    assert order_numbers(viewer_client.get("/refunds/?age=week")) == ["R-1"]
    assert order_numbers(viewer_client.get("/refunds/?age=month")) == []


def test_amounts_are_found_in_the_units_of_their_currency(viewer_client, agent):
    for number, amount in enumerate(["10.00", "20.00", "30.00"], start=1):
        refund("pending", f"R-{number}", agent, amount)
    yen = {"currency": "JPY", "items": [item(unit_price="10")], "payments": [payment("20")]}
    cancel(imported(order_document(order_number="R-4", **yen)), select_all(), by=agent)

    def found(**query):
        return order_numbers(viewer_client.get("/refunds/", query))

    # 20.00 of what the order is worth, however much was paid
    assert found(amount_from="15", amount_to="25") == ["R-4", "R-2"]
    assert found(amount_from="19.999", amount_to="20.001") == ["R-4", "R-2"]
    assert found(currency="jpy") == ["R-4"]
    assert found(currency="USD", amount_to="10") == ["R-1"]
    assert found(amount_from="30.01") == []


def test_the_sums_are_of_what_was_asked_for_by_currency(viewer_client, agent):
    refund("pending", "R-1", agent)
    refund("failed", "R-2", agent)
    yen = {"currency": "JPY", "items": [item(unit_price="10")], "payments": [payment("20")]}
    cancel(imported(order_document(order_number="R-3", **yen)), select_all(), by=agent)

    assertContains(viewer_client.get("/refunds/"), "Together: ¥20 · $40.00")
    assertContains(viewer_client.get("/refunds/?status=failed"), "Together: $20.00")
    assertNotContains(viewer_client.get("/refunds/?status=manual"), "Together")


def test_more_than_are_counted_are_not_summed(viewer_client, agent, monkeypatch):
    monkeypatch.setattr(refund_filters, "COUNT_AT_MOST", 1)
    refund("pending", "R-1", agent)
    refund("failed", "R-2", agent)

    assertContains(viewer_client.get("/refunds/"), "Sums are shown of 1 at most")


def test_releases_are_listed_the_same_way(viewer_client, agent):
    order = imported(
        order_document(order_number="R-1", payments=[payment("20.00", captured="0.00")])
    )
    release = cancel(order, select_all(), by=agent).releases.get()

    response = viewer_client.get("/refunds/?kind=releases")

    assertContains(
        response, f'<a href="/releases/{release.pk}/">Release\N{NO-BREAK SPACE}#{release.pk}</a>'
    )
    assertContains(response, "1 release")
    assertContains(viewer_client.get("/refunds/"), "No refunds yet")


@pytest.mark.postgresql
def test_the_sequence_of_the_list_is_read_off_an_index(agent):
    refund("failed", "R-1", agent)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    form = refund_filters.RefundListForm({})
    form.is_valid()
    listed = Refund.objects.annotate(
        waits_for_a_person=WAITS_FOR_A_PERSON, is_in_flight=IS_IN_FLIGHT
    ).order_by(*form.ordering.forward)

    assert "refund_as_listed" in listed[:50].explain()


def test_the_status_filter_of_refunds(viewer_client, agent):
    refund("failed", "R-1", agent)
    refund("pending", "R-2", agent)

    assert order_numbers(viewer_client.get("/refunds/?status=failed")) == ["R-1"]
    assertContains(viewer_client.get("/refunds/?status=manual"), "No refund matches")


def test_pages_of_refunds_go_on_and_back_across_those_that_need_a_person(
    viewer_client, agent, every_page, monkeypatch
):
    monkeypatch.setattr(keyset, "PAGE_SIZE", 2)
    for number, status in enumerate(["failed", "pending", "manual", "pending", "unknown"]):
        refund(status, f"R-{number}", agent)

    seen, way_back = every_page(viewer_client, LIST, order_numbers)
    back = viewer_client.get(f"{LIST}?{way_back}")

    assert seen == [["R-4", "R-2"], ["R-0", "R-3"], ["R-1"]]
    assert order_numbers(back) == seen[1]


def test_without_refunds_the_list_says_when_there_are_some(viewer_client):
    assertContains(viewer_client.get("/refunds/"), "No refunds yet")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"after": "1"}, "The page to show is not one of this list."),
        ({"before": "1~x"}, "The page to show is not one of this list."),
        ({"after": "True~1"}, "The page to show is not one of this list."),
        ({"after": "True~maybe~1"}, "The page to show is not one of this list."),
        ({"status": "lost"}, "Choose one from the list."),
        ({"kind": "lost"}, "Choose one from the list."),
        ({"gateway": "lost"}, "Choose one from the list."),
        ({"age": "lost"}, "Choose one from the list."),
        ({"currency": "US"}, "Three letters, such as USD."),
        ({"currency": "U\0D"}, "Null characters are not allowed."),
        ({"amount_from": "much"}, "Enter a number."),
        ({"amount_from": "NaN"}, "Enter a number."),
        ({"amount_to": "-1"}, "Enter an amount of 0 or more."),
        ({"amount_to": "1e99"}, "no more than 15 digits"),
    ],
)
def test_a_query_that_cannot_be_is_a_400_that_says_so(viewer_client, query, message):
    assertContains(viewer_client.get(LIST, query), message, status_code=400)


def test_the_list_is_for_those_who_see_orders(client, django_user_model):
    signed_out = client.get(LIST)
    client.force_login(django_user_model.objects.create_user("nobody"))

    assert signed_out.headers["Location"] == f"/sign-in/?next={LIST}"
    assert client.get(LIST).status_code == 403


def test_the_list_is_only_read_and_never_cached(viewer_client):
    assert viewer_client.post(LIST).status_code == 405
    assert "no-store" in viewer_client.get(LIST).headers["Cache-Control"]


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.budget
def test_statements_of_the_list(viewer_client, agent, count):
    for number in range(count):
        refund("pending", f"R-{number}", agent)

    with counted_statements(7):
        viewer_client.get(LIST)
