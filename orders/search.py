"""What a search for orders or accounts finds, the same wherever people look for them."""

from django.db.models import Q

from orders.models import Account


def order_holds(q: str) -> Q:
    """Orders whose number, customer or e-mail holds ``q``; no OR goes across the join."""
    accounts = Account.objects.filter(
        Q(name__icontains=q) | Q(email__icontains=q) | Q(number__iexact=q)
    )
    return Q(order_number__icontains=q) | Q(account__in=accounts.values("pk"))


def account_holds(q: str) -> Q:
    """Accounts whose number, name or e-mail holds ``q``."""
    return Q(number__icontains=q) | Q(name__icontains=q) | Q(email__icontains=q)
