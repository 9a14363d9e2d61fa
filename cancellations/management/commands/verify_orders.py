from typing import Any

from django.core.management.base import BaseCommand

from cancellations.history import orders_with_history
from cancellations.verification import differences


class Command(BaseCommand):
    help = "Recompute every order summary from its original lines and change orders."

    def handle(self, *args: Any, **options: Any) -> None:
        orders = found = 0
        for order in orders_with_history():
            orders += 1
            for difference in differences(order):
                found += 1
                self.stdout.write(f"order {order.order_number}, {difference}")
        self.stdout.write(f"{orders} orders verified, {found} differences")
        if found:
            raise SystemExit(1)
