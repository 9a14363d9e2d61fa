"""Whatever people read of what waits for a second person goes through gettext."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group

from cancellations.acts.cancel import preview_cancellation
from cancellations.acts.submit import ask_second_person
from cancellations.snapshots import Snapshot
from console.people.rights import APPROVER
from tests.support.builders import item, request, select

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_approvals(reads, new_order, agent, settings):
    settings.APPROVAL_OVER = {"USD": Decimal(1)}
    assert reads("/approvals/", "No approvals") == []
    order = new_order([item("1")], number="W-1")
    asked = request(order, select(note="Seen to."), request_id="ch_1")
    judged = preview_cancellation(request=asked, by=agent)
    agreed = Snapshot.of(judged.quote, judged.lines)
    approval = ask_second_person(request=asked, agreed=agreed, by=agent)
    page, odd = f"/approvals/{approval.pk}/", {"act": "x"}

    assert reads("/approvals/?status=refused", "No approval matches") == []
    assert reads("/approvals/", "1 approval") == []
    assert reads("/order-summaries/W-1/", "Waits for a second person") == []
    assert reads("/order-summaries/W-1/feed/", "A second person was asked") == []
    assert reads(page, "is not for those who keep") == []
    assert reads(page, "could not be read back", posted=odd, status=400) == []
    assert reads(page, "You can’t do this", posted={"act": "approve"}, status=403) == []


@pytest.mark.parametrize(
    ("act", "shows"),
    [
        ("approve", "Approved: it is done."),
        ("refuse", "Refused: nothing was changed."),
        ("withdraw", "You can’t do this"),
    ],
)
def test_a_decision(reads, new_order, agent, manager, settings, act, shows):
    settings.APPROVAL_OVER = {"USD": Decimal(1)}
    manager.groups.set([Group.objects.get(name=APPROVER)])
    order = new_order([item("1")], number="W-1")
    asked = request(order, select(note="Seen to."), request_id="ch_1")
    judged = preview_cancellation(request=asked, by=agent)
    agreed = Snapshot.of(judged.quote, judged.lines)
    page = f"/approvals/{ask_second_person(request=asked, agreed=agreed, by=agent).pk}/"
    fields = {"act": act, "note": "Seen to."}

    assert reads(page, "What was asked") == []
    assert reads(page, shows, posted=fields, status=403 if act == "withdraw" else 200) == []
    if act != "withdraw":
        assert reads(page, "This had been decided before", posted=fields) == []
