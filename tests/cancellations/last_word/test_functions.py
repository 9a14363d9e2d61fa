"""Where the functions of the guards look for what they name, whatever stands in the way."""

import pytest
from django.db import connection

from cancellations.models import Refund
from tests.cancellations.last_word.sql import A_REFUND_OVER_P2, execute, refuses

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.postgresql]

SETTINGS = ["search_path=pg_catalog, public, pg_temp", "enable_seqscan=off"]
OF_THE_PLANNER = {"enable_hashjoin=off", "enable_mergejoin=off", "jit=off"}
"""What some have beside them: how rows are found, not which."""


def test_every_function_looks_in_pg_temp_last():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace AND prosqlbody IS NULL"
            " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')"
        )
        settings = dict(cursor.fetchall())

    assert len(settings) > 15
    assert {name: found for name, found in settings.items() if found[:2] != SETTINGS} == {}
    assert {setting for found in settings.values() for setting in found[2:]} <= OF_THE_PLANNER


TABLES_OF_ONES_OWN = (
    "CREATE TEMP TABLE orders_orderevent ON COMMIT DROP AS"
    " SELECT * FROM public.orders_orderevent; UPDATE pg_temp.orders_orderevent SET is_open = true;"
    " CREATE TEMP TABLE orders_paymentsummary ON COMMIT DROP AS"
    " SELECT * FROM public.orders_paymentsummary;"
    " UPDATE pg_temp.orders_paymentsummary SET reserved_minor = 900 WHERE key = 'P2';"
)
WALK_AROUND = TABLES_OF_ONES_OWN + A_REFUND_OVER_P2.replace(
    "UPDATE orders_paymentsummary", "UPDATE public.orders_paymentsummary"
)


@pytest.mark.usefixtures("as_application")
def test_tables_of_the_same_name_do_not_lead_guards_astray(canceled):
    refuses(WALK_AROUND, "what the order and its payments come to|too late for it")


def test_they_would_if_guards_found_them_first(canceled):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER FUNCTION %s SET search_path = public', oid::regprocedure)"
            " FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        )
        cursor.execute(";".join(statement for (statement,) in cursor.fetchall()))

    execute(WALK_AROUND)

    assert Refund.objects.count() == 2


def test_functions_of_the_same_name_do_not_lead_guards_astray(canceled):
    """One that fits the columns better than the guard's own is not the one it calls."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION what_is_left(amount numeric, gone bigint, of numeric)"
            " RETURNS numeric LANGUAGE sql RETURN 0"
        )
        cursor.execute(f"SELECT net FROM what_lines_come_to({canceled.pk})")

        assert cursor.fetchall() == [(1200,)]


@pytest.mark.usefixtures("as_application")
def test_the_applications_role_may_make_no_functions():
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege('public', 'CREATE')")

        assert cursor.fetchall() == [(False,)]
