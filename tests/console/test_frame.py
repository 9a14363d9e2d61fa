"""What stands around every page of the console."""

import re

import pytest

from tests.support.builders import product

pytestmark = pytest.mark.django_db

NAVIGATION_LINK = re.compile(r'<a href="[^"]+"\s*(?:aria-current="(\w+)")?>([^<]+)</a>')


@pytest.mark.parametrize(
    ("page", "current"),
    [
        ("/order-summaries/", ("Order Summaries", "page")),
        ("/order-summaries/accounts/", ("Order Summaries", "true")),
        ("/accounts/", ("Accounts", "page")),
        ("/accounts/A-1001/", ("Accounts", "true")),
        ("/change-orders/", ("Change Orders", "page")),
        ("/refunds/", ("Refunds", "page")),
        ("/process-exceptions/", ("Exceptions", "page")),
    ],
)
def test_the_navigation_bar_marks_where_the_agent_is(agent_client, new_order, page, current):
    new_order([product("1")], "accounts")

    links = NAVIGATION_LINK.findall(agent_client.get(page).text.partition("</nav>")[0])

    assert [name for _, name in links] == [
        "Order Summaries",
        "Accounts",
        "Change Orders",
        "Refunds",
        "Exceptions",
    ]
    assert [(name, mark) for mark, name in links if mark] == [current]
