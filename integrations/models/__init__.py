"""What machines outside are told, and how: events as they were published, and their deliveries."""

from integrations.models.deliveries import Delivery, DeliveryAttempt
from integrations.models.endpoints import RIGHT_TO_MANAGE, Endpoint
from integrations.models.published import Feed, PublishedEvent, Unpublished

__all__ = [
    "RIGHT_TO_MANAGE",
    "Delivery",
    "DeliveryAttempt",
    "Endpoint",
    "Feed",
    "PublishedEvent",
    "Unpublished",
]
