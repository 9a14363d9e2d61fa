"""What something sends to the database: the one counter of statements."""

import re
from contextlib import contextmanager

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

FRAMING = re.compile(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET)\b")
"""How statements begin that only frame transactions; they are not counted."""


@contextmanager
def counted_statements(expected=None):
    """Gives a list that holds a block's statements once it has ended; so many if expected.

    Content types, which a process reads once and remembers, are read before.
    """
    ContentType.objects.get_for_models(*apps.get_models())
    counted = []
    with CaptureQueriesContext(connection) as captured:
        yield counted
    statements = (query["sql"] for query in captured.captured_queries)
    counted += [sql for sql in statements if not FRAMING.match(sql)]
    if expected is not None:
        assert len(counted) == expected, "\n".join(sql[:200] for sql in counted)


def statements(act):
    """The statements that ``act`` sends; a response has to be one that worked."""
    with counted_statements() as counted:
        response = act()
    assert getattr(response, "status_code", 200) in {200, 302}
    return counted
