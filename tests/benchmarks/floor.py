"""The signed floor: the least a Django view must do to cancel items, behind the same doors.

It signs in as the console does (session, CSRF, user, rights), locks the order, reads its lines,
and writes lines, a change order with its items, a refund and the totals from arrays, in one
transaction. It judges nothing beyond quantities and no trigger looks at its tables, which are
copies (``floor.sql``). What the console takes is told in multiples of it (``submits.py``).
"""

from django.contrib.auth.decorators import permission_required
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.views.decorators.http import require_POST

from cancellations.models import RIGHT_TO_CANCEL


@require_POST
@permission_required(RIGHT_TO_CANCEL, raise_exception=True)
def cancel(request: HttpRequest, order_number: str) -> HttpResponse:
    """Cancel one unit of each line of the order."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM floor.orders WHERE order_number = %s FOR UPDATE", [order_number]
        )
        [order] = cursor.fetchone()
        cursor.execute(
            "SELECT id, quantity_ordered - quantity_canceled - quantity_allocated,"
            " line_amount_minor / quantity_ordered FROM floor.lines WHERE order_id = %s",
            [order],
        )
        lines = [(line, minor) for line, available, minor in cursor.fetchall() if available]
        keys, amounts = [line for line, _ in lines], [minor for _, minor in lines]
        total = sum(amounts)
        cursor.execute(
            "UPDATE floor.lines AS line SET quantity_canceled = line.quantity_canceled + 1"
            " FROM unnest(%s::bigint[]) AS given (id) WHERE line.id = given.id",
            [keys],
        )
        cursor.execute(
            "INSERT INTO floor.change_orders (order_id, request_id, created_by, minor)"
            " VALUES (%s, %s, %s, %s) RETURNING id",
            [order, request.POST["run"], request.user.pk, total],
        )
        [change_order] = cursor.fetchone()
        cursor.execute(
            "INSERT INTO floor.items (change_order_id, line_id, quantity, minor)"
            " SELECT %s, given.id, 1, given.minor"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS given (id, minor)",
            [change_order, keys, amounts],
        )
        cursor.execute(
            "INSERT INTO floor.refunds (change_order_id, payment_id, minor)"
            " SELECT %s, id, %s FROM floor.payments WHERE order_id = %s LIMIT 1",
            [change_order, total, order],
        )
        cursor.execute(
            "UPDATE floor.payments SET reserved_minor = reserved_minor + %s WHERE order_id = %s",
            [total, order],
        )
        cursor.execute(
            "UPDATE floor.orders SET grand_total_minor = grand_total_minor - %s,"
            " product_minor = product_minor - %s WHERE id = %s",
            [total, total, order],
        )
    return JsonResponse({"change_order": change_order})


urlpatterns = [
    path("floor/<str:order_number>/", cancel),
    path("", include("config.urls")),
]
