"""Icons of Lucide, each drawn once: the library draws anew wherever one is shown."""

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide as drawn

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=1_000)
def lucide(name: str, *, size: int = 24, **attributes: str) -> SafeString:
    """``{% lucide "search" size=16 aria_hidden="true" %}``"""
    return SafeString(drawn(name, size=size, **attributes))
