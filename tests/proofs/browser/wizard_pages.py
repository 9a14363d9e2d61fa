"""The way into a wizard as agents take it, and the step they are at."""

import pytest

BOTH_WAYS = pytest.mark.parametrize(
    "javascript", ["with JavaScript", "without JavaScript"], indirect=True
)
"""For whole ways that are gone without JavaScript in the small form, too."""


def choose(page, kind):
    page.goto("/order-summaries/")
    page.get_by_role("link", name="W-1").click()
    actions = page.get_by_role("region", name="Actions & Recommendations")
    actions.get_by_role("link", name=kind).click()


def step(page):
    return page.locator("[aria-current=step]").inner_text().strip()
