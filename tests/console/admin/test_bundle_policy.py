"""The bundle policy: there is one, and the manager edits it."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from pytest_django.asserts import assertRedirects

from cancellations.models import BundlePolicy
from orders.arithmetic.availability import BundleRule
from tests.support.builders import UserFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

ADMIN = "/admin/cancellations/"
POLICY = f"{ADMIN}bundlepolicy/1/change/"


def test_the_bundle_policy_is_there_and_edited_by_the_manager(manage):
    assert "refunded as a whole" in BundlePolicy.objects.current().text

    saved = manage.post(POLICY, {"text": "Bundles come back complete.", "rule": "any"})

    assertRedirects(saved, f"{ADMIN}bundlepolicy/")
    assert BundlePolicy.objects.current().text == "Bundles come back complete."


def test_the_manager_chooses_the_rule_beside_the_text(manage):
    assert BundlePolicy.objects.current().bundle_rule is BundleRule.ANY

    manage.post(POLICY, {"text": "Whole ones.", "rule": "whole_bundles"})

    assert BundlePolicy.objects.current().bundle_rule is BundleRule.WHOLE_BUNDLES


@pytest.mark.parametrize("rule", ["", "most", "ANY", "any\0"])
def test_a_rule_that_is_none_is_refused(manage, rule):
    response = manage.post(POLICY, {"text": "Ours.", "rule": rule})

    assert response.context["adminform"].form.errors["rule"]
    assert BundlePolicy.objects.current().text != "Ours."


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001, "a\0b"])
def test_a_policy_that_is_no_text_is_refused(manage, text):
    before = BundlePolicy.objects.current().text

    response = manage.post(POLICY, {"text": text})

    assert response.context["adminform"].form.errors["text"]
    assert BundlePolicy.objects.current().text == before


@pytest.mark.parametrize("role", [{"manager": True}, {"is_superuser": True}])
def test_there_is_one_bundle_policy(client, role):
    client.force_login(UserFactory(is_staff=True, **role))
    add, delete = f"{ADMIN}bundlepolicy/add/", f"{ADMIN}bundlepolicy/1/delete/"

    statuses = [client.post(url, {"text": "x", "post": "yes"}).status_code for url in (add, delete)]

    assert statuses == [403, 403]
    assert BundlePolicy.objects.count() == 1


def test_the_database_holds_no_second_policy():
    with pytest.raises(IntegrityError, match="bundle_policy_only_one"), transaction.atomic():
        BundlePolicy.objects.create(pk=2, text="another")


def test_agents_do_not_change_the_policy(client):
    client.force_login(UserFactory(is_staff=True, agent=True))

    assert client.post(POLICY, {"text": "x"}).status_code == 403


def test_a_policy_that_was_edited_stays_when_the_database_is_migrated_again():
    BundlePolicy.objects.update(text="Ours.")

    call_command("migrate", verbosity=0)

    assert BundlePolicy.objects.current().text == "Ours."


def test_without_a_policy_there_is_no_text():
    BundlePolicy.objects.all().delete()

    assert BundlePolicy.objects.current().text == ""
    assert BundlePolicy.objects.current().bundle_rule is BundleRule.ANY
