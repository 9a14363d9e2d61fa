"""Line breaks in notes and other long texts count one, whichever way they come."""

import pytest

from cancellations.models import BundlePolicy, ChangeOrderItem
from tests.support.builders import UserFactory, imported, product

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LONGEST = "x\r\n" * 499 + "xx"
AS_KEPT = "x\n" * 499 + "xx"
"""1,000 characters, of which 499 are line breaks."""


def kept_note():
    return ChangeOrderItem.objects.get().note


def test_a_row_of_the_details_takes_them(new_order, new_run):
    new_order([product("1", 2)])
    run = new_run()
    run.select("1")
    refused = run.explain({"1": 1}, note=f"{LONGEST}x")

    run.explain({"1": 1}, note=LONGEST)
    run.submit()

    assert "Shorten the note to 1000 characters." in refused.text
    assert kept_note() == AS_KEPT


def test_apply_to_all_and_cancel_all_take_them(new_order, new_run):
    new_order([product("1", 2)])
    items, everything = new_run(), new_run(kind="cancel_all")
    items.select("1")

    applied = items.post("details", {"apply": "1", "details-apply-note": LONGEST}, follow=True)
    everything.explain_all(note=LONGEST)
    everything.submit()

    assert "Shorten the note" not in applied.text
    assert kept_note() == AS_KEPT


def test_a_document_takes_them(run_command, jsonl, agent):
    imported(order_number="W-1")
    item = {"key": "1", "quantity": 1, "note": LONGEST}
    document = {"idempotency_key": "k", "order_number": "W-1", "reason": "Other", "items": [item]}
    again = {**document, "items": [{**item, "note": AS_KEPT}]}

    done = run_command("cancel_orders", jsonl(document, again), "--as", agent.username)

    assert [line["outcome"] for line in done.lines] == ["canceled", "repeated"]
    assert kept_note() == AS_KEPT


def test_the_bundle_policy_takes_them(client, manager):
    manager.is_staff = True
    manager.save()
    client.force_login(manager)
    text = "x\r\n" * 999 + "xx"

    client.post("/admin/cancellations/bundlepolicy/1/change/", {"text": text, "rule": "any"})

    assert BundlePolicy.objects.current().text == "x\n" * 999 + "xx"


@pytest.mark.parametrize("field", ["first_name", "last_name"])
def test_names_of_users_are_plain(client, django_user_model, field):
    client.force_login(django_user_model.objects.create_superuser("root"))
    someone = UserFactory(username="lauren")
    form = {"username": "lauren", field: "a\u202eb", "date_joined_0": "2026-01-01"}

    response = client.post(
        f"/admin/auth/user/{someone.pk}/change/", form | {"date_joined_1": "00:00:00"}
    )

    assert "Remove the character U+202E" in response.text
    someone.refresh_from_db()
    assert getattr(someone, field) == ""
