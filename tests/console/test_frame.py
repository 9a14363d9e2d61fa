"""What stands around every page of the console."""

import re

import pytest
from django.contrib.auth.models import Permission

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


MENU_LINK = re.compile(r"<svg.*?</svg>\s*([^<]+)</a>", re.DOTALL)
EVERYONES = [
    "Profile",
    "API",
    "Password",
    "Second factors",
    "Sessions",
    "Keyboard shortcuts",
]


@pytest.mark.parametrize(
    ("right", "entry"),
    [
        ("cancellations.erase_customers", "Personal data"),
        ("integrations.manage_webhooks", "Webhooks"),
        ("console.view_auditentry", "Audit"),
        ("axes.delete_accessattempt", "Held sign-ins"),
        ("auth.change_user", "Lost second factors"),
    ],
)
def test_the_menu_leads_to_what_its_user_may_do(client, viewer, right, entry):
    def menu():
        client.force_login(viewer)
        page = client.get("/order-summaries/").text
        return MENU_LINK.findall(page.partition('id="user-menu"')[2].partition("<form")[0])

    assert menu() == EVERYONES
    app, codename = right.split(".")
    viewer.user_permissions.add(
        Permission.objects.get(content_type__app_label=app, codename=codename)
    )

    assert sorted(menu()) == sorted([*EVERYONES, entry])
