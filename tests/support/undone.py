"""Several trials on one state of the database, of which none leaves anything to the next."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    """Undo in the end what the block writes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
