from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cancellations.acts.erase_customer import (
    Customer,
    Erasure,
    UnknownCustomer,
    erase_customer,
    preview_erasure,
)
from cancellations.acts.requests import may_erase
from cancellations.seeds import SYSTEM_USER
from cancellations.selection import NotAllowed
from orders.locking import OrderBusy, OrderRefused


class Command(BaseCommand):
    help = (
        "Erase who a customer was: names, e-mails, addresses and notes of their orders. Says what"
        " it would erase; with --yes it erases it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("--account", default="", metavar="NUMBER")
        whom.add_argument("--guest", default="", metavar="EMAIL", help="who ordered without one")
        whom.add_argument("--order", default="", metavar="NUMBER", help="one order of a guest")
        parser.add_argument("--yes", action="store_true", help="erase; it cannot be undone")
        parser.add_argument("--as", dest="username", default=SYSTEM_USER, metavar="USERNAME")

    def handle(
        self,
        *args: Any,
        account: str,
        guest: str,
        order: str,
        yes: bool,
        username: str,
        **options: Any,
    ) -> None:
        customer = Customer(account=account, guest=guest, order=order)
        if not any(text.strip() for text in (account, guest, order)):
            raise CommandError("Name an account, a guest or an order.", returncode=2)
        user = _acting_user(username)
        try:
            found = erase_customer(customer=customer, by=user) if yes else preview_erasure(customer)
        except (UnknownCustomer, NotAllowed, OrderBusy, OrderRefused) as refusal:
            raise CommandError(str(refusal.message)) from None
        self._tell(found, "Erased" if yes else "Would be erased")

    def _tell(self, found: Erasure, done: str) -> None:
        for (model, name), count in sorted(found.texts.items()):
            self.stdout.write(f"{model}.{name}: {count}")
        texts = sum(found.texts.values())
        self.stdout.write(f"{done}: {texts} texts in {len(found.orders)} orders.")


def _acting_user(username: str) -> User:
    user = User.objects.filter(is_active=True, username=username.replace("\0", "")).first()
    if user is None or not may_erase(user):
        raise CommandError(f"There is no active user {username!a} who may erase customers.")
    return user
