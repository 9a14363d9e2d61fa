"""Authorizations that are given up or stay: said on review and finish, part of what is agreed."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from cancellations.models import ChangeOrder, Release
from orders.models import OrderSummary
from tests.support.builders import payment, product, report

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

GIVEN_UP = (
    "The authorization of <strong>$30.00</strong> on <bdi>Store card</bdi> is released: nothing of"
    " it is needed any more."
)


@pytest.fixture
def authorized(new_order):
    """Four things at 10.00, authorized over two payments, nothing captured."""
    return new_order(
        [product("1", 4)],
        payments=[
            payment("25.00", "P1", captured="0.00"),
            payment("30.00", "P2", method="Store card", captured="0.00"),
        ],
    )


def reviewed(run, quantity):
    run.select("1")
    run.explain({"1": quantity})
    return run.get("review")


def test_review_and_finish_say_what_is_given_up_and_what_stays(authorized, new_run):
    run = new_run()

    review = reviewed(run, 2)
    run.submit()

    assertContains(review, "Nothing will be refunded.")
    assertContains(review, GIVEN_UP)
    assertContains(review, "Released: <bdi>Store card</bdi>")
    assertContains(review, "Stays open: <bdi>Visa ending 1111</bdi>")
    receipt = review.context["receipt"]
    assert [(kept.open_minor, kept.needed_minor) for kept in receipt.kept_open] == [(2500, 2000)]
    finish = run.get("finish")
    assertContains(finish, "Authorization on <bdi>Store card</bdi> released")
    assertContains(finish, "Authorization on <bdi>Visa ending 1111</bdi> that stays, as of now")
    assertContains(finish, "$25.00")
    assert [row.amount_minor for row in Release.objects.all()] == [3000]


def test_without_an_open_authorization_nothing_is_said_of_them(new_order, new_run):
    new_order([product("1", 4)], captured="40.00")
    run = new_run()

    review = reviewed(run, 2)
    run.submit()

    for page in (review, run.get("finish")):
        assertNotContains(page, "uthorization")


def test_what_stays_is_said_on_review_alone_where_nothing_is_given_up(authorized, new_run):
    run = new_run()
    review = reviewed(run, 1)
    run.submit()

    assertNotContains(review, "Released:")
    assertContains(review, "Stays open: <bdi>Visa ending 1111</bdi>")
    assertContains(review, "Stays open: <bdi>Store card</bdi>")
    assertNotContains(run.get("finish"), "that stays")


def test_a_release_that_was_not_reviewed_is_shown_first(authorized, new_run):
    run = new_run()
    reviewed(run, 2)
    agreed = run.reviewed()
    [order] = OrderSummary.objects.all()
    report(order, payments=[{"key": "P2", "authorized": "35.00"}])

    response = run.submit(agreed)

    assertRedirects(response, run.url("review"), fetch_redirect_response=False)
    [changed] = run.get("review").context["changed"]
    assert (changed.what, changed.reviewed, changed.now) == (
        "Authorization on <bdi>Store card</bdi> released",
        "$30.00",
        "$35.00",
    )
    assert not ChangeOrder.objects.exists()


def test_an_older_review_with_other_releases_is_told_what_was_done(authorized, new_run):
    run = new_run()
    reviewed(run, 2)
    agreed = run.reviewed()
    [order] = OrderSummary.objects.all()
    report(order, payments=[{"key": "P2", "authorized": "35.00"}])
    run.submit()

    same = run.client.post(run.url("review"), {"review-agreed": agreed}, follow=True)

    assertContains(same, "with other answers or amounts than you reviewed")
