"""Where the API is asked over a real server: one token of every scope, some of everything."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Permission, User

from cancellations.acts.exceptions import facts_name
from cancellations.models import ProcessException, Refund
from cancellations.refunds.people import state_of
from integrations.api.tokens import make_token
from integrations.events.endpoints import create_endpoint, test_endpoint
from integrations.events.publishing import publish_all
from integrations.models import Scope
from orders.models import OrderSummary
from tests.support.builders import (
    UserFactory,
    cancel,
    carried_out,
    imported,
    payment,
    report,
    select,
    shirts,
)

RIGHTS = ("import_orders", "report_fulfillment")


@dataclass(frozen=True)
class Site:
    """An address at which the API answers, and the token that opens it.

    Attributes:
        known: What there is, by the name under which addresses and bodies ask for it.
    """

    url: str
    user: User
    token: str
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def new_site(url: str) -> Site:
    """With a token for every scope, of a manager who may import and report as well."""
    user = UserFactory(manager=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=RIGHTS))
    made = make_token(name="proof", user=user, scopes=set(Scope), by=user)
    return Site(url, user, made.text)


def fill(site: Site) -> None:
    """Orders, one owed too much, cancellations, a refund that failed, an exception, an endpoint."""
    first = imported(shirts(order_number="W-1"))
    second = imported(shirts(order_number="W-2"))
    imported(shirts(order_number="W-4", payments=[payment("900.00")]))
    made, failed, _other = (
        cancel(order, select("1"), by=site.user) for order in (first, second, second)
    )
    refund = carried_out(Refund.objects.get(change_order=failed), "refused")
    report(second, {"key": "1", "quantity_allocated": 1})  # of what is canceled
    endpoint, _secret = create_endpoint(address="https://shop.example/hooks", by=site.user)
    delivery = test_endpoint(endpoint=endpoint.pk, by=site.user)
    publish_all()
    exception = ProcessException.objects.filter(refund=None).first()
    site.known.update(
        orders=[each.order_number for each in OrderSummary.objects.all()],
        change_orders=[made.number],
        refunds=[str(refund.pk)],
        process_exceptions=[str(exception.pk)],
        webhook_endpoints=[str(endpoint.pk)],
        delivery=delivery.pk,
        seen={"refunds": state_of(refund), "process_exceptions": facts_name(exception)},
    )
