from tests.cancellations.refunds.conftest import (  # noqa: F401
    clock,
    now_of,
    paid,
    refund_over,
    sandbox,
    work,
)
