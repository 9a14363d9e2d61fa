from django import template
from structlog.contextvars import get_contextvars

register = template.Library()


@register.simple_tag
def request_id() -> str:
    """By which the people who run the console find in their logs what happened."""
    return str(get_contextvars().get("request_id", ""))
