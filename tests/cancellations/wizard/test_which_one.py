"""Which line is meant: by number, recipient or method, and with which delivery charge."""

import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from tests.support.builders import delivery_charge, delivery_group, product, tax

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


@pytest.fixture
def two_people(new_order, new_run):
    """A run on an order of one shirt each for two people, and of a tie."""
    new_order(
        [
            product("1", name="Shirt"),
            product("2", name="Shirt", delivery_group="G2"),
            product("3", name="Tie"),
            delivery_charge(unit_price="4.00", taxes=[tax("0.95")]),
        ],
        delivery_groups=[
            delivery_group(deliver_to="Lauren", method="Ground"),
            delivery_group("G2", deliver_to="Noor", method="Ground"),
        ],
    )
    return new_run()


def test_lines_of_one_name_have_their_numbers_and_recipients(two_people):
    run = two_people
    select = words(run.get("select"))
    run.select("1", "2", "3")
    details = words(run.get("details"))
    run.explain({"1": 1, "2": 1, "3": 1})
    review = words(run.get("review"))
    record = words(run.client.get("/order-summaries/W-1/"))

    for page in (select, details, review, record):
        for said in ("Shirt (line 1 ) Lauren", "Shirt (line 2 ) Noor", "Tie Lauren"):
            assert said in page


def test_a_line_like_no_other_stands_alone(new_order, new_run):
    new_order([product("1", name="Shirt"), product("2", name="Tie")])

    page = words(new_run().get("select"))

    assert "(line" not in page
    assert "Lauren" not in page.split("Items that can be canceled")[1]


def test_groups_of_one_recipient_are_told_apart_by_method(new_order, new_run):
    groups = [delivery_group(method="Ground"), delivery_group("G2", method="Express")]
    new_order([product("1"), product("2", delivery_group="G2")], delivery_groups=groups)

    page = words(new_run().get("select"))

    assert "Thing 1 Ground" in page
    assert "Thing 2 Express" in page


def test_the_charge_of_its_delivery_stands_beside_a_tick_and_is_not_the_lines_own(two_people):
    run = two_people
    run.select("1", "2", "3")

    details = run.get("details")

    assert 'aria-label="Refund delivery charge for Shirt (line 1)"' in details.text
    assert words(details).count("of $4.95 for this delivery") == 2
    assertNotContains(details, "Refund delivery charge for Shirt (line 2)")


def test_without_a_charge_there_is_no_tick(new_order, new_run):
    new_order([product("1", 2)])
    run, everything = new_run(), new_run(kind="cancel_all")
    run.select("1")

    details = run.get("details")

    assertNotContains(details, "Refund delivery charge")
    assertNotContains(everything.get("details"), "Refund delivery charges")
    run.explain({"1": 1}, delivery=["1"])
    assertContains(run.get("review"), "<td")
    assert "Yes" not in words(run.get("review"))


def test_a_charge_that_has_gone_back_has_no_tick_any_more(new_order, new_run):
    new_order([product("1"), product("2", delivery_group="G2"), delivery_charge()],
              delivery_groups=[delivery_group(), delivery_group("G2")])  # fmt: skip
    first = new_run()
    first.select("1")
    first.explain({"1": 1}, delivery=["1"])
    first.submit()

    second = new_run(kind="cancel_all")

    assertNotContains(second.get("details"), "Refund delivery charges")


def test_cancel_all_says_what_the_charges_are(new_order, new_run):
    new_order([product("1"), delivery_charge()])

    page = new_run(kind="cancel_all").get("details")

    assertContains(page, "($7.99)")
