import pytest
from django.apps.registry import Apps
from django.contrib.auth.models import Group
from django.core.management import call_command

from console.people import rights
from console.people.rights import AGENT, UnknownRight

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize("right", ["cancellations.cancel_order_item", "refunds.view_gateway"])
def test_a_right_that_no_app_defines_is_an_error(monkeypatch, right):
    monkeypatch.setitem(rights.RIGHTS, AGENT, ("orders.view_account", right))
    Group.objects.get(name=AGENT).delete()

    with pytest.raises(UnknownRight, match=f"{right}$"):
        call_command("migrate", verbosity=0)


def test_before_every_app_is_migrated_there_are_no_groups_to_seed():
    Group.objects.all().delete()

    rights.seed_groups(None, using="default", apps=Apps())

    assert not Group.objects.exists()
