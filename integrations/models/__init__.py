"""Machines outside: by what they prove who they are, what they are told, and how."""

from integrations.models.deliveries import Delivery, DeliveryAttempt
from integrations.models.endpoints import RIGHT_TO_MANAGE, Endpoint
from integrations.models.published import Feed, PublishedEvent, Unpublished
from integrations.models.tokens import RIGHT_TO_IMPORT, RIGHT_TO_REPORT, ApiToken, Scope

__all__ = [
    "RIGHT_TO_IMPORT",
    "RIGHT_TO_MANAGE",
    "RIGHT_TO_REPORT",
    "ApiToken",
    "Delivery",
    "DeliveryAttempt",
    "Endpoint",
    "Feed",
    "PublishedEvent",
    "Scope",
    "Unpublished",
]
