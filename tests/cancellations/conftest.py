import pytest

from cancellations.acts.cancel import submit_cancellation
from cancellations.misfits import message_of
from cancellations.models import ChangeOrder, ChangeOrderItem, ProcessException, Refund, Release
from cancellations.snapshots import NotReviewed
from orders.models import DeliveryGroup, OrderEvent, OrderItemSummary, OrderSummary, PaymentSummary

WRITTEN = (
    OrderSummary,
    OrderItemSummary,
    DeliveryGroup,
    PaymentSummary,
    ChangeOrder,
    ChangeOrderItem,
    Refund,
    Release,
    ProcessException,
    OrderEvent,
)


@pytest.fixture
def submit(agent):
    """Submits a request as an agent who reviewed nothing, unless told otherwise."""

    def submit(asked, agreed=None, by=agent):
        return submit_cancellation(request=asked, agreed=agreed or NotReviewed(), by=by)

    return submit


@pytest.fixture
def stored_rows(db):
    """Gives every row that an act on orders may write."""
    return lambda: [list(model.objects.order_by("pk").values()) for model in WRITTEN]


@pytest.fixture
def verified(run_command):
    """Checks that what is stored is what history gives."""

    def verified():
        finished = run_command("verify_orders")
        assert finished.output.endswith(", 0 differences\n"), finished.output

    return verified


@pytest.fixture
def exceptions(db):
    """Those that are open: category, what about, severity and words."""

    def exceptions():
        found = ProcessException.objects.open().order_by("category", "pk")
        return [(each.category, each.about, each.severity, message_of(each)) for each in found]

    return exceptions
