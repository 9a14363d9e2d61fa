"""What raw SQL may not do, whoever sends it: what people wrote on an order."""

import pytest

from cancellations.acts.write_note import write_note
from cancellations.models import InternalNote
from tests.cancellations.last_word.sql import LAST_EVENT, copied, each, event, execute, refuses

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.postgresql]

ANOTHER_EVENT = event("exception_resolved", sequence="4", request_id="'forged'").replace(
    "events_written = 3", "events_written = 4"
)
OF_AN_EVENT = (
    "INSERT INTO cancellations_internalnote (order_id, event_id, text)"
    f" SELECT order_id, id, 'Forged.' FROM {LAST_EVENT}"
)
ATTEMPTS = {
    "an internal note is never changed or deleted": {
        "change a note": "UPDATE cancellations_internalnote SET text = 'Never said.'",
        "give a note to another event": "UPDATE cancellations_internalnote SET event_id = 1",
        "delete a note": "DELETE FROM cancellations_internalnote",
    },
    "comes without its event": {
        "a note of an event that had one": copied(InternalNote, text="'Forged.'"),
        "a note of an event of another type": ANOTHER_EVENT + OF_AN_EVENT,
    },
}
"""By what the database says to them."""


@pytest.fixture
def written(canceled, agent):
    number = canceled.order_number
    write_note(order_number=number, text="As it was said.", request_id="note-1", by=agent)
    execute("SELECT 1")


@each(ATTEMPTS)
def test_raw_sql_cannot(written, told, sql):
    refuses(sql, told)
