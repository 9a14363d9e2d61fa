"""Every address that the console answers, with the least that one has to be to use it."""

import re
from collections.abc import Iterator

from django.urls import get_resolver

ANYONE, SIGNED_IN, VIEWER, AGENT, MANAGER, STAFF = range(6)

RULES = (
    (r"healthz|readyz|metrics", ANYONE),
    (r"gateways/[^/]+/webhook/", ANYONE),  # signed notices, or a 4xx
    (r"api/v1(/.*)?", ANYONE),  # who shows a token, or a 4xx
    (r"api/", SIGNED_IN),
    (r"webhooks/(.+/)?", MANAGER),
    (r"sign-in/(.+/)?|sign-out/|password-reset/(.+/)?", ANYONE),
    (r"admin/(login|logout)/", ANYONE),
    (r"admin/.*", STAFF),
    (r"held-sign-ins/|lost-second-factors/(.+/)?|audit/(export/)?|personal-data/", MANAGER),
    (r"accounts/[^/]+/erase/", MANAGER),
    (r"order-summaries/[^/]+/(refund-owed|nothing-more|erase)/", MANAGER),
    (r"order-summaries/[^/]+/cancel-(items|all)/([^/]+/[^/]+/)?", AGENT),
    (r"change-orders/[^/]+/undo/", AGENT),
    (r"order-summaries/([^/]+/((feed|related|live/[^/]+)/)?)?", VIEWER),
    (r"(views/[^/]+/|exports/(order-summaries|change-orders)/)(.+/)?", VIEWER),
    (
        r"(accounts|change-orders|refunds|process-exceptions|approvals)/([^/]+/)?|releases/[^/]+/",
        VIEWER,
    ),
    (r"my-account/((password|sessions)/|second-factors/(.+/)?)?|keyboard-shortcuts/", SIGNED_IN),
    (r"", SIGNED_IN),
)
"""The first that fits the whole address counts; an address that none fits is a finding."""

SAMPLES = {
    "order_number": "W-1",
    "number": "A-1001",
    "run": "6f1c1f52-4a3e-4d87-9d2e-000000000001",
    "step": "select",
    "looks": "1",
    "view": "1",
    "listed": "order-summaries",
    "gateway": "stripe",
    "endpoint": "1",
    "rest": "nothing",
    "provider_id": "none",
    "app_label": "auth",
    "object_id": "1",
    "content_type_id": "1",
    "url": "nowhere/",
    "uidb36": "1",
    "uidb64": "MQ",
    "key": "set-password",
    "token": "set-password",
    "id": "1",
}
_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
_GROUP = re.compile(r"\(\?P<(\w+)>[^()]*\)")


def addresses(samples: dict[str, str]) -> list[str]:
    """One of each pattern in the resolver, filled with what is there."""
    return sorted({f"/{path}" for path in _walked(get_resolver(), "", SAMPLES | samples)})


def least_for(address: str) -> int | None:
    return next((least for rule, least in RULES if re.fullmatch(rule, address[1:])), None)


def _walked(resolver, before, samples) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _walked(pattern, path, samples)
        else:
            yield _filled(path, samples)


def _filled(path, samples):
    path = path.replace("^", "").replace("$", "").replace("\\Z", "")
    named = samples | {"pk": samples["change_order"] if "change-orders" in path else "1"}
    return _PLACE.sub(lambda g: named[g[1]], _GROUP.sub(lambda g: named[g[1]], path))
