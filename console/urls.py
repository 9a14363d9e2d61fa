from django.urls import path, register_converter

import orders.addresses  # noqa: F401 -- registers how numbers stand in addresses
from cancellations.models.numbers import SPELLING, number_of, pk_of
from console import views


class ChangeOrderNumberConverter:
    """A change order's number, such as CO-00000012; its primary key on the inside."""

    regex = SPELLING
    to_python = staticmethod(pk_of)
    to_url = staticmethod(number_of)


register_converter(ChangeOrderNumberConverter, "change_order_number")

app_name = "console"
urlpatterns = [
    path("order-summaries/", views.order_list, name="order_list"),
    path("order-summaries/<order_number:order_number>/", views.order_record, name="order_record"),
    path("accounts/", views.account_list, name="account_list"),
    path("accounts/<account_number:number>/", views.account_record, name="account_record"),
    path("change-orders/", views.change_order_list, name="change_order_list"),
    path(
        "change-orders/<change_order_number:pk>/",
        views.change_order_record,
        name="change_order_record",
    ),
    path("refunds/", views.refund_list, name="refund_list"),
]
