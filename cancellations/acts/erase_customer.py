"""The act that erases who a customer was; what was bought, paid and canceled stays."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.dispatch import Signal

from cancellations.acts.requests import check_may_erase
from cancellations.models import CustomerNotice, ProcessException
from cancellations.personal_data import BODIES, GATEWAYS_WORDS, OF_AN_ACCOUNT, OF_AN_ORDER
from orders.arithmetic.words import gettext_noop
from orders.events import write_event_as_it_stands
from orders.locking import begun_again_when_interrupted, locked_order
from orders.models import Account, EventType, OrderSummary
from orders.texts import ERASED

ERASED_BODY = {ERASED: True}
"""What stands in place of what was sent to a gateway."""

account_erased = Signal()
"""Sent in the transaction that erases an account, with its ``number`` and ``by`` whom."""


class UnknownCustomer(Exception):
    """No order is of an account of this number, or of a guest of this address or number."""

    message = gettext_noop("There is no such customer.")


@dataclass(frozen=True, slots=True)
class Customer:
    """Whom to erase: an account by its number, or a guest by e-mail or by one order.

    A guest of the same e-mail is taken for the same person.
    """

    account: str = ""
    guest: str = ""
    order: str = ""

    @classmethod
    def of(cls, order: OrderSummary) -> "Customer":
        if order.account:
            return cls(account=order.account.number)
        if order.customer_email in ("", ERASED):
            return cls(order=order.order_number)
        return cls(guest=order.customer_email)

    def orders(self) -> QuerySet[OrderSummary]:
        orders = OrderSummary.objects.order_by("order_number")
        if self.account:
            return orders.filter(account__number=self.account)
        guests = orders.filter(account__isnull=True)
        if self.order:
            return guests.filter(order_number=self.order)
        return guests.filter(customer_email__iexact=self.guest).exclude(customer_email=ERASED)


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is, or would be, erased.

    Attributes:
        orders: Those that hold any of it, by number.
        texts: How many of each field, which goes by its model and name.
    """

    orders: tuple[str, ...] = ()
    texts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __add__(self, other: "Erasure") -> "Erasure":
        return Erasure((*self.orders, *other.orders), self.texts + other.texts)


def preview_erasure(customer: Customer) -> Erasure:
    """What :func:`erase_customer` would erase now; it is empty once it was done.

    Raises:
        UnknownCustomer: There is none.
    """
    numbers = _numbers(customer)
    found = Erasure()
    for number in numbers:
        found += _in_order(OrderSummary.objects.get(order_number=number))
    return found + Erasure(texts=_in_accounts(_accounts(customer)))


def erase_customer(*, customer: Customer, by: User) -> Erasure:
    """Erase a customer's names, addresses and notes, order by order; then the account's.

    Every order is a transaction of its own, in which it is erased whole: what was interrupted is
    done again. It moves no figure that a wizard's review was signed with, so that a wizard that is
    under way goes on; what its agent writes into it afterwards is not erased.

    Args:
        by: The acting user, who needs the right to erase customers.

    Returns:
        What was erased now; nothing, if it was before.

    Raises:
        NotAllowed: ``by`` may not.
        UnknownCustomer: There is none.
        OrderBusy, OrderRefused: As they say; orders before it are erased.
    """
    check_may_erase(by)
    left = _numbers(customer)
    seen: set[str] = set()
    done = Erasure()
    while left:
        for number in left:
            done += _erase_order(number, by)
        for account in _accounts(customer):
            done += _erase_account(account, by)
        seen.update(left)
        left = [number for number in _orders(customer) if number not in seen]
    return done


@begun_again_when_interrupted
def _erase_order(number: str, by: User) -> Erasure:
    with locked_order(number) as order:
        found = _in_order(order)
        if not found.texts:
            return found
        texts = sum(found.texts.values())
        write_event_as_it_stands(order, EventType.CUSTOMER_ERASED, by=by, facts={"texts": texts})
        for texts_of in OF_AN_ORDER:
            for name in texts_of.fields:
                kept = ("", ERASED, *texts_of.but)
                rows = texts_of.of([order.pk]).exclude(**{f"{name}__in": kept})
                rows.update(**{name: ERASED})
        for model, orders, names in BODIES:
            for name in names:
                _bodies(model, orders, name, order).update(**{name: ERASED_BODY})
        for exception in _with_gateways_words(order):
            exception.facts |= {GATEWAYS_WORDS[2]: ERASED}
            exception.save(update_fields=["facts"])
        _drop_what_waits(order)
        return found


def _erase_account(account: Account, by: User) -> Erasure:
    """The account itself, after its orders: a later order brings names of its own."""
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account.pk)
        found = _in_accounts([account])
        if found:
            for name in OF_AN_ACCOUNT:
                if getattr(account, name):
                    setattr(account, name, ERASED)
            account.save(update_fields=OF_AN_ACCOUNT)
            account_erased.send(Account, number=account.number, by=by)
        return Erasure(texts=found)


def _drop_what_waits(order: OrderSummary) -> None:
    """Nobody is written to any more; what is being sent now, is."""
    waiting = CustomerNotice.objects.filter(
        change_order__order=order, status=CustomerNotice.Status.WAITING
    )
    waiting.update(status=CustomerNotice.Status.DROPPED, due_at=None, lease=None)


def _in_order(order: OrderSummary) -> Erasure:
    texts: Counter[tuple[str, str]] = Counter()
    for texts_of in OF_AN_ORDER:
        for name in texts_of.fields:
            kept = ("", ERASED, *texts_of.but)
            count = texts_of.of([order.pk]).exclude(**{f"{name}__in": kept}).count()
            texts[texts_of.model._meta.label, name] += count
    for model, orders, names in BODIES:
        for name in names:
            texts[model._meta.label, name] += _bodies(model, orders, name, order).count()
    texts[GATEWAYS_WORDS[0]._meta.label, GATEWAYS_WORDS[1]] += len(_with_gateways_words(order))
    texts = +texts
    return Erasure((order.order_number,) if texts else (), texts)


def _in_accounts(accounts: Sequence[Account]) -> Counter[tuple[str, str]]:
    return +Counter(
        (Account._meta.label, name)
        for account in accounts
        for name in OF_AN_ACCOUNT
        if getattr(account, name) not in ("", ERASED)
    )


def _bodies(model: type[Model], orders: str, name: str, order: OrderSummary) -> QuerySet:
    rows: QuerySet = model._default_manager.filter(**{orders: order})
    return rows.exclude(Q(**{name: {}}) | Q(**{name: ERASED_BODY}))


def _with_gateways_words(order: OrderSummary) -> list[ProcessException]:
    key = GATEWAYS_WORDS[2]
    return [
        exception
        for exception in ProcessException.objects.filter(order=order)
        if isinstance(exception.facts, dict) and exception.facts.get(key, "") not in ("", ERASED)
    ]


def _accounts(customer: Customer) -> list[Account]:
    return list(Account.objects.filter(number=customer.account)) if customer.account else []


def _orders(customer: Customer) -> list[str]:
    return list(customer.orders().values_list("order_number", flat=True))


def _numbers(customer: Customer) -> list[str]:
    numbers = _orders(customer)
    if not numbers:
        raise UnknownCustomer
    return numbers
