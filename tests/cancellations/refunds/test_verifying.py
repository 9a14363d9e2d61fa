import pytest

from cancellations.models import Attempt, Refund
from tests.support.unguarded import unguarded

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def differences(run_command):
    def differences():
        *found, _ = run_command("verify_orders").output.splitlines()
        return [difference.partition(", ")[2] for difference in found]

    return differences


@pytest.mark.parametrize("status", ["pending", "unknown", "settling", "manual"])
def test_a_state_that_no_event_made_is_found(refund_over, work, differences, status):
    refund = refund_over("ch_1/declines")
    work()
    with unguarded(Refund):
        Refund.objects.update(status=status)

    assert differences() == [
        f"{refund.change_order} refund over P1: stored {status}, by its events failed"
    ]


def test_an_answer_without_its_attempt_is_found(refund_over, work, differences):
    refund = refund_over()
    work()
    Attempt.objects.update(outcome="refused")

    assert differences() == [
        f"{refund.change_order} refund over P1: 1 answered succeeded, 0 attempts say so"
    ]
