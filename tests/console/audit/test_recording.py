"""What is written down of who came in, and of what they did."""

from dataclasses import dataclass

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.auth.signals import user_login_failed
from django.db import transaction

from cancellations.acts.exceptions import resolve_exception
from cancellations.models import BundlePolicy, CancellationReason, ProcessException
from cancellations.refunds.people import state_of, withdraw
from cancellations.seeds import seed
from console.audit import coming_in
from console.models import AuditEntry
from console.people.rights import AGENT, VIEWER
from tests.console.admin.test_users import USERS, edit_user
from tests.support.builders import UserFactory, imported, order_document, payment, settle

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

PASSWORD = "a long enough password"


def test_a_way_in_and_out_is_written_down_with_its_address(client, last_entries):
    User.objects.create_user("lauren", password=PASSWORD)

    typed = {"username": "lauren", "password": PASSWORD}
    client.post("/sign-in/", typed | {"password": "wrong"}, REMOTE_ADDR="198.51.100.7")
    client.post("/sign-in/", typed, REMOTE_ADDR="2001:db8::7")
    client.post("/sign-out/", REMOTE_ADDR="2001:db8::7")

    assert last_entries("sign_in_failed", "signed_in", "signed_out") == [
        ("sign_in_failed", "", "lauren", {}),
        ("signed_in", "lauren", "lauren", {}),
        ("signed_out", "lauren", "lauren", {}),
    ]
    came = AuditEntry.objects.filter(kind__in=["sign_in_failed", "signed_in"]).order_by("pk")
    assert [entry.address for entry in came] == ["198.51.100.7", "2001:db8::7"]


@pytest.mark.parametrize("typed", ["my secret pass phrase", "", "nobody", "x" * 5000])
def test_what_nobody_is_called_is_not_kept(client, last_entries, typed):
    """People type passwords where the name belongs."""
    client.post("/sign-in/", {"username": typed[:150], "password": "wrong"})
    user_login_failed.send(sender=None, credentials={"username": typed}, request=None)
    user_login_failed.send(sender=None, credentials={}, request=None)

    assert {about for _, _, about, _ in last_entries("sign_in_failed")} == {""}


@dataclass(frozen=True)
class Authenticator:
    type: str


def test_locked_names_once_a_minute_and_second_factors_are_written_down(last_entries):
    lauren = UserFactory(username="lauren")
    totp = Authenticator("totp")

    for _ in range(3):
        coming_in._locked(None, username="lauren", request=None)
        user_login_failed.send(sender=None, credentials={"username": "lauren"}, request=None)
    coming_in._locked(None, username="nobody", request=None)
    coming_in._factor_added(None, user=lauren, authenticator=totp, request=None)
    coming_in._factor_reset(None, user=lauren, authenticator=totp, request=None)
    coming_in._factor_removed(None, user=lauren, authenticator=totp, request=None)

    assert last_entries("sign_in_locked", "sign_in_failed", "second_factor") == [
        ("sign_in_locked", "", "lauren", {}),
        ("sign_in_locked", "", "", {}),
        ("second_factor", "", "lauren", {"act": "added", "type": "totp"}),
        ("second_factor", "", "lauren", {"act": "changed", "type": "totp"}),
        ("second_factor", "", "lauren", {"act": "deleted", "type": "totp"}),
    ]


def test_accounts_groups_and_passwords_are_written_down_without_secrets(client, last_entries):
    boss = UserFactory(username="boss", is_staff=True, is_superuser=True)
    client.force_login(boss)
    passwords = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    client.post(f"{USERS}add/", {"username": "lauren", **passwords})
    lauren = User.objects.get(username="lauren")
    edit_user(client, lauren, AGENT, email="lauren@example.com", first_name="Lauren")
    edit_user(client, lauren, VIEWER, username="lauren-b")
    lauren.refresh_from_db()
    client.post(f"{USERS}{lauren.pk}/password/", passwords | {"set-password": "1"})
    edit_user(client, lauren, VIEWER, is_active="")
    client.post(f"{USERS}{lauren.pk}/delete/", {"post": "yes"})

    kept = [entry for entry in last_entries("account", "rights", "password") if entry[1] == "boss"]
    assert kept == [
        (
            "account",
            "boss",
            "lauren",
            {
                "act": "added",
                "username": "lauren",
                "is_active": True,
                "is_staff": False,
                "is_superuser": False,
            },
        ),
        ("account", "boss", "lauren", {"act": "changed", "fields": ["email", "first_name"]}),
        ("rights", "boss", "lauren", {"act": "given", "rights": [AGENT]}),
        (
            "account",
            "boss",
            "lauren-b",
            {
                "act": "changed",
                "username": ["lauren", "lauren-b"],
                "fields": ["email", "first_name"],
            },
        ),
        ("rights", "boss", "lauren-b", {"act": "taken", "rights": [AGENT]}),
        ("rights", "boss", "lauren-b", {"act": "given", "rights": [VIEWER]}),
        ("password", "boss", "lauren-b", {"act": "changed"}),
        ("account", "boss", "lauren-b", {"act": "changed", "is_active": [True, False]}),
        ("account", "boss", "lauren-b", {"act": "deleted"}),
    ]
    assert PASSWORD not in str(kept)
    assert "lauren@" not in str(kept)


def test_signing_in_changes_no_account_and_no_password(client, settings, last_entries):
    User.objects.create_user("lauren", password=PASSWORD)
    before = last_entries("account", "password")
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]

    client.post("/sign-in/", {"username": "lauren", "password": PASSWORD})

    assert last_entries("account", "password") == before
    assert User.objects.get(username="lauren").password.startswith("pbkdf2")


def test_rights_are_written_down_from_whichever_end_they_are_given(last_entries):
    user = UserFactory(username="lauren")
    right = Permission.objects.get(codename="view_refund")
    made = Group.objects.create(name="Watchers")
    before = len(last_entries("rights", "group"))

    made.user_set.add(user)
    made.user_set.clear()
    user.user_permissions.add(right)
    user.user_permissions.clear()
    made.permissions.add(right)
    right.group_set.remove(made)
    made.permissions.clear()

    name = "cancellations.view_refund"
    assert [entry[::2] + entry[3:] for entry in last_entries("rights", "group")[before:]] == [
        ("rights", "lauren", {"act": "given", "rights": ["Watchers"]}),
        ("rights", "lauren", {"act": "taken", "rights": ["Watchers"]}),
        ("rights", "lauren", {"act": "given", "rights": [name]}),
        ("rights", "lauren", {"act": "taken", "rights": [name]}),
        ("group", "Watchers", {"act": "given", "rights": [name]}),
        ("group", "Watchers", {"act": "taken", "rights": [name]}),
    ]


def test_reasons_and_policy_are_written_down_but_not_what_every_database_has(last_entries):
    seed(None, using="default")
    assert last_entries("reason", "policy") == []
    reason = CancellationReason.objects.get(name="Other")
    policy = BundlePolicy.objects.get()

    reason.retired = True
    reason.save()
    reason.save()
    policy.text, policy.rule = "Ours", "whole_bundles"
    policy.save()

    assert last_entries("reason", "policy") == [
        ("reason", "", "Other", {"act": "changed", "retired": [False, True]}),
        (
            "policy",
            "",
            "Bundle policy",
            {"act": "changed", "rule": ["any", "whole_bundles"], "fields": ["text"]},
        ),
    ]


def test_acts_on_exceptions_and_money_stand_in_the_audit_with_their_event(manager, last_entries):
    odd = order_document(order_number="X-1", payments=[payment("20.00", charged_back="30.00")])
    exception = imported(odd).process_exceptions.get()
    resolve_exception(exception_id=exception.pk, note="Seen to", by=manager)
    paid = [payment("99.00", gateway="manual")]
    owed = imported(order_document(order_number="X-2", payments=paid))
    refund = settle(owed, by=manager).refunds.get()
    withdraw(kind="refund", pk=refund.pk, seen=state_of(refund), note="Lauren called", by=manager)

    who = manager.username
    assert last_entries("money", "exception") == [
        (
            "exception",
            who,
            "X-1",
            {"event": "exception_resolved", "sequence": 2, "exception": exception.pk},
        ),
        ("money", who, "X-2", {"event": "order_settled", "sequence": 2}),
        (
            "money",
            who,
            "X-2",
            {
                "event": "person_decided",
                "sequence": 3,
                "decision": "withdraw",
                "refund": refund.pk,
            },
        ),
    ]


@pytest.mark.django_db(transaction=True)
def test_an_act_that_does_not_happen_is_not_in_the_audit(manager, last_entries):
    odd = order_document(payments=[payment("20.00", charged_back="30.00")])
    exception = imported(odd).process_exceptions.get()

    with transaction.atomic():
        resolve_exception(exception_id=exception.pk, note="Seen to", by=manager)
        transaction.set_rollback(True)

    assert last_entries("exception") == []
    assert ProcessException.objects.open().exists()


def test_an_export_of_orders_is_written_down(run_command, last_entries):
    imported(order_document(order_number="X-1"))

    run_command("export_orders")
    run_command("export_orders", "--order-number", "X-1")
    run_command("export_orders", "--order-number", "NONE")

    assert last_entries("exported") == [
        ("exported", "", "orders", {"asked": []}),
        ("exported", "", "orders", {"asked": ["X-1"]}),
    ]
