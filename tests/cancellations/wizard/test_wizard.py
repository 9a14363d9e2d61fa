"""The wizards from select to finish, as an agent's browser without JavaScript walks them."""

import re

import pytest
from django.contrib.messages import get_messages
from django.utils.html import strip_tags
from pytest_django.asserts import assertContains, assertRedirects

from cancellations.models import CancellationReason, ChangeOrder
from cancellations.wizard import select as selecting
from tests.support.builders import delivery_charge, payment, product
from tests.support.wizard_run import reason_pk

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_cancel_item_from_select_to_finish(new_order, new_run):
    order = new_order([product("1", 2), product("2")], captured="30.00")
    run = new_run()

    assertRedirects(run.select("1"), run.url("details"))
    assertRedirects(run.explain({"1": 1}), run.url("review"))
    assertRedirects(run.submit(), run.url("finish"))

    change_order = ChangeOrder.objects.get()
    order.refresh_from_db()
    assert change_order.canceled_minor == 1000
    assert order.grand_total_minor == 2000
    assert [refund.amount_minor for refund in change_order.refunds.all()] == [1000]
    finish = run.get("finish")
    assertContains(finish, "You’re all set! The cancellation succeeded.")
    assertContains(finish, change_order.number)
    assertContains(finish, "$10.00")


def test_cancel_all_from_details_to_finish(new_order, new_run):
    order = new_order([product("1", 2), product("2", 3, quantity_allocated=1)], captured="50.00")
    run = new_run(kind="cancel_all")

    assertRedirects(run.explain_all(), run.url("review"))
    assertRedirects(run.submit(), run.url("finish"))

    order.refresh_from_db()
    assert order.status == "allocated"
    assert order.grand_total_minor == 1000


def test_cancel_all_offers_delivery_when_nothing_will_remain(new_order, new_run):
    charge = {
        "key": "1001",
        "type": "delivery_charge",
        "name": "Ground",
        "quantity": 1,
        "unit_price": "7.99",
        "delivery_group": "G1",
    }
    new_order([product("1"), charge], "W-1")
    new_order([product("1", 2, quantity_allocated=1), charge], "W-2")

    form_1 = new_run("W-1", kind="cancel_all").get("details").context["wizard"]["form"]
    form_2 = new_run("W-2", kind="cancel_all").get("details").context["wizard"]["form"]

    assert form_1["refund_delivery"].value() is True
    assert form_2["refund_delivery"].value() is False


def test_only_eligible_product_lines_can_be_selected(new_order, new_run):
    new_order([product("1"), product("2", 2, quantity_allocated=2), product("3")])
    other = new_order([product("1")], "W-2").lines.get()
    run = new_run()

    form = run.get("select").context["wizard"]["form"]
    allocated = run.select("2")
    foreign = run.post("select", {"select-lines": [other.pk]})

    assert [row.line.key for row in form.rows] == ["1", "3"]
    assertContains(allocated, "can no longer be canceled")
    assertContains(foreign, "can no longer be canceled")


def test_nothing_selected_is_said_at_the_field(new_order, new_run):
    new_order([product("1")])

    assertContains(new_run().select(), "Select at least one item.")


@pytest.mark.parametrize(("count", "accepted"), [(100, True), (101, False)])
def test_the_101st_item_is_refused(new_order, new_run, count, accepted):
    order = new_order([product(str(i)) for i in range(count)], captured="2000.00")
    run = new_run()
    pks = list(order.lines.values_list("pk", flat=True))

    response = run.post("select", {"select-lines": pks})

    if accepted:
        assertRedirects(response, run.url("details"))
    else:
        assertContains(response, f"You selected {count} items")
        assertContains(response, "Cancel All")


def test_a_ticked_bundle_brings_its_children_once_and_then_the_agent_decides(new_order, new_run):
    new_order(
        [
            product("1", price="100.00"),
            product("2", price="0.00", bundle="1"),
            product("3", price="0.00", bundle="1"),
        ]
    )
    run = new_run()

    first = run.select("1")
    again = run.get("select").context["wizard"]["form"]
    second = run.select("1", "3", expanded=["1"])

    assertRedirects(first, run.url("select"), fetch_redirect_response=False)
    assert [line.key for line in again.ticked] == ["1", "2", "3"]
    assert again.expanded == [str(run.pk("1"))]
    assertRedirects(second, run.url("details"))


def test_a_bundle_ticked_anew_brings_its_children_again(new_order, new_run):
    new_order([product("1", price="100.00"), product("2", price="0.00", bundle="1"), product("9")])
    run = new_run()
    run.select("1")
    run.select("9", expanded=["1"])

    response = run.select("1", "9")

    assertRedirects(response, run.url("select"), fetch_redirect_response=False)
    assert run.get("select").context["wizard"]["form"].selected_count == 3


def test_children_default_to_what_goes_with_their_bundle(new_order, new_run):
    new_order(
        [
            product("1", 3, quantity_allocated=1),
            product("2", 4, bundle="1"),
            product("3", 6, bundle="1", quantity_allocated=4),
        ]
    )
    run = new_run()
    run.select("1", "2", "3")

    rows = run.get("details").context["wizard"]["form"].rows

    assert {row.line.key: row.quantity.value() for row in rows} == {"1": 2, "2": 3, "3": 2}


@pytest.mark.parametrize(
    ("quantity", "message"),
    [
        ("", "Enter a quantity."),
        ("0", "Enter a quantity of at least 1."),
        ("-1", "Enter a quantity of at least 1."),
        ("1.5", "Enter a whole number."),
        ("4", "Only 3 can be canceled."),
        ("1000000000", "Only 3 can be canceled."),
        ("two", "Enter a whole number."),
        ("\uff12", "Enter a whole number."),
        ("1_0", "Enter a whole number."),
        ("1\x00", "Enter a whole number."),
    ],
)
def test_a_quantity_that_cannot_be_is_refused_at_its_field(new_order, new_run, quantity, message):
    new_order([product("1", 3)])
    run = new_run()
    run.select("1")

    response = run.explain({"1": quantity})

    field = response.context["wizard"]["form"].rows[0].quantity
    assert field.errors == [message]


@pytest.mark.parametrize(
    ("reason", "note", "message"),
    [
        ("", "", "Choose a reason."),
        ("Other", "", "Write a note: this reason needs one."),
        ("Other", "   ", "Write a note: this reason needs one."),
        ("Changed Mind", "x" * 1001, "Shorten the note to 1000 characters."),
        ("Changed Mind", "a\x00b", "Null characters are not allowed."),
    ],
)
def test_a_reason_or_note_that_will_not_do_is_refused(new_order, new_run, reason, note, message):
    new_order([product("1", 3)])
    run = new_run()
    run.select("1")

    response = run.explain({"1": 1}, reason=reason, note=note)

    assertContains(response, message)
    assert not ChangeOrder.objects.exists()


def test_apply_to_all_fills_every_row_and_caps_quantities(new_order, new_run):
    new_order([product("1", 5), product("2", 2), delivery_charge()])
    run = new_run()
    run.select("1", "2")
    reason = run.rows({"1": 1})[f"details-{run.pk('1')}-reason"]
    typed = run.rows({"1": 1, "2": 1}, reason="", note="kept")

    response = run.post(
        "details",
        typed
        | {
            "details-apply-quantity": "3",
            "details-apply-reason": reason,
            "details-apply-refund_delivery": "on",
            "apply": "1",
        },
    )

    assertRedirects(response, run.url("details"))
    rows = run.get("details").context["wizard"]["form"].rows
    assert [
        (row.quantity.value(), row.reason.value(), row.note.value(), row.refund_delivery.value())
        for row in rows
    ] == [("3", str(reason), "kept", True), ("2", str(reason), "kept", True)]
    assert [row.capped for row in rows] == [False, True]
    assertContains(run.get("details"), "Only 2 available")
    assertRedirects(run.get("review"), run.url("details"), fetch_redirect_response=False)


def test_apply_to_all_with_blank_fields_changes_nothing(new_order, new_run):
    new_order([product("1", 5)])
    run = new_run()
    run.select("1")

    run.post("details", run.rows({"1": 4}, note="mine") | {"apply": "1"})

    (row,) = run.get("details").context["wizard"]["form"].rows
    assert (row.quantity.value(), row.note.value()) == ("4", "mine")


def test_apply_to_all_with_a_bad_quantity_says_so_and_keeps_the_rows(new_order, new_run):
    new_order([product("1", 5)])
    run = new_run()
    run.select("1")

    response = run.post(
        "details", run.rows({"1": 4}) | {"details-apply-quantity": "none", "apply": "1"}
    )

    assertContains(response, "Enter a whole number.")
    assert response.context["wizard"]["form"].rows[0].quantity.value() == "4"


def test_review_shows_what_was_is_and_will_be(new_order, new_run):
    new_order(
        [
            product("1", 2, "99.00", taxes=[{"name": "Tax", "rate": "0.05", "amount": "9.90"}]),
        ],
        captured="207.90",
    )
    run = new_run()
    run.select("1")
    run.explain({"1": 1}, note="too big")

    response = run.get("review")

    for text in ("$207.90", "$103.95", "Visa ending 1111", "Changed Mind", "too big"):
        assertContains(response, text)


def test_review_sets_what_was_owed_before_apart(new_order, new_run):
    new_order([product("1", 2)], captured="35.00")
    run = new_run()
    run.select("1")
    run.explain({"1": 1})

    response = run.get("review")

    assertContains(response, "$25.00")
    assertContains(response, "$15.00")
    assertContains(response, "owed before")


def test_what_no_payment_takes_is_due_and_no_refund(new_order, new_run):
    new_order([product("1", 2)], payments=[payment("25.00", full_refund_only=True)])
    run = new_run()
    run.select("1")
    run.explain({"1": 1})

    review = run.get("review")
    rows = [
        ("Not assigned to a payment", "$15.00"),
        ("Refund due", "$15.00"),
        ("of which was owed before", "$5.00"),
    ]
    assert amounts_named(review)[-3:] == rows
    run.submit()
    finish = run.get("finish")
    rows[0] = ("Owed, but no payment can take it", "$15.00")
    assert amounts_named(finish) == [("Canceled amount", "$10.00"), ("Refund", "$0.00"), *rows]


def amounts_named(page):
    """The rows of two cells: what each is, and its amount."""
    found = re.findall(r'<th scope="row">(.*?)</th>\s*<td>(.*?)</td>\s*</tr>', page.text, re.DOTALL)
    return [tuple(" ".join(strip_tags(cell).split()) for cell in row) for row in found]


def test_the_bundle_rules_are_said_where_they_bite(new_order, new_run):
    new_order(
        [
            product("1", price="100.00"),
            product("2", price="800.00", bundle="1"),
            product("3", price="5.00", bundle="1"),
        ]
    )
    bundle, child = new_run(), new_run()
    bundle.select("1", "3", expanded=["1"])
    child.select("3")

    with_bundle, without = bundle.get("details"), child.get("details")
    bundle.explain({"1": 1, "3": 1})
    child.explain({"3": 1})

    for page in (with_bundle, bundle.get("review")):
        assertContains(page, "Refund is not prorated.")
        assertContains(page, "Includes $800.00 for <bdi>Thing 2</bdi>, which is not canceled.")
    for page in (without, child.get("review")):
        assertContains(page, "Takes $0.00 off the order: the bundle item is not selected.")


def test_delivery_left_on_a_group_with_nothing_left_is_said(new_order, new_run):
    charge = {
        "key": "1001",
        "type": "delivery_charge",
        "name": "Ground",
        "quantity": 1,
        "unit_price": "7.99",
        "delivery_group": "G1",
    }
    new_order([product("1"), charge])
    kept, refunded = new_run(), new_run()
    for run, delivery in ((kept, ()), (refunded, ("1",))):
        run.select("1")
        run.explain({"1": 1}, delivery=delivery)

    assertContains(kept.get("review"), "$7.99 delivery stays on a group with nothing left.")
    assert "stays on a group" not in refunded.get("review").text


def test_discard_forgets_the_run_and_cancels_nothing(new_order, new_run):
    order = new_order([product("1")])
    run = new_run()
    run.select("1")

    response = run.post("details", {"discard": "1"})

    assertRedirects(response, order.get_absolute_url())
    assert said(response) == ["Nothing was canceled."]
    assert run.answers() is None
    assert not ChangeOrder.objects.exists()


@pytest.mark.parametrize(
    ("needing", "sentence"),
    [
        ([], "Every item needs a reason."),
        (["Other"], "Every item needs a reason; “<bdi>Other</bdi>” also needs a note."),
        (
            ["Other", "Outdated"],
            "Every item needs a reason;"
            " “<bdi>Outdated</bdi>”, “<bdi>Other</bdi>” also need a note.",
        ),
    ],
)
def test_details_names_the_reasons_that_need_a_note(new_order, new_run, needing, sentence):
    new_order([product("1")])
    CancellationReason.objects.update(needs_note=False)
    CancellationReason.objects.filter(name__in=needing).update(needs_note=True)
    run = new_run()
    run.select("1")

    assert sentence in " ".join(run.get("details").text.split())


def test_the_button_discard_asks_where_something_was_answered(new_order, new_run):
    order = new_order([product("1", 3)])
    run = new_run()
    run.select("1")

    asked = run.post("details", run.rows({"1": 2}, note="typed") | {"discard": "ask"})

    question = f"{run.url('details')}?discard=ask"
    assertRedirects(asked, question)
    assertContains(run.client.get(question), "What you chose and typed here is lost.")
    assert "typed" in run.get("details").text
    discarded = run.post("details", {"discard": "1"})
    assertRedirects(discarded, order.get_absolute_url())
    assert run.answers() is None


def test_the_button_discard_asks_where_something_was_typed(new_order, new_run):
    new_order([product("1", 3), product("2")])
    run = new_run()

    asked = run.post("select", {"discard": "ask", "select-lines": [run.pk("1")]})

    assertRedirects(asked, f"{run.url('select')}?discard=ask")


@pytest.mark.parametrize(("kind", "step"), [("cancel_items", "select"), ("cancel_all", "details")])
def test_the_button_discard_asks_nothing_where_nothing_was_typed(new_order, new_run, kind, step):
    order = new_order([product("1", 3), product("2")])
    run = new_run(kind=kind)

    discarded = run.post(step, {"discard": "ask", "details-refund_delivery": "on"})

    assertRedirects(discarded, order.get_absolute_url())


@pytest.mark.parametrize(
    "row", [{"quantity": "2"}, {"reason": "Wrong Item"}, {"note": "x"}, {"refund_delivery": "on"}]
)
def test_next_stops_at_what_was_not_applied(new_order, new_run, row):
    new_order([product("1", 3), delivery_charge()])
    run = new_run()
    run.select("1")
    [(name, value)] = row.items()
    typed = {f"details-apply-{name}": reason_pk(value) if name == "reason" else value}

    stopped = run.post("details", run.rows({"1": 1}, note="mine") | typed)

    assertContains(stopped, "This has not been applied. Press Apply to All, or empty it.")
    assertRedirects(run.get("review"), run.url("details"))
    [shown] = run.get("details").context["wizard"]["form"].rows
    assert (shown.quantity.value(), shown.note.value()) == ("1", "mine")
    apply = run.get("details").context["wizard"]["form"].apply
    assert str(apply[name].value()) == str(typed[f"details-apply-{name}"]).replace("on", "True")


def test_previous_keeps_what_was_not_applied(new_order, new_run):
    new_order([product("1", 3)])
    run = new_run()
    run.select("1")
    typed = {"details-apply-note": "for all"}

    run.post("details", run.rows({"1": 1}) | typed | {"wizard_goto_step": "select"})
    run.select("1")

    assert run.get("details").context["wizard"]["form"].apply["note"].value() == "for all"


def test_what_was_not_applied_is_in_the_way_of_review_after_previous_too(new_order, new_run):
    new_order([product("1", 3)])
    run = new_run()
    run.select("1")
    run.explain({"1": 1})

    typed = run.rows({"1": 1}) | {"details-apply-note": "for all"}
    run.post("details", typed | {"wizard_goto_step": "select"})

    assertRedirects(run.get("review"), run.url("details"))
    assert run.get("details").context["wizard"]["form"].apply["note"].value() == "for all"


def test_applied_to_a_bundle_each_child_takes_its_share(new_order, new_run):
    new_order([product("1", 2), product("2", 4, bundle="1"), product("3", 2, bundle="1")])
    run = new_run()
    run.select("1", "2", "3", expanded=["1"])

    run.post("details", run.rows({"1": 2, "2": 4, "3": 2}) | {"apply": "1"}
             | {"details-apply-quantity": "1"})  # fmt: skip

    rows = run.get("details").context["wizard"]["form"].rows
    assert [row.quantity.value() for row in rows] == ["1", "2", "1"]
    assert [row.capped for row in rows] == [False, False, False]


@pytest.mark.parametrize("has_bundle", [True, False])
def test_bundles_are_spoken_of_on_orders_that_have_one(new_order, new_run, has_bundle):
    bundle = {"bundle": "1"} if has_bundle else {}
    new_order([product("1"), product("2", **bundle)])

    page = new_run().get("select")

    assert ("A bundle takes its items along" in page.text) is has_bundle


def test_more_than_can_be_canceled_at_a_time_is_said_where_it_is_counted(
    new_order, new_run, monkeypatch
):
    monkeypatch.setattr(selecting, "MOST_LINES", 1)
    monkeypatch.setattr(selecting.SelectForm, "limit", 1)
    new_order([product("1"), product("2")])
    run = new_run()

    page = run.select("1", "2")

    counter = re.sub(r"<[^>]+>|\s+", " ", page.text)
    assert "2 selected, and at most 1 can be" in re.sub(" +", " ", counter)
    assertContains(page, "<span data-within hidden>")
    assertContains(page, "There are no totals of more than 1 item.")
    assert "<dd>$" not in re.sub(r"\s", "", page.text)


def test_quantities_have_their_thousands_apart(new_order, new_run):
    new_order([product("1", 2500, "1.00")], captured="2500.00")
    run = new_run()
    select = run.get("select").text
    run.select("1")
    details = run.get("details").text
    run.explain({"1": 2000})

    assert select.count("2,500</td>") == 2
    assert details.count("2,500</td>") == 1
    assert run.get("review").text.count("2,000</td>") == 1
    assertContains(run.explain({"1": 2501}), "Only 2,500 can be canceled.")
