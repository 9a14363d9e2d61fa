"""The types of events as the outside knows them, and who may see which."""

from collections.abc import Collection, Mapping

from django.contrib.auth.models import AnonymousUser, User

from integrations.models.endpoints import RIGHT_TO_MANAGE, Endpoint

ENDPOINT_DISABLED = "endpoint.disabled"
TEST = "endpoint.test"
"""Of a delivery that tests an endpoint: no event of the feed."""

_SEEN_WITH: Mapping[str, tuple[str, ...]] = {
    "orders.view_ordersummary": (
        "order.imported",
        "order.amended",
        "order.fulfillment_recorded",
    ),
    "cancellations.view_changeorder": ("change_order.created", "change_order.undone"),
    "cancellations.view_refund": (
        "refund.succeeded",
        "refund.failed",
        "refund.unknown",
        "refund.needs_person",
        "refund.withdrawn",
    ),
    "cancellations.view_release": (
        "release.succeeded",
        "release.failed",
        "release.unknown",
        "release.needs_person",
        "release.withdrawn",
    ),
    "cancellations.view_processexception": ("exception.opened", "exception.resolved"),
    RIGHT_TO_MANAGE: (ENDPOINT_DISABLED,),
}

TYPES = tuple(type for types in _SEEN_WITH.values() for type in types)
"""All of them. A worker's claim writes no event, for the claim is no truth about money: that a
refund is *processing* is asked of the refund itself, and ``refund.processing`` is never told.
"""


def visible_types(user: User | AnonymousUser) -> Collection[str]:
    """Those of what a user may look at on pages, too."""
    return [type for right, types in _SEEN_WITH.items() if user.has_perm(right) for type in types]


def told_to(endpoint: Endpoint) -> Collection[str]:
    """Those of which an endpoint is told as things stand: what its keeper may see of what it asks.

    Who keeps it may see less than when they asked, or no more than nothing: who may not sign in
    sees nothing.
    """
    seen = visible_types(endpoint.kept_by)
    return [type for type in seen if not endpoint.types or type in endpoint.types]
