"""The table: every way in, with its rows."""

from tests.proofs.bad_input import (
    addresses,
    admin_pages,
    cancel_all_step,
    cancellation_documents,
    command_lines,
    details_step,
    fulfillment_documents,
    json_lines,
    money_pages,
    odd_requests,
    order_documents,
    queries,
    review_step,
    runs,
    select_step,
    sessions,
    sign_in,
    ways_back,
)
from tests.proofs.bad_input.row import WayIn

TABLE: tuple[WayIn, ...] = (
    select_step.WAY_IN,
    details_step.WAY_IN,
    cancel_all_step.WAY_IN,
    review_step.WAY_IN,
    runs.WAY_IN,
    ways_back.WAY_IN,
    *sessions.WAYS_IN,
    sign_in.WAY_IN,
    odd_requests.WAY_IN,
    addresses.WAY_IN,
    queries.WAY_IN,
    admin_pages.WAY_IN,
    *money_pages.WAYS_IN,
    *json_lines.WAYS_IN,
    order_documents.WAY_IN,
    cancellation_documents.WAY_IN,
    fulfillment_documents.WAY_IN,
    command_lines.WAY_IN,
)
