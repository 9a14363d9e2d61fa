from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation

from orders import formats
from orders.formats import escaped, exact_moment_text, moment_text, money_text
from tests.support.builders import currency


@pytest.mark.parametrize(
    ("amount", "code", "text"),
    [
        (10395, "USD", "$103.95"),
        (-420, "USD", "-$4.20"),
        (1200, "JPY", "¥1,200"),
        (0, "JPY", "¥0"),
        (58005, "KWD", "KWD\N{NO-BREAK SPACE}58.005"),
        (1234, "IQD", "IQD\N{NO-BREAK SPACE}1.234"),
        (100, "MGA", "MGA\N{NO-BREAK SPACE}1.00"),
        (10000, "CAD", "CA$100.00"),
        (-1, "KWD", "-KWD\N{NO-BREAK SPACE}0.001"),
        (10**17, "USD", "$1,000,000,000,000,000.00"),
    ],
)
def test_money_is_shown_with_its_currency_and_all_of_its_places(amount, code, text):
    assert money_text(amount, currency(code)) == text


def test_money_follows_the_viewers_language():
    with translation.override("de"):
        assert money_text(123456, currency("EUR")) == "1.234,56\N{NO-BREAK SPACE}€"


def test_moments_are_in_the_viewers_zone_with_the_exact_time_apart():
    moment = datetime(2026, 10, 3, 22, 15, 7, tzinfo=UTC)

    with timezone.override("Europe/Berlin"):
        assert moment_text(moment) == "Oct 4, 2026, 12:15\N{NO-BREAK SPACE}AM"
        assert "12:15:07" in exact_moment_text(moment)


def test_what_a_stranger_posts_by_the_megabyte_does_not_stay_in_memory():
    formats._escaped_text.cache_clear()

    assert escaped('"' * 100_000) == "&quot;" * 100_000
    assert formats._escaped_text.cache_info().currsize == 0
    assert escaped('"' * 300) == "&quot;" * 300
    assert formats._escaped_text.cache_info().currsize == 1
