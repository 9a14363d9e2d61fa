"""The admin wears the console's look, and leads back to it."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from pytest_django.asserts import assertContains, assertNotContains

from tests.support.builders import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def staff_client(client):
    client.force_login(UserFactory(manager=True, is_staff=True))
    return client


@pytest.mark.parametrize("page", ["/admin/", "/admin/orders/ordersummary/"])
def test_every_page_leads_back_to_the_console_and_wears_its_look(staff_client, page):
    response = staff_client.get(page)

    assertContains(response, '<a href="/">Back to the console</a>', html=True)
    assertContains(response, "administration/look.css")
    assertNotContains(response, "View site")
    assertNotContains(response, "style=")


def test_none_of_djangos_colours_is_left():
    ours = Path(finders.find("administration/look.css")).read_text()
    djangos = Path(finders.find("admin/css/base.css")).read_text().partition("color-scheme")[0]
    variables = {line.split(":")[0].strip() for line in djangos.splitlines() if "  --" in line}

    assert {name for name in variables if f"{name}:" not in ours} == {"--font-family-monospace"}
