import pytest
from django.apps import apps
from django.contrib.auth.models import Group

from cancellations.models import CancellationReason
from tests.support.builders import UserFactory, imported
from tests.support.emptying import can_be_emptied_by_copies

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

KEPT = []


def everything():
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models(include_auto_created=True)
    }


@pytest.mark.parametrize("round", [1, 2])
def test_what_a_test_commits_is_gone_and_what_it_deletes_is_back(round):
    if not can_be_emptied_by_copies():
        pytest.skip("the user of this database is no superuser: Django's flush is at work")
    KEPT.append(everything())

    imported()
    UserFactory(agent=True)
    Group.objects.all().delete()
    CancellationReason.objects.all().delete()

    assert KEPT[-1] == KEPT[0]
    assert KEPT[0]["auth.Group"]
    assert not KEPT[0]["orders.OrderSummary"]
