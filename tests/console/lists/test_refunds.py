"""The list of refunds."""

import pytest
from pytest_django.asserts import assertContains

from cancellations.models import Refund
from orders import keyset
from orders.models import PaymentSummary
from tests.support.builders import cancel, imported, minor, order_document, payment, select_all
from tests.support.statements import counted_statements

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.usefixtures("without_triggers"),  # a refund stands in any status here
]

LIST = "/refunds/"


def refund(status, number, agent, amount="20.00"):
    """A refund in a status, of an order with this number."""
    order = imported(order_document(order_number=number, payments=[payment(amount)]))
    made = cancel(order, select_all(), by=agent).refunds.get()
    Refund.objects.filter(pk=made.pk).update(status=status)
    if status in ("succeeded", "withdrawn"):
        refunded = minor(amount) if status == "succeeded" else 0
        PaymentSummary.objects.filter(refunds=made).update(
            reserved_minor=0, refunded_here_minor=refunded
        )
    return made


def rows(response):
    return response.context["page"].rows


def order_numbers(response):
    return [refund.change_order.order.order_number for refund in rows(response)]


def test_refunds_that_need_a_person_come_first(viewer_client, agent):
    for number, status in enumerate(Refund.Status.values):
        refund(status, f"R-{number}-{status}", agent)

    response = viewer_client.get("/refunds/")

    assert [row.status for row in rows(response)] == [
        "manual",
        "unknown",
        "failed",
        "withdrawn",
        "succeeded",
        "settling",
        "processing",
        "pending",
    ]
    assertContains(response, "Needs a person", count=3)


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
        made.created_at.isoformat(),
    ):
        assertContains(response, text)


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
        ({"status": "lost"}, "lost is not one of the available choices"),
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
def test_statements_of_the_list(viewer_client, agent, count):
    for number in range(count):
        refund("pending", f"R-{number}", agent)

    with counted_statements(6):
        viewer_client.get(LIST)
