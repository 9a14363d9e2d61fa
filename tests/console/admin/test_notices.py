"""The admin shows what customers are told."""

import pytest
from pytest_django.asserts import assertContains

from cancellations.models import CustomerNotice
from tests.support.builders import cancel, imported, item, select

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LIST = "/admin/cancellations/customernotice/"


@pytest.fixture
def notice(boss, settings):
    settings.CUSTOMER_NOTICES = True
    account = {"number": "A-1", "name": "Ada <Lane>", "email": "ada@example.com"}
    order = imported(order_number="W-1", account=account, items=[item(name="A & B")])
    cancel(order, select(), by=boss)
    return CustomerNotice.objects.get()


def test_a_notice_is_listed_with_what_became_of_it(manage, notice):
    CustomerNotice.objects.update(status="failed", remark="451 Later")

    page = manage.get(LIST, {"q": "W-1"})

    for text in ("What was canceled", "Failed", "It was not sent: 451 Later", "W-1"):
        assertContains(page, text)


def test_its_page_previews_the_mail(manage, notice):
    page = manage.get(f"{LIST}{notice.pk}/change/")

    assertContains(page, "ada@example.com")
    assertContains(page, "Your order W-1: what was canceled")
    assertContains(page, "<pre>Hello Ada &lt;Lane&gt;,\n\nWe have canceled")
    assertContains(page, "<p>Hello <bdi>Ada &lt;Lane&gt;</bdi>,</p>")
    assertContains(page, "<li>1 × <bdi>A &amp; B</bdi></li>")
    assert "style=" not in page.text.partition("<pre>")[2].partition("submit-row")[0]


@pytest.mark.parametrize("path", ["add/", "{pk}/delete/"])
def test_nobody_changes_one(manage, notice, path):
    assert manage.get(f"{LIST}{path.format(pk=notice.pk)}").status_code == 403
