import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import ProtectedError

from cancellations.models import BundlePolicy, CancellationReason
from cancellations.seeds import SystemUserMissing, system_user
from tests.support.builders import UserFactory, cancel, imported, select

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

SEES = {
    "view_account",
    "view_orderevent",
    "view_ordersummary",
    "view_orderitemsummary",
    "view_paymentsummary",
    "view_deliverygroup",
    "view_changeorder",
    "view_changeorderitem",
    "view_refund",
    "view_release",
    "view_processexception",
    "view_attempt",
    "view_internalnote",
    "view_customernotice",
    "view_approval",
}
CANCELS = SEES | {"cancel_order_items"}
MANAGES = CANCELS | {
    "settle_orders",
    "resolve_exceptions",
    "act_on_refunds",
    "erase_customers",
    "share_views",
    "view_cancellationreason",
    "add_cancellationreason",
    "change_cancellationreason",
    "view_bundlepolicy",
    "change_bundlepolicy",
    "view_user",
    "add_user",
    "change_user",
    "view_group",
    "view_accessattempt",
    "delete_accessattempt",
    "manage_webhooks",
}
REASONS = [
    "Duplicate Order",
    "Wrong Item",
    "Wrong Quantity",
    "Outdated",
    "Changed Mind",
    "Unknown",
    "Other",
]


def migrate():
    """What runs after every migration, with nothing left to migrate."""
    call_command("migrate", verbosity=0)


def rights_of(name):
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def names():
    return list(CancellationReason.objects.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("name", "rights"),
    [("Order Management Viewer", SEES), ("Agent", CANCELS), ("Operations Manager", MANAGES)],
)
def test_groups_have_the_rights_of_their_work(name, rights):
    assert rights_of(name) == rights


def test_reasons_are_there_in_their_order_and_other_needs_a_note():
    assert names() == REASONS
    assert list(CancellationReason.objects.filter(needs_note=True)) == [
        CancellationReason.objects.get(name="Other")
    ]
    assert CancellationReason.objects.active().count() == 7


def test_batch_may_cancel_and_settle_but_nobody_signs_in_as_it():
    batch = User.objects.get(username="batch")

    assert batch.has_perm("cancellations.cancel_order_items")
    assert batch.has_perm("cancellations.settle_orders")
    assert not batch.has_perm("cancellations.resolve_exceptions")
    assert not batch.has_usable_password()
    assert not batch.check_password("")
    assert (batch.is_staff, batch.is_superuser) == (False, False)


def test_migrating_again_adds_nothing():
    before = (names(), Group.objects.count(), User.objects.count())

    migrate()

    assert (names(), Group.objects.count(), User.objects.count()) == before


def test_renamed_retired_and_deleted_reasons_are_not_brought_back():
    CancellationReason.objects.filter(name="Outdated").update(name="Discontinued")
    CancellationReason.objects.filter(name="Unknown").update(retired=True)
    CancellationReason.objects.filter(name="Wrong Item").delete()
    before = list(CancellationReason.objects.values())

    migrate()

    assert list(CancellationReason.objects.values()) == before


def test_the_bundle_policy_is_there_and_what_was_written_stays():
    assert "refunded as a whole" in BundlePolicy.objects.current().text
    BundlePolicy.objects.update(text="Ask first.")

    migrate()

    assert BundlePolicy.objects.current().text == "Ask first."


def test_what_people_changed_on_groups_and_batch_stays():
    agents = Group.objects.get(name="Agent")
    agents.permissions.add(*Group.objects.get(name="Operations Manager").permissions.all())
    batch = User.objects.get(username="batch")
    batch.groups.clear()

    migrate()

    assert rights_of("Agent") == MANAGES
    assert not batch.groups.exists()


def test_a_deleted_group_comes_back_with_its_rights():
    Group.objects.get(name="Agent").delete()

    migrate()

    assert rights_of("Agent") == CANCELS


def test_a_reason_in_use_cannot_be_deleted(agent):
    cancel(imported(), select(reason="Outdated"), by=agent)

    with pytest.raises(ProtectedError):
        CancellationReason.objects.get(name="Outdated").delete()
    assert CancellationReason.objects.get(name="Unknown").delete()[0] == 1


@pytest.mark.django_db(transaction=True)
def test_seeds_survive_a_flush():
    CancellationReason.objects.all().delete()

    call_command("flush", interactive=False, verbosity=0, database=connection.alias)

    assert names() == REASONS
    assert rights_of("Agent") == CANCELS
    assert not User.objects.get(username="batch").has_usable_password()


def batch():
    return User.objects.get(username="batch")


def rename(user):
    user.username = "other"
    user.save()


def deactivate(user):
    user.is_active = False
    user.save()


@pytest.mark.parametrize("lose", [rename, deactivate, User.delete])
def test_the_system_user_cannot_be_lost_through_the_application(lose):
    with pytest.raises(PermissionDenied, match="it stays"), transaction.atomic():
        lose(batch())

    assert batch().is_active


def test_the_admin_refuses_to_lose_the_system_user(client):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    user = batch()

    response = client.post(f"/admin/auth/user/{user.pk}/delete/", {"post": "yes"})

    assert response.url == f"/admin/auth/user/{user.pk}/change/"
    assert batch() == user


@pytest.mark.parametrize("change", [{"username": "other"}, {"is_active": False}])
def test_a_system_user_lost_by_hand_is_said_in_one_line_and_migrate_makes_it_again(change):
    User.objects.filter(username="batch").update(**change)

    with pytest.raises(SystemUserMissing, match="migrate makes it again"):
        system_user()
    call_command("migrate", verbosity=0)

    assert system_user().has_perm("cancellations.cancel_order_items")
