from datetime import datetime

from django import template
from django.utils.safestring import SafeString

from orders.arithmetic.money import Currency, Minor
from orders.formats import (
    clock_text,
    escaped,
    exact_moment_text,
    moment_text,
    money_text,
    number_text,
    unit_price_text,
)

register = template.Library()


@register.filter
def money(amount: Minor, currency: Currency) -> str:
    """``{{ order.grand_total_minor|money:order.currency }}``"""
    return money_text(amount, currency)


@register.filter
def number(count: int) -> str:
    """``{{ line.quantity|number }}``: a whole number with its thousands apart."""
    return number_text(count)


@register.filter
def unit_price(micros: int, currency: Currency) -> str:
    """``{{ line.unit_price_micros|unit_price:order.currency }}``"""
    return unit_price_text(micros, currency)


@register.filter
def moment(value: datetime) -> SafeString:
    """``{{ order.ordered_at|moment }}``: a time element, the exact time on hover."""
    return _time(value, moment_text(value))


@register.filter
def clock(value: datetime) -> SafeString:
    """``{{ change_order.held_until|clock }}``: the same for what is over soon, without its day."""
    return _time(value, clock_text(value))


def _time(value: datetime, text: str) -> SafeString:
    at, exactly = value.replace(microsecond=0).isoformat(), escaped(exact_moment_text(value))
    return SafeString(f'<time datetime="{at}" title="{exactly}">{escaped(text)}</time>')
