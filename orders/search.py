"""What a search finds, the same wherever people look for something.

Each word that was typed has to be somewhere in what is looked through, in any order and in
capital or small letters.
"""

import re
from collections.abc import Callable, Iterator
from functools import reduce
from operator import and_, or_
from unicodedata import normalize

from django.db import connection
from django.db.models import Q, QuerySet

from orders.models import Account, OrderItemSummary, OrderSummary, PaymentSummary, Product
from orders.texts import without_what_no_text_holds

MOST_WORDS = 32
"""Beyond so many a word narrows no more."""

_LONGER_THAN_ANY_TEXT = 300
"""Characters of a word: what is longer is in nothing that is looked through anyway."""


def order_holds(q: str, *, also: Callable[[str], QuerySet | None] = lambda word: None) -> Q:
    """Orders of which each word of ``q`` is in the number, customer, e-mail or a product's name,
    begins a SKU, or is a payment's reference.

    The customer is who ordered, by the name of that day, and the account by the name of today.
    Each table is asked by itself and the answers are united: no OR goes across a join.

    Args:
        also: Orders that a word finds elsewhere, as a query of their primary keys.
    """

    def found(word: str) -> Q:
        places = [*_places(word), also(word)]
        first, *others = (place.order_by() for place in places if place is not None)
        return Q(pk__in=first.union(*others))

    return every_word(q, found)


def order_numbered(q: str) -> OrderSummary | None:
    """The order whose whole number was typed, ``#`` before it or not."""
    typed = without_what_no_text_holds(normalize("NFC", q)).strip()
    found = OrderSummary.objects.filter(order_number__in={typed, typed.removeprefix("#")})
    return max(found, key=lambda order: len(order.order_number), default=None)


def _places(word: str) -> Iterator[QuerySet]:
    """Where a word can stand: each gives primary keys of orders."""
    orders = OrderSummary.objects.all()
    yield orders.filter(in_any(word, "order_number", "customer_name", "customer_email")).values(
        "pk"
    )
    accounts = Account.objects.filter(in_any(word, "number", "name", "email"))
    yield orders.filter(account__in=accounts.values("pk")).values("pk")
    lines = OrderItemSummary.objects.filter(type=OrderItemSummary.Type.PRODUCT)
    yield lines.filter(in_any(word, "name")).values("order")
    products = Product.objects.filter(sku__istartswith=word)
    yield lines.filter(product__in=products.values("pk")).values("order")
    yield PaymentSummary.objects.filter(gateway_reference=word).values("order")


def account_holds(q: str) -> Q:
    """Accounts whose number, name or e-mail hold ``q``."""
    return every_word(q, lambda word: in_any(word, "number", "name", "email"))


def every_word(q: str, found: Callable[[str], Q]) -> Q:
    """What is found by every word of ``q``; of a text without words, everything."""
    return reduce(and_, map(found, words_of(q)), Q())


def words_of(q: str) -> list[str]:
    """The words that were typed, in composed form; what leads a word as ``#1401`` is left out.

    >>> words_of(" #1401\\N{NO-BREAK SPACE} Boyle")
    ['1401', 'Boyle']
    """
    typed = (without_what_no_text_holds(word) for word in normalize("NFC", q).split())
    words = dict.fromkeys(word.removeprefix("#")[:_LONGER_THAN_ANY_TEXT] for word in typed)
    return list(filter(None, words))[:MOST_WORDS]


def in_any(word: str, *fields: str) -> Q:
    """Rows of which one of these fields holds the word, composed or decomposed."""
    forms = {normalize(form, word) for form in ("NFC", "NFD")}
    return reduce(or_, (_held(form, field) for field in fields for form in sorted(forms)))


def _held(text: str, field: str) -> Q:
    """SQLite's LIKE knows the capital letters of ASCII only; its REGEXP is Python's."""
    if connection.vendor == "sqlite" and not text.isascii():
        return Q((f"{field}__iregex", re.escape(text)))
    return Q((f"{field}__icontains", text))
