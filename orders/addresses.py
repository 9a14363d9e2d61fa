"""How numbers of orders and accounts stand in addresses (contract.md §1)."""

from django.urls import register_converter

from orders.documents.fields import NUMBER


class NumberConverter:
    """The number of an order or account; anything else is not found."""

    regex = NUMBER

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "order_number")
register_converter(NumberConverter, "account_number")
