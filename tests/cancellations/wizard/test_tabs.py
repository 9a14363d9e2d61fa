"""Tabs and time: several runs side by side, Back and Forward, bookmarks, sessions that end."""

import json

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from cancellations.acts import cancel as services
from cancellations.models import LONGEST_NOTE, ChangeOrder
from cancellations.wizard import submit as submitting
from cancellations.wizard.storage import MOST_CHARACTERS, MOST_RUNS
from orders.locking import OrderBusy, OrderRefused
from orders.models import OrderSummary
from tests.support.builders import cancel, product, report, select
from tests.support.wizard_run import reason_pk

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

PASSWORD = "between-two-sessions"
STEPS = ("select", "details", "review")


@pytest.fixture
def signs_in(agent, agent_client):
    """Posts the sign-in form that a redirect led to; gives where that leads."""
    agent.set_password(PASSWORD)
    agent.save()
    agent_client.force_login(agent)

    def sign_in(client, address):
        credentials = {"username": agent.username, "password": PASSWORD}
        return client.post(address, credentials)

    return sign_in


def test_cancel_item_beside_cancel_all_on_one_order(new_order, new_run):
    new_order([product("1", 2), product("2", 2)])
    some, everything = new_run(), new_run(kind="cancel_all")
    some.select("1")
    everything.explain_all()
    some.explain({"1": 1})
    reviewed = everything.reviewed()

    assertRedirects(some.submit(), some.url("finish"))
    assertRedirects(
        everything.submit(reviewed), everything.url("review"), fetch_redirect_response=False
    )
    assertContains(everything.get("review"), "This order changed while you were working.")
    assertRedirects(everything.submit(), everything.url("finish"))
    canceled = [
        {item.line.key: item.quantity for item in change_order.items.all()}
        for change_order in ChangeOrder.objects.order_by("pk")
    ]
    assert canceled == [{"1": 1}, {"1": 1, "2": 2}]


def test_two_orders_are_canceled_side_by_side(new_order, new_run):
    for number in ("W-1", "W-2"):
        new_order([product("1", 3)], number)
    left, right = new_run("W-1"), new_run("W-2")
    for run, quantity in ((left, 1), (right, 2)):
        run.select("1")
        run.explain({"1": quantity})

    for run in (right, left):
        assertRedirects(run.submit(), run.url("finish"))

    canceled = ChangeOrder.objects.values_list("order__order_number", "items__quantity")
    assert set(canceled) == {("W-1", 1), ("W-2", 2)}


def test_back_and_forward_show_every_step_as_it_was_left(new_order, new_run):
    new_order([product("1", 3)])
    run = new_run()
    run.select("1")
    run.explain({"1": 2}, note="as agreed")

    for step in (*reversed(STEPS), *STEPS):
        assert run.get(step).status_code == 200
    (row,) = run.get("details").context["wizard"]["form"].rows
    assert (row.quantity.value(), row.note.value()) == ("2", "as agreed")
    assertRedirects(run.submit(), run.url("finish"))


def test_back_to_an_earlier_step_and_on_by_its_button(new_order, new_run):
    new_order([product("1", 3), product("2", 3)])
    run = new_run()
    run.select("1")
    run.explain({"1": 2})
    run.get("review")
    run.select("1", "2")

    assertRedirects(run.get("review"), run.url("details"), fetch_redirect_response=False)
    run.explain({"1": 2, "2": 3})
    run.submit()

    assert [item.quantity for item in ChangeOrder.objects.get().items.all()] == [2, 3]


@pytest.mark.parametrize("step", STEPS)
def test_a_bookmark_of_a_run_at_work_leads_to_its_step_or_the_first_unanswered(
    new_order, new_run, step
):
    new_order([product("1")])
    run = new_run()
    run.select("1")

    page = run.client.get(run.url(step), follow=True)

    assert page.request["PATH_INFO"] == run.url({"review": "details"}.get(step, step))
    assertContains(page, "Thing 1")


def test_a_run_just_opened_is_not_called_lost(new_order, agent_client):
    new_order([product("1")])

    page = agent_client.get("/order-summaries/W-1/cancel-items/", follow=True)

    assertContains(page, "Thing 1")
    assertNotContains(page, "no longer in your session")


@pytest.mark.parametrize("step", STEPS)
def test_a_submitted_run_opened_tomorrow_in_another_session_is_finished(
    new_order, new_run, agent, step
):
    new_order([product("1", 2)])
    run = new_run()
    run.select("1")
    run.explain({"1": 1})
    agreed = run.reviewed()
    run.submit()
    tomorrow = Client()
    tomorrow.force_login(agent)

    got = tomorrow.get(run.url(step))
    posted = tomorrow.post(run.url(step), {"review-agreed": agreed})

    assertRedirects(got, run.url("finish"), fetch_redirect_response=False)
    assertRedirects(posted, run.url("finish"), fetch_redirect_response=False)
    assertContains(tomorrow.get(run.url("finish")), "The cancellation succeeded.")
    assert ChangeOrder.objects.count() == 1


@pytest.mark.parametrize("step", STEPS)
def test_signing_in_again_leads_back_to_the_same_step(new_order, new_run, signs_in, step):
    new_order([product("1", 2)])
    run = new_run()
    run.select("1")
    run.explain({"1": 1})
    Session.objects.all().delete()

    asked = run.get(step)
    back = signs_in(run.client, asked.url)

    assert asked.url == f"/sign-in/?next={run.url(step)}"
    assertRedirects(back, run.url(step), fetch_redirect_response=False)
    page = run.client.get(run.url(step), follow=True)
    assert page.request["PATH_INFO"] == run.url("select")
    assertContains(
        page, "This cancellation is no longer in your session. Please start again.", count=1
    )


def test_an_answer_posted_after_the_session_ended_is_not_taken_for_one(
    new_order, new_run, signs_in
):
    new_order([product("1", 2)])
    run = new_run()
    run.select("1")
    run.explain({"1": 1})
    data = {run.current_step: "review", "review-agreed": run.reviewed()}
    Session.objects.all().delete()

    asked = run.client.post(run.url("review"), data)
    signs_in(run.client, asked.url)

    assertContains(run.client.get(run.url("review"), follow=True), "Please start again.")
    assert not ChangeOrder.objects.exists()


def test_answers_the_session_still_has_are_there_after_signing_in_again(
    new_order, new_run, signs_in
):
    new_order([product("1", 2)])
    run = new_run()
    run.select("1")
    run.explain({"1": 2})
    session = run.client.session
    del session[SESSION_KEY]
    session.save()

    asked = run.get("review")
    back = signs_in(run.client, asked.url)

    assertRedirects(back, run.url("review"))


@pytest.mark.slow
def test_a_run_at_work_outlives_runs_that_were_abandoned(new_order, new_run):
    new_order([product("1")])
    at_work = new_run()
    at_work.select("1")
    for _ in range(MOST_RUNS + 3):
        new_run().select("1")
        at_work.explain({"1": 1})

    assertRedirects(at_work.submit(), at_work.url("finish"))


@pytest.mark.slow
def test_abandoned_runs_with_the_longest_notes_do_not_fill_the_session(new_order, new_run):
    keys = [str(number) for number in range(1, 101)]
    new_order([product(key) for key in keys], captured="1000.00")
    for _ in range(4):
        run = new_run()
        run.select(*keys)
        run.explain(dict.fromkeys(keys, 1), note="\N{GRINNING FACE}" * LONGEST_NOTE)

        assert run.get("review").status_code == 200
        assert _stored(run) <= MOST_CHARACTERS


@pytest.mark.slow
def test_a_run_too_large_to_keep_starts_afresh_with_a_word(new_order, new_run):
    new_order([product("1")])
    run = new_run()
    run.select("1")
    absurd = run.rows({"1": "x"}) | {f"details-{run.pk('1')}-note": "\x01" * 500_000}

    run.post("details", absurd | {"wizard_goto_step": "select"})

    assert _stored(run) <= MOST_CHARACTERS
    assertContains(run.client.get(run.url("details"), follow=True), "Please start again.")


def _stored(run):
    """Characters of the session as the database keeps it, decoded."""
    return len(json.dumps(dict(run.client.session.items())))


@pytest.mark.parametrize("table", ["orders_ordersummary", "orders_orderitemsummary"])
def test_the_second_of_a_double_click_never_says_that_nothing_was_canceled(
    new_order, new_run, table
):
    new_order([product("1")])
    run = new_run()
    run.select("1")
    run.explain({"1": 1})
    data = {run.current_step: "review", "review-agreed": run.reviewed()}
    first = []

    def click_first(execute, sql, *rest):
        if f'FROM "{table}"' in sql and not first:
            first.append(True)
            run.client.post(run.url("review"), data)
        return execute(sql, *rest)

    with connection.execute_wrapper(click_first):
        second = run.client.post(run.url("review"), data)

    assert first
    assertRedirects(second, run.url("finish"))
    assert ChangeOrder.objects.count() == 1


def test_apply_to_all_reloaded_changes_nothing(new_order, new_run):
    new_order([product("1", 3), product("2", 2)])
    run = new_run()
    run.select("1", "2")
    data = run.rows({"1": 3, "2": 2}, reason="") | {
        "apply": "1",
        "details-apply-quantity": "1",
        "details-apply-reason": reason_pk("Changed Mind"),
    }

    for _ in range(2):
        run.post("details", data)
        form = run.get("details").context["wizard"]["form"]
        assert [row.quantity.value() for row in form.rows] == ["1", "1"]


@pytest.fixture(params=[False, True], ids=["at once", "refused once before"])
def about_to_submit(request, new_order, new_run):
    """A reviewed run and its review."""
    order = new_order([product("1", 3)], "W-1", captured="30.00")
    run = new_run("W-1")
    run.select("1")
    run.explain({"1": 1})
    if request.param:
        agreed = run.reviewed()
        report(order, payments=[{"key": "P1", "captured": "25.00"}])
        run.submit(agreed)
    return run, run.reviewed()


@pytest.fixture
def meanwhile(monkeypatch):
    """Lets something happen right before or after the act of the next submit."""
    submit = submitting.submit_or_ask

    def arrange(before=lambda: None, after=lambda: None):
        def submit_among_others(**asked):
            before()
            done = submit(**asked)
            after()
            return done

        monkeypatch.setattr(submitting, "submit_or_ask", submit_among_others)

    return arrange


def test_what_another_tab_answers_while_a_submit_waits_is_kept(
    about_to_submit, meanwhile, new_order, new_run
):
    waiting, agreed = about_to_submit
    new_order([product("1")], "W-2")
    other = new_run("W-2")
    meanwhile(before=lambda: other.select("1"))

    assertRedirects(waiting.submit(agreed), waiting.url("finish"), fetch_redirect_response=False)
    assertRedirects(other.explain({"1": 1}), other.url("review"))


def test_a_submit_is_told_though_the_session_ended_meanwhile(about_to_submit, meanwhile):
    run, agreed = about_to_submit
    meanwhile(after=lambda: Session.objects.all().delete())

    assertRedirects(run.submit(agreed), run.url("finish"), fetch_redirect_response=False)


def test_a_submit_after_the_last_unit_went_says_that_nothing_of_it_was_canceled(
    about_to_submit, agent
):
    run, agreed = about_to_submit
    current_step = run.current_step
    cancel(OrderSummary.objects.get(), select("1", 3), by=agent)

    response = run.client.post(run.url("review"), {current_step: "review", "review-agreed": agreed})

    assertContains(response, "Nothing to cancel")
    assertContains(response, "This order changed while you were working. Nothing was canceled.")


def test_a_submit_that_waits_while_the_last_unit_goes_says_so_too(
    about_to_submit, agent, meanwhile
):
    run, agreed = about_to_submit
    order = OrderSummary.objects.get()
    meanwhile(before=lambda: cancel(order, select("1", 3), by=agent))

    page = run.submit(agreed)

    assertContains(page, "Nothing to cancel")
    assertContains(page, "This order changed while you were working. Nothing was canceled.")


@pytest.mark.parametrize("trouble", [OrderBusy, OrderRefused])
def test_finish_does_not_repeat_that_nothing_was_canceled(about_to_submit, monkeypatch, trouble):
    run, agreed = about_to_submit
    submit = submitting.submit_or_ask

    def submit_by_the_other_click(**asked):
        submit(**asked)
        raise trouble

    monkeypatch.setattr(submitting, "submit_or_ask", submit_by_the_other_click)
    run.submit(agreed)

    finish = run.client.get(run.url("review"), follow=True)
    assertContains(finish, "You’re all set!")
    assertNotContains(finish, "nothing was canceled")
    assertNotContains(run.client.get("/order-summaries/"), "nothing was canceled")


def test_a_refusal_within_the_submit_is_said_once(about_to_submit, agent, meanwhile):
    run, agreed = about_to_submit
    order = OrderSummary.objects.get()
    meanwhile(before=lambda: cancel(order, select("1", 2), by=agent))
    run.explain({"1": 2})
    agreed = run.reviewed()

    submitted = run.submit(agreed)

    page = run.client.get(submitted.url, follow=True)
    assertContains(page, "This order changed while you were working.", count=1)
    assertContains(page, "Only 1 can be canceled.")


def test_other_answers_of_a_submitted_run_are_told_apart(new_order, new_run):
    new_order([product("1", 3)])
    run = new_run()
    run.select("1")
    run.explain({"1": 1})
    one = {run.current_step: "review", "review-agreed": run.reviewed()}
    run.explain({"1": 2})
    run.submit()

    first = run.client.post(run.url("review"), one, follow=True)
    again = run.client.get(run.url("finish"))

    assertContains(first, "with other answers or amounts than you reviewed")
    assertContains(first, "You’re all set!")
    assertNotContains(again, "with other answers")


def test_other_amounts_of_a_submitted_run_are_told_apart(new_order, new_run):
    order = new_order([product("1", 3)], captured="30.00")
    run = new_run()
    run.select("1")
    run.explain({"1": 1})
    agreed = run.reviewed()
    report(order, payments=[{"key": "P1", "captured": "25.00"}])
    run.submit()

    data = {f"cancel-{run.kind}-current_step": "review", "review-agreed": agreed}
    page = run.client.post(run.url("review"), data, follow=True)

    assertContains(page, "with other answers or amounts than you reviewed")


@pytest.mark.parametrize("kind", ["cancel_items", "cancel_all"])
def test_the_same_answers_again_are_not_called_others(new_order, new_run, kind):
    charge = {"key": "9", "type": "delivery_charge", "name": "Ground", "quantity": 1}
    new_order(
        [
            product("1", 3, taxes=[{"name": "Tax", "amount": "2.85"}]),
            product("2", 3, "0.00", bundle="1"),
            product("3", 2, adjustments=[{"name": "x", "scope": "order", "amount": "-1.00"}]),
            charge | {"unit_price": "7.99", "delivery_group": "G1"},
        ]
    )
    run = new_run(kind=kind)
    note = "  first line\r\nsecond line \U0001f600 "
    if kind == "cancel_all":
        run.explain_all(note=note, refund_delivery=True)
    else:
        run.select("1", "3", expanded=["1"])
        run.explain({"1": 2, "3": 1}, note=note, delivery=["1", "3"])
    data = {run.current_step: "review", "review-agreed": run.reviewed()}

    for _ in range(2):
        page = run.client.post(run.url("review"), data, follow=True)
        assertContains(page, "You’re all set!")
        assertNotContains(page, "with other answers")
    assert ChangeOrder.objects.count() == 1


def test_a_database_that_refuses_the_change_is_told_and_keeps_the_answers(
    about_to_submit, monkeypatch
):
    run, agreed = about_to_submit

    def refuse(**kwargs):
        raise IntegrityError("counters do not match")

    monkeypatch.setattr(services, "write_change_order", refuse)
    response = run.submit(agreed)

    assertRedirects(response, run.url("review"), fetch_redirect_response=False)
    assertContains(run.get("review"), "The database refused this cancellation")
    assert not ChangeOrder.objects.exists()


def test_a_submitted_run_is_forgotten_when_the_next_is_opened(about_to_submit):
    run, agreed = about_to_submit
    run.submit(agreed)
    finish = run.get("finish")

    run.client.get("/order-summaries/W-1/cancel-items/")

    assert finish.wsgi_request.session.modified is False
    assert run.answers() is None


@pytest.mark.slow
def test_apply_to_all_with_an_error_and_too_much_to_keep_is_no_500(new_order, new_run):
    new_order([product("1")])
    run = new_run()
    run.select("1")
    absurd = {f"details-{run.pk('1')}-note": "\x01" * 500_000, "details-apply-quantity": "x"}

    response = run.post("details", run.rows({"1": 1}) | absurd | {"apply": "1"})

    assertContains(response, "Enter a whole number.")
    assert run.answers() is None
