"""Whatever people read in the admin goes through gettext: its pages, errors and messages."""

import pytest
from django.contrib.auth.models import Group, User

from cancellations.models import BundlePolicy, CancellationReason, ChangeOrder, Refund
from orders.models import Account, OrderSummary

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

REASONS = "/admin/cancellations/cancellationreason/"
POLICY = "/admin/cancellations/bundlepolicy/"
USERS = "/admin/auth/user/"


@pytest.mark.parametrize(
    ("page", "shows"),
    [
        ("/admin/", "Site administration"),
        ("/admin/orders/", "Order summaries"),
        ("/admin/orders/ordersummary/", "Cancel Item"),
        ("/admin/orders/ordersummary/?status=fulfilled", "SHIPPED"),
        ("/admin/orders/ordersummary/?q=nothing-like-it", "0 results"),
        ("/admin/orders/account/", "Lauren Boyle"),
        ("/admin/cancellations/changeorder/", "CO-"),
        ("/admin/cancellations/refund/", "Visa ending 1111"),
        (REASONS, "In use"),
        (f"{REASONS}add/", "Agents must write a note with it."),
        (f"{POLICY}1/change/", "Save"),
        (USERS, "Username"),
        (f"{USERS}add/", "Password"),
        ("/admin/auth/group/", "Groups"),
        ("/admin/password_change/", "Old password"),
        ("/admin/nowhere/", ""),
    ],
)
def test_pages(reads, canceled, page, shows):
    status = 404 if "nowhere" in page else 200

    assert reads(page, shows, status=status) == []


@pytest.mark.parametrize("model", [OrderSummary, Account, ChangeOrder, Refund])
def test_records_that_are_only_read(reads, canceled, model):
    options = model._meta
    for row in model.objects.all():
        url = f"/admin/{options.app_label}/{options.model_name}/{row.pk}/change/"
        assert reads(url, "Close") == []


@pytest.mark.parametrize(
    ("fields", "shows"),
    [
        ({"name": "unknown", "position": "1"}, "with this name already"),
        ({"name": "", "position": ""}, "Please correct the errors below."),
        ({"name": "x" * 300, "position": "x"}, "Enter a whole number."),
        ({"name": "It came twice", "position": "1"}, "was added successfully."),
    ],
)
def test_a_new_reason(reads, fields, shows):
    assert reads(f"{REASONS}add/", shows, posted=fields) == []


def test_reasons_that_are_changed(reads):
    last = CancellationReason.objects.first()
    url = f"{REASONS}{last.pk}/change/"
    kept = {"name": last.name, "position": last.position}
    changed = kept | {"needs_note": "on"}
    assert reads(url, "was changed successfully.", posted=changed) == []
    assert reads(f"{REASONS}{last.pk}/history/", "Changed") == []

    CancellationReason.objects.exclude(pk=last.pk).update(retired=True)
    refused = "The last reason in use cannot be retired: nobody could cancel anything."
    assert reads(url, refused, posted=kept | {"retired": "on"}) == []
    assert reads(REASONS, "Retired") == []


def test_the_bundle_policy(reads):
    url, text = f"{POLICY}1/change/", BundlePolicy.objects.get().text

    assert reads(url, "This field is required.", posted={"text": ""}) == []
    assert reads(url, "was changed successfully.", posted={"text": text}) == []


def test_users(reads, manager):
    superuser = User.objects.create(username="root", is_superuser=True)

    assert reads(f"{USERS}{manager.pk}/change/", "Important dates") == []
    assert reads(f"{USERS}{superuser.pk}/change/", "Close") == []
    assert reads(f"{USERS}add/", "Please correct the errors below.", posted={}) == []
    group = Group.objects.first()
    assert reads(f"/admin/auth/group/{group.pk}/change/", "Close") == []


def test_signing_out_of_the_admin(reads):
    assert reads("/admin/logout/", "", posted={}) == []
