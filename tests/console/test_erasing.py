"""The pages that erase a customer, and the one that says where personal data stands."""

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import models
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from cancellations.acts.erase_customer import ERASED_BODY
from console.personal_data import FREE, OF_PEOPLE_HERE, places
from orders.models import Account, OrderSummary
from tests.support.builders import imported

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]

PAGE = "/accounts/A-7/erase/"


@pytest.fixture
def order():
    return imported(account={"number": "A-7", "name": "Rosalind", "email": "r@example.com"})


@pytest.fixture
def manages(client, manager):
    client.force_login(manager)
    return client


def test_what_would_go_is_shown_and_goes_when_asked_for(manages, order):
    shown = manages.get(PAGE)
    assertContains(shown, "This is about 1 order.")
    assertContains(shown, '<td class="num">1</td>', html=True)
    assert OrderSummary.objects.get().customer_name == "Rosalind"

    done = manages.post(PAGE, follow=True)

    assertRedirects(done, "/accounts/A-7/")
    assertContains(done, "texts were erased.")
    assertNotContains(done, "Rosalind")
    assert (Account.objects.get().name, OrderSummary.objects.get().customer_name) == (
        "erased",
        "erased",
    )
    assertContains(manages.post(PAGE, follow=True), "There was nothing left to erase.")
    assertContains(manages.get(PAGE), "There is nothing left to erase.")
    assertContains(
        manages.get(f"/order-summaries/{order.order_number}/feed/"),
        "names, addresses and notes were erased",
    )


def test_a_guest_is_erased_from_their_order(manages):
    order = imported(account={"name": "Rosalind", "email": "r@example.com"})
    address = f"/order-summaries/{order.order_number}/"
    assertContains(manages.get(address), f'href="{address}erase/"')

    assertContains(manages.get(f"{address}erase/"), "This is about 1 order.")
    assertRedirects(manages.post(f"{address}erase/"), address)

    assertNotContains(manages.get(address), "Rosalind")


def test_only_who_may_is_offered_it(client, agent, order):
    client.force_login(agent)

    assertNotContains(client.get("/accounts/A-7/"), "erase")
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE).status_code == 403
    assert OrderSummary.objects.get().customer_name == "Rosalind"


def test_the_page_names_every_field_that_holds_personal_data(manages):
    page = manages.get("/personal-data/")

    for place in places():
        assertContains(page, place.field)
    assertContains(page, "orders_ordersummary.customer_email")


def test_every_text_of_the_consoles_models_is_judged():
    texts = {
        (model, field.name)
        for model in [*apps.get_app_config("console").get_models(), User]
        for field in model._meta.concrete_fields
        if isinstance(
            field,
            models.CharField | models.TextField | models.JSONField | models.GenericIPAddressField,
        )
    }
    judged = {
        (model, name)
        for registry in (FREE, OF_PEOPLE_HERE)
        for model, names in registry.items()
        for name in names
    }

    assert texts <= judged
    assert ERASED_BODY == {"erased": True}
