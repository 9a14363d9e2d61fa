"""The page of one refund or release, and what people do on it."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from cancellations.models import LONGEST_NOTE, Attempt, ProcessException, Refund, Release
from cancellations.refunds.people import state_of
from tests.support.builders import cancel, imported, payment, report, select_all
from tests.support.statements import counted_statements

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def manager_client(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def failed(refund_over, work):
    refund = refund_over("ch_1/declines")
    work()
    return now(refund)


def now(row):
    return type(row).objects.get(pk=row.pk)


def page(row):
    return f"/{'releases' if isinstance(row, Release) else 'refunds'}/{row.pk}/"


def sent(row, act, **answers):
    """The fields of an act on one as its page has them now."""
    fields = {"act": act, f"{act}-seen": state_of(now(row))}
    return fields | {f"{act}-{name}": given for name, given in answers.items()}


def buttons(response):
    return [str(form.button) for form in response.context["record"].forms]


def test_one_that_is_held_says_until_when(viewer_client, refund_over):
    refund = refund_over()

    response = viewer_client.get(page(refund))

    for text in (
        f"<h1>Refund #{refund.pk}</h1>",
        "$10.00 is set aside for the customer and not sent yet.",
        ", and then sent.",
        "Its gateway has not been asked yet.",
        f'href="{refund.change_order.get_absolute_url()}"',
        f'href="{refund.change_order.order.get_absolute_url()}"',
        refund.idempotency_key,
        "ch_1",
        "sandbox",
    ):
        assertContains(response, text)
    assert buttons(response) == []


def test_one_that_was_refused_says_what_a_person_is_called_for(manager_client, failed):
    response = manager_client.get(page(failed))

    for text in (
        "The gateway refused: the customer does not get $10.00 yet.",
        "Nothing more happens before a person decides.",
        "$10.00 was refused. The gateway says: The sandbox declined.",
        "Refused",
        "Show, without secrets",
    ):
        assertContains(response, text)
    assert buttons(response) == ["Retry", "Mark as paid", "Withdraw"]
    assert failed.process_exceptions.get().get_absolute_url() in response.text


def test_succeeded_and_manual_ones_say_so(manager_client, refund_over, work):
    succeeded, by_hand = refund_over(), refund_over(gateway="manual")
    work()

    assertContains(manager_client.get(page(succeeded)), "$10.00 went back to the customer")
    response = manager_client.get(page(by_hand))
    assertContains(response, "A person has to pay $10.00 out to the customer.")
    assertContains(response, "This payment goes back by hand.")
    assert buttons(response) == ["Mark as paid", "Withdraw"]


def test_one_that_was_not_answered_is_asked_again(manager_client, refund_over, work):
    refund = refund_over("ch_1/times-out-after")
    work()

    response = manager_client.get(page(refund))

    assertContains(response, "it may have gone")
    assertContains(response, "under the same key: it cannot go twice.")
    assert buttons(response) == ["Retry", "Look up", "Mark as paid"]


def test_retry_sends_it_again_under_a_new_key(manager_client, failed, work):
    response = manager_client.post(page(failed), sent(failed, "retry", paid_elsewhere="no"))

    assertRedirects(response, page(failed), fetch_redirect_response=False)
    after = now(failed)
    assert after.status == "pending"
    assert after.idempotency_key != failed.idempotency_key
    assertContains(manager_client.get(page(failed)), "It is tried again in a moment")
    assert not ProcessException.objects.open().exists()


@pytest.mark.parametrize(
    ("act", "answers"),
    [
        ("retry", {"paid_elsewhere": "no"}),
        ("withdraw", {"paid_elsewhere": "no", "note": "The customer has it."}),
        ("mark_as_paid", {"reference": "TX-1"}),
    ],
)
def test_a_second_click_changes_nothing(manager_client, failed, act, answers):
    fields = sent(failed, act, **answers)
    manager_client.post(page(failed), fields)
    first = now(failed)

    response = manager_client.post(page(failed), fields)

    assertContains(response, "It changed meanwhile, and nothing was done.", status_code=409)
    assert now(failed) == first
    assert now(failed).idempotency_key == first.idempotency_key


def test_what_the_worker_moved_meanwhile_is_not_acted_on(manager_client, refund_over, work):
    refund = refund_over("ch_1/times-out-after")
    work()
    fields = sent(refund, "look_up")
    for _ in range(3):
        work(hours=1)
    assert now(refund).status == "succeeded"

    response = manager_client.post(page(refund), fields)

    assertContains(response, "It changed meanwhile", status_code=409)
    assert now(refund).status == "succeeded"


def test_look_up_asks_the_gateway(manager_client, refund_over, work):
    refund = refund_over("ch_1/times-out-after")
    work()

    manager_client.post(page(refund), sent(refund, "look_up"))
    work(seconds=1)

    assert Attempt.objects.latest("pk").call == "look_up"


def test_withdraw_gives_it_up_with_a_note(manager_client, failed):
    note = "The customer got a voucher."

    manager_client.post(page(failed), sent(failed, "withdraw", paid_elsewhere="no", note=note))

    response = manager_client.get(page(failed))
    assert now(failed).status == "withdrawn"
    assertContains(response, "nothing goes to the customer by it")
    assertContains(response, note)
    assert buttons(response) == []


def test_mark_as_paid_records_the_reference_once(manager_client, failed):
    manager_client.post(page(failed), sent(failed, "mark_as_paid", reference="TX-1", note="Bank"))

    response = manager_client.get(page(failed))
    assert (now(failed).status, now(failed).reference) == ("succeeded", "TX-1")
    assertContains(response, "paid out by hand, under the reference <bdi>TX-1</bdi>")


@pytest.mark.parametrize(
    ("act", "answers", "message"),
    [
        ("retry", {}, "Say whether it was"),
        ("retry", {"paid_elsewhere": "yes"}, "mark it as paid, with its reference"),
        ("retry", {"paid_elsewhere": "maybe"}, "Say whether it was"),
        ("withdraw", {"paid_elsewhere": "yes", "note": "x"}, "mark it as paid, with its reference"),
        ("withdraw", {"paid_elsewhere": "no"}, "Write a note"),
        ("withdraw", {"paid_elsewhere": "no", "note": "x" * (LONGEST_NOTE + 1)}, "1001"),
        ("withdraw", {"paid_elsewhere": "no", "note": "a\0b"}, "Null characters"),
        ("mark_as_paid", {}, "Write the reference"),
        ("mark_as_paid", {"reference": "  "}, "Write the reference"),
        ("mark_as_paid", {"reference": "x" * 201}, "Shorten the reference"),
        ("mark_as_paid", {"reference": "TX\u202e1"}, "changes the direction of reading"),
        ("mark_as_paid", {"reference": "TX", "note": "x" * (LONGEST_NOTE + 1)}, "1001"),
    ],
)
def test_an_answer_that_will_not_do_is_a_400_at_its_field(
    manager_client, failed, act, answers, message
):
    response = manager_client.post(page(failed), sent(failed, act, **answers))

    assertContains(response, message, status_code=400)
    assertContains(response, f"Error: Refund #{failed.pk}", status_code=400)
    assert now(failed).status == "failed"


def test_without_what_was_seen_nothing_is_done(manager_client, failed):
    fields = {"act": "retry", "retry-paid_elsewhere": "no"}

    response = manager_client.post(page(failed), fields)

    assertContains(response, "This page could not be read back.", status_code=400)
    assert now(failed).status == "failed"


@pytest.mark.parametrize("act", ["", "resolve", "x" * 1000, "\0"])
def test_an_act_that_is_none_is_a_400(manager_client, failed, act):
    assert manager_client.post(page(failed), {"act": act}).status_code == 400
    assert now(failed).status == "failed"


@pytest.mark.parametrize("role", ["viewer", "agent"])
def test_only_those_with_the_right_act(client, request, role, failed):
    client.force_login(request.getfixturevalue(role))

    shown = client.get(page(failed))
    response = client.post(page(failed), sent(failed, "retry", paid_elsewhere="no"))

    assertContains(shown, "Acting on refunds needs a right of its own")
    assertNotContains(shown, '<button type="submit" class="button primary">')
    assert response.status_code == 403
    assert now(failed).status == "failed"


@pytest.mark.parametrize("behavior", ["declines", "times-out-after"])
def test_where_yes_is_an_answer_the_page_offers_what_it_leads_to(
    manager_client, refund_over, work, behavior
):
    refund = refund_over(f"ch_1/{behavior}")
    work()

    response = manager_client.post(page(refund), sent(refund, "retry", paid_elsewhere="yes"))

    assertContains(response, "mark it as paid, with its reference", status_code=400)
    assert "Mark as paid" in buttons(response)


def test_what_is_held_back_and_was_paid_elsewhere_can_be_said_so(manager_client, refund_over, work):
    refund = refund_over()
    report(refund.change_order.order, payments=[{"key": "P1", "refunded": "10.00"}])
    work()
    fields = sent(refund, "withdraw", paid_elsewhere="yes", note="x")

    response = manager_client.post(page(refund), fields)

    assertContains(response, "or say that it was this refund", status_code=400)
    assert "It was this refund" in buttons(response)


def test_retry_promises_no_sending_of_what_may_have_gone(manager_client, refund_over, work):
    refund = refund_over("ch_1/times-out-after")
    work()
    shown = manager_client.get(page(refund))
    assertContains(shown, "Where it may have gone already, it cannot go twice by this.")

    manager_client.post(page(refund), sent(refund, "retry", paid_elsewhere="no"))

    assertNotContains(manager_client.get(page(refund)), "It is sent again")


def test_a_release_that_happened_elsewhere_is_to_be_marked_so(manager_client, release, work):
    work()

    response = manager_client.post(page(release), sent(release, "retry", paid_elsewhere="yes"))

    assertContains(response, "mark it as released, with its reference.", status_code=400)
    assert "Mark as released" in buttons(response)


@pytest.fixture
def release(agent, sandbox):
    """20.00 that was authorized and is needed no more."""
    open_payment = payment("20.00", captured="0.00", gateway_reference="ch_1/declines")
    return cancel(imported(payments=[open_payment]), select_all(), by=agent).releases.get()


def test_a_release_has_its_page_and_acts(manager_client, release, work):
    assertContains(
        manager_client.get(page(release)), "$20.00 that was authorized is to be released."
    )
    work()

    response = manager_client.get(page(release))
    assertContains(response, "stays blocked on the customer’s account")
    assert buttons(response) == ["Retry", "Mark as released", "Withdraw"]
    fields = sent(release, "mark_as_paid", reference="V-1")
    manager_client.post(page(release), fields)

    said = manager_client.get(page(release))
    assertContains(said, "was released by hand, under the reference <bdi>V-1</bdi>")
    assert manager_client.post(page(release), {"act": "was_this_refund"}).status_code == 400


def test_what_was_reported_elsewhere_can_have_been_this_refund(manager_client, refund_over):
    refund = refund_over()
    report(refund.change_order.order, payments=[{"key": "P1", "refunded": "10.00"}])
    shown = manager_client.get(page(refund))
    assertContains(shown, "It is not sent before the exception about its payment is resolved.")
    assert buttons(shown) == ["It was this refund"]
    exception = ProcessException.objects.get()
    leads_to = manager_client.get(exception.get_absolute_url())
    assertContains(leads_to, f'<a href="{page(refund)}">Refund #{refund.pk}</a>')

    manager_client.post(page(refund), sent(refund, "was_this_refund", note="Same at the bank."))

    response = manager_client.get(page(refund))
    assertContains(response, "it had been reported from elsewhere")
    assert now(refund).status == "succeeded"
    assert not ProcessException.objects.open().exists()


def test_what_gateways_and_people_wrote_is_isolated(manager_client, failed):
    manager_client.post(
        page(failed),
        sent(failed, "withdraw", paid_elsewhere="no", note="<b>bold</b>"),
    )

    response = manager_client.get(page(failed))

    assertContains(response, "<bdi>&lt;b&gt;bold&lt;/b&gt;</bdi>")


@pytest.mark.parametrize("path", ["/refunds/999999/", "/refunds/0/", "/releases/7/", "/refunds/x/"])
def test_one_that_is_not_there_is_a_404(manager_client, path):
    assert manager_client.get(path).status_code == 404
    fields = {"act": "look_up", "look_up-seen": "x"}
    assert manager_client.post(path, fields).status_code == 404


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.budget
def test_statements_of_the_page(manager_client, failed, count):
    Attempt.objects.bulk_create(
        Attempt(
            refund=failed,
            call="send",
            lease=f"{n:032}",
            idempotency_key="k",
            began_at=failed.created_at,
        )
        for n in range(count)
    )

    with counted_statements(7):
        manager_client.get(page(failed))


def test_refunds_of_an_undone_change_order_name_the_reversal(agent_client, refund_over):
    refund = refund_over()
    change_order = refund.change_order
    agent_client.post(f"/change-orders/{change_order.number}/undo/")

    response = agent_client.get(page(refund))

    assertContains(response, "Its change order was undone by")
    assert Refund.objects.get().status == "withdrawn"
