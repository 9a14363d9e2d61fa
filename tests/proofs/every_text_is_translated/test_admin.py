"""Whatever people read in the admin goes through gettext: its pages, errors and messages."""

import pytest
from django.contrib.auth.models import Group, User

from cancellations.models import (
    BundlePolicy,
    CancellationReason,
    ChangeOrder,
    ProcessException,
    Refund,
)
from orders.models import Account, OrderSummary
from tests.support.long_forms import some_of

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

REASONS = "/admin/cancellations/cancellationreason/"
POLICY = "/admin/cancellations/bundlepolicy/"
USERS = "/admin/auth/user/"
LEFT_BY_DJANGO = {"Search", "True", "False"}
"""Alternative texts of images that Django's own templates do not translate."""


@pytest.fixture
def reads_admin(reads):
    def read(url, shows, **asked):
        return [text for text in reads(url, shows, **asked) if text not in LEFT_BY_DJANGO]

    return read


@pytest.mark.parametrize(
    ("page", "shows"),
    some_of(
        [
            ("/admin/", "Site administration"),
            ("/admin/orders/", "Orders administration"),
            ("/admin/orders/ordersummary/", "Cancel Item"),
            ("/admin/orders/ordersummary/?status=canceled", "GONE"),
            ("/admin/orders/ordersummary/?q=nothing-like-it", "0 results"),
            ("/admin/orders/account/", "Lauren Boyle"),
            ("/admin/cancellations/changeorder/", "CO-"),
            ("/admin/cancellations/refund/", "Visa ending 1111"),
            ("/admin/cancellations/processexception/", "0 results"),
            ("/admin/orders/orderevent/", "Order imported"),
            (REASONS, "In use"),
            (f"{REASONS}add/", "Agents must write a note with it."),
            (f"{POLICY}1/change/", "Change bundle policy"),
            (USERS, "Select user to change"),
            (f"{USERS}add/", "Password"),
            ("/admin/auth/group/", "Select group to view"),
            ("/admin/nowhere/", ""),
        ],
        every=2,
    ),
)
def test_pages(reads_admin, canceled, page, shows):
    status = 404 if "nowhere" in page else 200

    assert reads_admin(page, shows, status=status) == []


@pytest.mark.parametrize("model", [OrderSummary, Account, ChangeOrder, Refund, ProcessException])
def test_records_that_are_only_read(reads_admin, told_of_money, model):
    options = model._meta
    for row in model.objects.all():
        url = f"/admin/{options.app_label}/{options.model_name}/{row.pk}/change/"
        assert reads_admin(url, "Close") == []


@pytest.mark.parametrize(
    ("fields", "shows"),
    [
        ({"name": "unknown", "position": "1"}, "with this name already"),
        ({"name": "", "position": ""}, "Please correct the errors below."),
        ({"name": "x" * 300, "position": "x"}, "Enter a whole number."),
        ({"name": "It came twice", "position": "1"}, "was added successfully."),
    ],
)
def test_a_new_reason(reads_admin, fields, shows):
    assert reads_admin(f"{REASONS}add/", shows, posted=fields) == []


def test_reasons_that_are_changed(reads_admin):
    last = CancellationReason.objects.first()
    url = f"{REASONS}{last.pk}/change/"
    kept = {"name": last.name, "position": last.position}
    changed = kept | {"needs_note": "on"}
    assert reads_admin(url, "was changed successfully.", posted=changed) == []
    assert reads_admin(f"{REASONS}{last.pk}/history/", "Changed") == []

    CancellationReason.objects.exclude(pk=last.pk).update(retired=True)
    refused = "The last reason in use cannot be retired: nobody could cancel anything."
    assert reads_admin(url, refused, posted=kept | {"retired": "on"}) == []
    assert reads_admin(REASONS, "Retired") == []
    again = {"name": "unknown", "position": "1"}
    shows = "There is a retired reason with this name already"
    assert reads_admin(f"{REASONS}add/", shows, posted=again) == []


def test_the_bundle_policy(reads_admin):
    url, text = f"{POLICY}1/change/", BundlePolicy.objects.get().text

    assert reads_admin(url, "This field is required.", posted={"text": ""}) == []
    kept = {"text": text, "rule": "whole_bundles"}
    assert reads_admin(url, "Whole bundles only") == []
    assert reads_admin(url, "was changed successfully.", posted=kept) == []


def test_users(reads_admin, manager, canceled):
    superuser = User.objects.create(username="root", is_superuser=True)

    assert reads_admin(f"{USERS}{manager.pk}/change/", "History names this user") == []
    assert reads_admin(f"{USERS}{superuser.pk}/change/", "Close") == []
    acted = "The commands act as this user"
    batch = User.objects.get(username="batch")
    assert reads_admin(f"{USERS}{batch.pk}/change/", acted) == []
    assert reads_admin(f"{USERS}add/", "Please correct the errors below.", posted={}) == []
    group = Group.objects.first()
    assert reads_admin(f"/admin/auth/group/{group.pk}/change/", "Close") == []


def test_signing_out_of_the_admin(reads_admin):
    assert reads_admin("/admin/logout/", "", posted={}) == []
