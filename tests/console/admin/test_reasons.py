"""The reasons, edited in the admin: what agents are offered, and what history keeps."""

import re
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from cancellations.models import CancellationReason, ChangeOrderItem
from tests.support.builders import UserFactory, cancel, imported, item, product, select
from tests.support.threads import at_once, wait_until_blocked
from tests.support.wizard_run import WizardRun, reason_pk

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

LIST = "/admin/cancellations/cancellationreason/"
LAST = "The last reason in use cannot be retired"


@pytest.fixture
def manage(client):
    """The client of an operations manager."""
    client.force_login(UserFactory(manager=True, is_staff=True))
    return client


@pytest.fixture
def add(manage):
    """Adds a reason."""
    return lambda name, **fields: manage.post(
        f"{LIST}add/", {"name": name, "position": "8"} | fields
    )


@pytest.fixture
def edit(manage):
    """Changes the reason of a name."""

    def post(name, /, **changes):
        reason = CancellationReason.objects.get(name=name)
        kept = {"name": reason.name, "position": reason.position}
        kept |= {flag: "on" for flag in ("needs_note", "retired") if getattr(reason, flag)}
        return manage.post(f"{LIST}{reason.pk}/change/", kept | changes)

    return post


@pytest.fixture
def wizard(new_order):
    """A wizard run of an agent whose items are selected."""
    new_order([product("1", 3)])
    client = Client()
    client.force_login(UserFactory(agent=True))
    run = WizardRun(client, "W-1")
    run.select("1")
    return run


def offered():
    return [reason.name for reason in CancellationReason.objects.active()]


def retire_all_but(*names):
    CancellationReason.objects.exclude(name__in=names).update(retired=True)


def errors(response, field):
    assert response.status_code == 200
    return response.context["adminform"].form.errors.get(field, [])


def test_an_added_reason_is_offered_in_its_place(add, wizard):
    added = add("Late", position="2")

    assertRedirects(added, LIST)
    assert offered()[:4] == ["Duplicate Order", "Late", "Wrong Item", "Wrong Quantity"]
    assertContains(wizard.get("details"), "Late")


def test_a_new_reason_starts_at_the_end(manage):
    form = manage.get(f"{LIST}add/").context["adminform"].form

    assert form["position"].value() == "8"


def test_reasons_are_offered_in_the_order_of_their_positions(edit):
    edit("Other", position="0")

    assert offered()[:2] == ["Other", "Duplicate Order"]


def test_the_list_shows_the_order_and_what_is_retired(edit, manage):
    edit("Outdated", retired="on")

    page = manage.get(LIST)

    shown = re.findall(r'field-(?:position|standing)">(.*?)</td>', page.text)
    assert shown[:8] == ["1", "In use", "2", "In use", "3", "In use", "4", "Retired"]


def test_a_reason_that_needs_a_note_asks_for_it(edit, wizard):
    edit("Outdated", needs_note="on")

    assertContains(wizard.explain({"1": 1}, reason="Outdated"), "this reason needs one")


def test_a_retired_reason_leaves_the_wizard_and_stays_on_old_change_orders(edit, wizard, agent):
    change_order = cancel(imported(), select(reason="Outdated"), by=agent)

    edit("Outdated", retired="on")

    assertNotContains(wizard.get("details"), "Outdated")
    refused = wizard.explain({"1": 1}, reason="Outdated")
    assertContains(refused, "Choose a reason from the list.")
    assert change_order.items.get().reason == CancellationReason.objects.get(name="Outdated")
    page = wizard.client.get(f"/order-summaries/{change_order.order}/related/")
    assertContains(page, "Outdated")


def test_a_reason_retired_in_mid_wizard_has_to_be_chosen_anew(edit, wizard):
    wizard.explain({"1": 1}, reason="Outdated")
    edit("Outdated", retired="on")

    response = wizard.get("review")

    assertRedirects(response, wizard.url("details"))
    assertContains(wizard.get("details"), "Choose a reason from the list.")


def test_a_retired_reason_can_be_taken_back(edit):
    edit("Outdated", retired="on")
    edit("Outdated", retired="")

    assert "Outdated" in offered()


def test_a_renamed_reason_keeps_its_old_name_in_history(edit, wizard, agent):
    change_order = cancel(imported(), select(reason="Outdated"), by=agent)

    edit("Outdated", name="Discontinued")

    written = ChangeOrderItem.objects.get(change_order=change_order)
    assert (written.reason_name, written.reason.name) == ("Outdated", "Discontinued")
    page = wizard.client.get(f"/order-summaries/{change_order.order}/related/")
    assertContains(page, "Outdated")
    assertNotContains(page, "Discontinued")
    assertContains(wizard.get("details"), "Discontinued")


def test_a_reason_renamed_in_mid_wizard_is_given_under_its_new_name(edit, wizard):
    wizard.explain({"1": 1}, reason="Outdated")
    edit("Outdated", name="Discontinued")

    wizard.submit()

    assert ChangeOrderItem.objects.get().reason_name == "Discontinued"


def test_the_last_reason_in_use_cannot_be_retired(edit):
    retire_all_but("Other")

    refused = edit("Other", retired="on")

    [message] = errors(refused, "retired")
    assert message.startswith(LAST)
    assert offered() == ["Other"]


def test_a_retired_reason_may_stay_retired_when_it_is_renamed(edit):
    retire_all_but("Other")

    edit("Outdated", name="Discontinued")

    assert CancellationReason.objects.get(name="Discontinued").retired


def test_a_reason_may_be_added_retired_while_another_is_in_use(add):
    add("Late", retired="on")

    assert CancellationReason.objects.get(name="Late").retired


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("outdated", "There is a reason with this name already: <bdi>Outdated</bdi>."),
        ("  OUTDATED ", "There is a reason with this name already: <bdi>Outdated</bdi>."),
        ("Outdated", "There is a reason with this name already: <bdi>Outdated</bdi>."),
        ("unknown", "There is a retired reason with this name already: <bdi>Unknown</bdi>."),
        ("STRASSE", "There is a reason with this name already: <bdi>Straße</bdi>."),
        ("", "This field is required."),
        ("   ", "This field is required."),
        ("x" * 101, "Ensure this value has at most 100 characters (it has 101)."),
        ("a\0b", "Null characters are not allowed."),
    ],
)
def test_names_that_are_no_new_names_are_refused(add, edit, name, message):
    CancellationReason.objects.filter(name="Unknown").update(retired=True)
    CancellationReason.objects.create(name="Straße", position=8)
    before = list(CancellationReason.objects.values())

    added = add(name)
    renamed = edit("Wrong Item", name=name)

    assert errors(added, "name") == errors(renamed, "name") == [message]
    assert list(CancellationReason.objects.values()) == before


def test_the_case_of_a_name_can_be_changed(edit):
    edit("Outdated", name="OUTDATED")

    assert "OUTDATED" in offered()


@pytest.mark.parametrize("position", ["-1", "1.5", "text", "", "99999999999999999999"])
def test_a_position_is_a_whole_number(edit, position):
    assert errors(edit("Outdated", position=position), "position")


@pytest.mark.parametrize("role", [{"manager": True}, {"is_superuser": True}])
def test_reasons_are_never_deleted(client, role):
    client.force_login(UserFactory(is_staff=True, **role))
    pk = reason_pk("Outdated")
    chosen = {"action": "delete_selected", "_selected_action": pk, "index": "0", "post": "yes"}

    statuses = [
        client.get(f"{LIST}{pk}/delete/").status_code,
        client.post(f"{LIST}{pk}/delete/", {"post": "yes"}).status_code,
    ]
    client.post(LIST, chosen)

    assert statuses == [403, 403]
    assertNotContains(client.get(LIST), "delete_selected")
    assert len(offered()) == 7


@pytest.mark.parametrize("role", ["viewer", "agent"])
def test_who_does_not_manage_changes_no_reasons(client, role):
    client.force_login(UserFactory(is_staff=True, **{role: True}))
    typed = {"name": "Forged", "position": "1"}
    urls = [LIST, f"{LIST}add/", f"{LIST}{reason_pk('Outdated')}/change/"]

    assert [client.post(url, typed).status_code for url in urls] == [403] * 3
    assert "Forged" not in offered()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_managers_do_not_retire_the_last_two_reasons_at_once(edit):
    retire_all_but("Other", "Unknown")

    retire_other, retire_unknown = (
        lambda name=name: edit(name, retired="on").status_code for name in ("Other", "Unknown")
    )
    outcomes = at_once_under_lock(retire_other, retire_unknown)

    assert sorted(outcomes) == [200, 302]
    assert len(offered()) == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_managers_do_not_add_one_name_in_two_cases_at_once(add):
    outcomes = at_once_under_lock(lambda: add("Late").status_code, lambda: add("LATE").status_code)

    assert sorted(outcomes) == [200, 302]
    assert CancellationReason.objects.filter(name__iexact="late").count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_editing_reasons_keeps_no_agent_waiting(edit, agent):
    order = imported(items=[item()])

    with transaction.atomic():
        list(CancellationReason.objects.select_for_update(no_key=True))
        _, [outcome] = at_once(lambda: cancel(order, select(), by=agent).number)

    assert outcome.startswith("CO-")


def at_once_under_lock(*acts):
    """What acts give back that all wait for the reasons, and then go on together."""

    def let_go_when_all_wait():
        try:
            with transaction.atomic():
                list(CancellationReason.objects.select_for_update())
                held.set()
                wait_until_blocked(len(acts))
        finally:
            connection.close()

    held = Event()
    holder = Thread(target=let_go_when_all_wait)
    holder.start()
    held.wait()
    _, outcomes = at_once(*acts)
    holder.join()
    return outcomes
