from django.urls import path, register_converter

from orders import views
from orders.validation import NUMBER


class NumberConverter:
    """The number of an order or account as contract.md §1 allows it; anything else is not found."""

    regex = NUMBER

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "order_number")
register_converter(NumberConverter, "account_number")

app_name = "orders"
urlpatterns = [
    path("order-summaries/", views.summary_list, name="summary_list"),
    path(
        "order-summaries/<order_number:order_number>/", views.summary_record, name="summary_record"
    ),
    path("accounts/", views.account_list, name="account_list"),
    path("accounts/<account_number:number>/", views.account_record, name="account_record"),
]
