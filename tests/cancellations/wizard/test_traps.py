"""formtools' known traps, each by name, and what an agent meets instead."""

from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from pytest_django.asserts import assertContains, assertRedirects

from cancellations.models import CancellationReason, ChangeOrder
from cancellations.wizard import review
from cancellations.wizard.details import DetailsForm
from cancellations.wizard.storage import MOST_RUNS
from orders.models import OrderItemSummary
from tests.support.builders import product, report

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


def test_two_tabs_on_one_order_do_not_mix(new_order, new_run):
    new_order([product("1", 5), product("2", 5)])
    left, right = new_run(), new_run()
    left.select("1")
    right.select("2")
    left.explain({"1": 1})

    assertContains(left.get("review"), "Thing 1")
    assertRedirects(right.get("review"), right.url("details"))


def test_two_orders_do_not_mix(new_order, new_run):
    new_order([product("1")], "W-1")
    new_order([product("1")], "W-2")
    left, right = new_run("W-1"), new_run("W-2")
    left.select("1")

    assertRedirects(right.get("details"), right.url("select"))


def test_a_get_of_the_finish_url_submits_nothing(new_order, new_run):
    new_order([product("1")])
    run = new_run()
    run.select("1")
    run.explain({"1": 1})

    response = run.get("finish")

    assert response.status_code == 404
    assert not ChangeOrder.objects.exists()


def test_a_reloaded_step_keeps_its_answers(new_order, new_run):
    new_order([product("1", 3)])
    run = new_run()
    run.select("1")
    run.explain({"1": 2}, note="hm")

    (row,) = run.get("details").context["wizard"]["form"].rows
    again = run.get("select").context["wizard"]["form"]

    assert (row.quantity.value(), row.note.value()) == ("2", "hm")
    assert [line.key for line in again.ticked] == ["1"]


@pytest.mark.parametrize("forged", ["review", "done", "nonsense", "", "details\x00"])
def test_a_forged_current_step_is_a_400(new_order, new_run, forged):
    new_order([product("1")])
    run = new_run()
    run.select("1")

    response = run.client.post(run.url("details"), {run.current_step: forged})

    assert response.status_code == 400


def test_a_post_without_management_form_is_a_400(new_order, new_run):
    new_order([product("1")])
    run = new_run()

    assert run.client.post(run.url("select"), {}).status_code == 400


def test_a_later_step_is_not_reached_before_the_earlier_ones(new_order, new_run):
    new_order([product("1")])
    run = new_run()

    assertRedirects(run.get("review"), run.url("select"))
    run.select("1")
    assertRedirects(run.get("review"), run.url("details"))
    assertRedirects(run.post("review", {"review-agreed": "x"}), run.url("details"))


def test_what_no_longer_fits_is_said_at_its_field(new_order, new_run):
    new_order([product("1", 3)])
    run = new_run()
    run.select("1")
    run.explain({"1": 3})
    agreed = run.reviewed()
    OrderItemSummary.objects.update(quantity_allocated=1)

    response = run.submit(agreed)

    assertRedirects(response, run.url("details"), fetch_redirect_response=False)
    details = run.get("details")
    assertContains(details, "Only 2 can be canceled.")
    assertContains(details, "This order changed while you were working. Nothing was canceled.")
    assert not ChangeOrder.objects.exists()


def test_a_quote_that_moved_is_shown_beside_the_reviewed_one(new_order, new_run):
    new_order([product("1", 3)], captured="30.00")
    run, other = new_run(), new_run()
    for each in (run, other):
        each.select("1")
        each.explain({"1": 1})
    agreed = run.reviewed()
    other.submit()

    response = run.submit(agreed)

    assertRedirects(response, run.url("review"), fetch_redirect_response=False)
    review = run.get("review")
    assertContains(review, "This order changed while you were working.")
    assertContains(review, "1 of 3 available")
    assertContains(review, "1 of 2 available")
    assert ChangeOrder.objects.count() == 1
    assertRedirects(run.submit(), run.url("finish"))
    assert ChangeOrder.objects.count() == 2


def test_a_quote_that_moved_and_moved_back_is_not_refused_without_a_word(new_order, new_run):
    order = new_order([product("1", 3)], captured="30.00")
    [paid] = order.payments.all()
    run = new_run()
    run.select("1")
    run.explain({"1": 1})
    agreed = run.reviewed()
    report(order, payments=[{"key": paid.key, "captured": "25.00"}])
    run.submit(agreed)
    report(order, payments=[{"key": paid.key, "captured": "30.00"}])

    review = run.get("review")

    assertContains(review, "This order changed while you were working.")
    assertContains(review, "what you reviewed is true again")
    assert not ChangeOrder.objects.exists()
    assertRedirects(run.submit(), run.url("finish"))


def test_another_line_that_moved_does_not_stop_a_submit(new_order, new_run):
    new_order([product("1", 3), product("2")], captured="0.00")
    run, other = new_run(), new_run()
    run.select("1")
    run.explain({"1": 1})
    agreed = run.reviewed()
    other.select("2")
    other.explain({"2": 1})
    other.submit()

    assertRedirects(run.submit(agreed), run.url("finish"))


@pytest.mark.parametrize("agreed", ["", "nonsense", "a:b:c", "\x00"])
def test_an_unsigned_review_is_refused(new_order, new_run, agreed):
    new_order([product("1")])
    run = new_run()
    run.select("1")
    run.explain({"1": 1})

    response = run.post("review", {"review-agreed": agreed})

    assert response.status_code == 200
    assert response.context["wizard"]["form"].errors
    assert not ChangeOrder.objects.exists()


def test_a_review_signed_for_another_order_is_refused(new_order, new_run):
    run, other = [new_run(new_order([product("1", 2)], f"W-{n}").order_number) for n in (1, 2)]
    for each in (run, other):
        each.select("1")
        each.explain({"1": 1})

    response = run.post("review", {"review-agreed": other.reviewed()})

    assert response.context["wizard"]["form"].errors
    assert not ChangeOrder.objects.exists()


def test_a_review_of_another_run_is_judged_by_what_it_says(new_order, new_run):
    new_order([product("1", 3)])
    run, other = new_run(), new_run()
    for each, quantity in ((run, 1), (other, 2)):
        each.select("1")
        each.explain({"1": quantity})

    assertRedirects(run.submit(other.reviewed()), run.url("review"))
    assert not ChangeOrder.objects.exists()

    other.explain({"1": 1})
    assertRedirects(run.submit(other.reviewed()), run.url("finish"))
    assert ChangeOrder.objects.get().request_id == str(run.run)


def test_submitting_twice_cancels_once_and_ends_at_the_same_page(new_order, new_run):
    new_order([product("1")])
    run = new_run()
    run.select("1")
    run.explain({"1": 1})
    agreed, current_step = run.reviewed(), run.current_step
    data = {current_step: "review", "review-agreed": agreed}

    first = run.client.post(run.url("review"), data)
    second = run.client.post(run.url("review"), data)

    assertRedirects(first, run.url("finish"))
    assertRedirects(second, run.url("finish"))
    assert ChangeOrder.objects.count() == 1


@pytest.mark.parametrize("step", ["select", "details", "review"])
def test_every_step_of_a_submitted_run_leads_to_finish(new_order, new_run, step):
    new_order([product("1", 2)])
    run = new_run()
    run.select("1")
    run.explain({"1": 1})
    run.submit()

    assertRedirects(run.get(step), run.url("finish"))


def test_previous_keeps_valid_answers(new_order, new_run):
    new_order([product("1", 3)])
    run = new_run()
    run.select("1")

    response = run.post("details", run.rows({"1": 2}) | {"wizard_goto_step": "select"})

    assertRedirects(response, run.url("select"))
    assertContains(run.get("review"), "Thing 1")


def test_previous_keeps_what_was_typed_but_is_no_answer(new_order, new_run):
    new_order([product("1", 3)])
    run = new_run()
    run.select("1")

    run.post("details", run.rows({"1": "x"}, reason="") | {"wizard_goto_step": "select"})

    details = run.get("details").context["wizard"]["form"]
    assert details.rows[0].quantity.value() == "x"
    assert not details.errors
    assertRedirects(run.get("review"), run.url("details"))


def test_only_the_steps_own_answers_are_stored(new_order, new_run):
    new_order([product("1")])
    run = new_run()

    run.post("select", {"select-lines": [run.pk("1")], "csrfmiddlewaretoken": "t", "evil": "x"})

    assert run.answers()["step_data"] == {"select": {"select-lines": [str(run.pk("1"))]}}


@pytest.mark.slow
def test_abandoned_runs_do_not_pile_up(new_order, new_run):
    new_order([product("1")])
    runs = [new_run() for _ in range(MOST_RUNS + 3)]
    for run in runs:
        run.select("1")

    kept = [run for run in runs if run.answers()]

    assert kept == runs[-MOST_RUNS:]


@pytest.mark.slow
def test_ten_thousand_fields_are_read_and_more_are_a_400(new_order, new_run):
    new_order([product("1")])
    run = new_run()
    current_step = run.current_step

    def post(count):
        return run.client.post(
            run.url("select"), {current_step: "select", "select-lines": list(range(count))}
        )

    assertContains(post(2000), "can no longer be canceled")
    assert post(50_000).status_code == 400


def test_the_details_form_is_built_once_per_request(new_order, new_run, monkeypatch):
    new_order([product(str(i)) for i in range(5)])
    run = new_run()
    keys = [str(i) for i in range(5)]
    run.select(*keys)
    current_step = run.current_step
    data = {current_step: "details"} | run.rows(dict.fromkeys(keys, 1))
    built = []
    build = DetailsForm.__init__

    def counted(self, *args, **kwargs):
        built.append(self)
        build(self, *args, **kwargs)

    monkeypatch.setattr(DetailsForm, "__init__", counted)
    counts = []
    for visit in (
        lambda: run.client.get(run.url("details")),
        lambda: run.client.post(run.url("details"), data),
        lambda: run.client.get(run.url("review")),
    ):
        built.clear()
        visit()
        counts.append(len(built))

    assert counts == [1, 1, 1]


def test_a_run_of_another_order_is_a_404(new_order, new_run):
    new_order([product("1")], "W-1")
    new_order([product("1")], "W-2")
    run = new_run("W-1")
    run.select("1")

    before = new_run("W-2", run=run.run).get("select")
    run.explain({"1": 1})
    run.submit()
    after = new_run("W-2", run=run.run).get("select")

    assert [before.status_code, after.status_code] == [404, 404]


def test_a_run_of_the_other_wizard_is_a_404(new_order, new_run):
    new_order([product("1")])
    run = new_run()
    run.select("1")

    assert new_run(kind="cancel_all", run=run.run).get("details").status_code == 404


def test_a_run_the_session_lost_starts_afresh_with_a_word(new_order, new_run):
    new_order([product("1")])
    run = new_run(run=uuid4())

    response = run.get("details")

    assertRedirects(response, run.url("select"), fetch_redirect_response=False)
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "This cancellation is no longer in your session. Please start again."
    ]


@pytest.mark.parametrize("path", ["nothing/", "done/", "finish/x/"])
def test_an_unknown_step_is_a_404(new_order, new_run, path):
    new_order([product("1")])
    run = new_run()

    assert run.client.get(run.url("select").replace("select/", path)).status_code == 404


def test_a_run_that_is_no_uuid_is_a_404(new_order, agent_client):
    new_order([product("1")])

    response = agent_client.get("/order-summaries/W-1/cancel-items/no-run/select/")

    assert response.status_code == 404


def test_a_reason_retired_meanwhile_takes_the_agent_back_to_it(new_order, new_run):
    new_order([product("1")])
    run = new_run()
    run.select("1")
    run.explain({"1": 1})
    agreed = run.reviewed()
    CancellationReason.objects.filter(name="Changed Mind").update(retired=True)

    response = run.submit(agreed)

    assertRedirects(response, run.url("details"), fetch_redirect_response=False)
    assertContains(run.get("details"), "Choose a reason from the list.")
    assert not ChangeOrder.objects.exists()


def test_details_of_a_line_selected_later_start_with_its_defaults(new_order, new_run):
    new_order([product("1", 3), product("2", 4)])
    run = new_run()
    run.select("1")
    run.explain({"1": 2}, note="first")
    run.select("1", "2")

    details = run.get("details").context["wizard"]["form"]

    assert not details.errors
    assert [(row.quantity.value(), row.note.value()) for row in details.rows] == [
        ("2", "first"),
        (4, None),
    ]


def test_pages_of_a_run_are_never_cached(new_order, new_run):
    new_order([product("1")])

    assert "no-store" in new_run().get("select").headers["Cache-Control"]


def test_looking_at_a_step_again_does_not_write_the_session(new_order, new_run):
    new_order([product("1")])
    run = new_run()
    run.select("1")
    run.get("details")

    response = run.get("details")

    assert response.wsgi_request.session.modified is False


def test_answers_changed_in_another_tab_of_the_run_are_shown_before_they_count(new_order, new_run):
    new_order([product("1", 2)])
    run = new_run()
    run.select("1")
    run.explain({"1": 1}, note="agreed")
    agreed = run.reviewed()
    run.explain({"1": 1}, reason="Duplicate Order", note="another tab")

    response = run.submit(agreed)

    assertRedirects(response, run.url("review"), fetch_redirect_response=False)
    assertContains(run.get("review"), "another tab")
    assertContains(run.get("review"), "agreed")
    assert not ChangeOrder.objects.exists()


def test_fields_that_are_not_of_the_step_are_not_stored(new_order, new_run):
    new_order([product("1")])
    run = new_run()
    run.select("1")

    run.post("details", run.rows({"1": 1}) | {"details-junk": "x" * 1000, "details-99-note": "x"})

    assert set(run.answers()["step_data"]["details"]) == {
        f"details-{run.pk('1')}-{name}" for name in ("quantity", "reason", "note")
    }


def test_a_reason_retired_between_two_reads_is_no_500(new_order, new_run, monkeypatch):
    new_order([product("1")])
    run = new_run()
    run.select("1")
    run.explain({"1": 1})
    judge = review.quote_cancellation

    def retired_meanwhile(order, selection, *read):
        CancellationReason.objects.update(retired=True)
        return judge(order, selection)

    monkeypatch.setattr(review, "quote_cancellation", retired_meanwhile)

    assertRedirects(run.get("review"), run.url("details"), fetch_redirect_response=False)
