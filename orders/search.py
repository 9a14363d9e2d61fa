"""What a search finds, the same wherever people look for something.

Each word that was typed has to be somewhere in what is looked through, in any order and in
capital or small letters.
"""

import re
from collections.abc import Callable, Iterator
from functools import reduce
from itertools import product
from operator import and_, or_
from typing import TypeAlias
from unicodedata import normalize

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from orders.models import Account, OrderItemSummary, OrderSummary, PaymentSummary, Product
from orders.planning import all_of, written
from orders.texts import without_what_no_text_holds

MOST_WORDS = 32
"""Beyond so many a word narrows no more."""

_LONGER_THAN_ANY_TEXT = 300
"""Characters of a word: what is longer is in nothing that is looked through anyway."""

_OF_ACCOUNT = "number", "name", "email"
_MOST_IN_PLACES, _MOST_LED_TO = 2, 4
_TRIGRAM = 3
"""Letters by which the indexes of ``migrations/search.sql`` go."""

Also: TypeAlias = "Callable[[str], QuerySet | None]"
"""Orders that a word finds elsewhere, as a query of their primary keys; None: nowhere."""


def nothing_else(word: str) -> None:
    """Orders are found here alone."""


def order_holds(q: str, *, also: Also = nothing_else) -> Q:
    """Orders of which each word of ``q`` is in the number, customer, e-mail or a product's name,
    begins a SKU, or is a payment's reference.

    The customer is who ordered, by the name of that day, and the account by the name of today.
    Each table is asked by itself and the answers are united: no OR goes across a join.
    """

    def found(word: str) -> Q:
        own, of_account = (
            OrderSummary.objects.filter(place).order_by().values("pk")
            for place in (_in_order(word), _in_account(word))
        )
        return Q(pk__in=own.union(of_account, *_elsewhere(word, also)))

    return every_word(q, found)


def order_places(q: str, *, also: Also = nothing_else) -> tuple[RawSQL, ...]:
    """The same as places of which one has to hold: to be asked one by one, where that is sooner.

    Two words are in any two of the places, or both in one. Of three or four the two longest are
    looked for like that, and the others in what these lead to; more make one place. None of a text
    without words, nor on SQLite, which takes no limits in what it unites.
    """
    words = words_of(q)
    if not words or connection.vendor != "postgresql":
        return ()
    if len(words) > _MOST_LED_TO:
        return (written(OrderSummary, order_holds(q, also=also)),)

    def found(word: str) -> list[RawSQL]:
        elsewhere = (Q(pk__in=each) for each in _elsewhere(word, also))
        places = (_in_account(word), _in_order(word), *elsewhere)
        return [written(OrderSummary, place) for place in places]

    longest = sorted(words, key=len, reverse=True)
    leading, others = longest[:_MOST_IN_PLACES], longest[_MOST_IN_PLACES:]
    held = [written(OrderSummary, _anywhere_in_order(word, also)) for word in others]
    return tuple(all_of((*pair, *held)) for pair in product(*map(found, leading)))


def customer_places(q: str) -> tuple[Q, ...]:
    """Orders whose customer or account is called so, as such places, on every database.

    One word or two as in :func:`order_places`; of more, each has to be found, and there is one
    place.
    """

    def found(word: str) -> tuple[Q, Q]:
        return _in_account(word), in_any(word, "customer_name", "customer_email")

    words = words_of(q)
    if 1 <= len(words) <= _MOST_IN_PLACES:
        return tuple(reduce(and_, each) for each in product(*map(found, words)))
    orders = OrderSummary.objects.order_by().values("pk")

    def either(word: str) -> Q:
        of_account, own = (orders.filter(place) for place in found(word))
        return Q(pk__in=own.union(of_account))

    return (every_word(q, either),)


def order_numbered(q: str) -> OrderSummary | None:
    """The order whose whole number was typed, ``#`` before it or not."""
    typed = without_what_no_text_holds(normalize("NFC", q)).strip()
    found = OrderSummary.objects.filter(order_number__in={typed, typed.removeprefix("#")})
    return max(found, key=lambda order: len(order.order_number), default=None)


def _anywhere_in_order(word: str, also: Also) -> Q:
    """An order that holds the word anywhere, asked of one order at a time."""
    own = {"order": OuterRef("pk")}
    lines = OrderItemSummary.objects.filter(type=OrderItemSummary.Type.PRODUCT, **own).order_by()
    products = Product.objects.filter(sku__istartswith=word).order_by().values("pk")
    payments = PaymentSummary.objects.filter(gateway_reference=word, **own).order_by()
    account = Account.objects.filter(in_any(word, *_OF_ACCOUNT), pk=OuterRef("account"))
    found = reduce(
        or_,
        (
            _in_order(word),
            Q(Exists(account.order_by())),
            Q(Exists(lines.filter(in_any(word, "name")))),
            Q(Exists(lines.filter(product__in=products))),
            Q(Exists(payments)),
        ),
    )
    others = also(word)
    return found if others is None else found | Q(pk__in=others.order_by())


def _in_order(word: str) -> Q:
    return in_any(word, "order_number", "customer_name", "customer_email")


def _in_account(word: str) -> Q:
    accounts = Account.objects.filter(in_any(word, *_OF_ACCOUNT)).order_by()
    return Q(account__in=accounts.values("pk"))


def _elsewhere(word: str, also: Also) -> Iterator[QuerySet]:
    """Where else a word can stand: each gives primary keys of orders."""
    lines = OrderItemSummary.objects.filter(type=OrderItemSummary.Type.PRODUCT).order_by()
    yield lines.filter(in_any(word, "name")).values("order")
    products = Product.objects.filter(sku__istartswith=word).order_by()
    yield lines.filter(product__in=products.values("pk")).values("order")
    payments = PaymentSummary.objects.filter(gateway_reference=word).order_by()
    yield payments.values("order")
    if (found := also(word)) is not None:
        yield found.order_by()


def account_holds(q: str) -> Q:
    """Accounts whose number, name or e-mail hold ``q``."""
    return every_word(q, lambda word: in_any(word, *_OF_ACCOUNT))


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
    """Rows of which one of these fields holds the word, composed or decomposed.

    One of fewer than three letters has to begin a word there: no index knows what holds it.
    """
    forms = {normalize(form, word) for form in ("NFC", "NFD")}
    held = _begun if len(word) < _TRIGRAM and word.isascii() else _held
    return reduce(or_, (held(form, field) for field in fields for form in sorted(forms)))


def _begun(text: str, field: str) -> Q:
    """A number may begin with the sign that leads a word, and is left out there."""
    found = Q((f"{field}__istartswith", text)) | Q((f"{field}__icontains", f" {text}"))
    if field.endswith("number"):
        found |= Q((f"{field}__istartswith", f"#{text}"))
    return found


def _held(text: str, field: str) -> Q:
    """SQLite's LIKE knows the capital letters of ASCII only; its REGEXP is Python's."""
    if connection.vendor == "sqlite" and not text.isascii():
        return Q((f"{field}__iregex", re.escape(text)))
    return Q((f"{field}__icontains", text))
