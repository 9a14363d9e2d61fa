"""What is said of an answer that no choice has."""

import pytest
from django.contrib.auth.models import Group
from pytest_django.asserts import assertContains

from cancellations.models import BundlePolicy
from tests.support.builders import UserFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.mark.parametrize(
    "page",
    [
        "order-summaries/?status=x",
        "change-orders/?kind=x",
        "refunds/?gateway=x",
        "process-exceptions/?age=x",
    ],
)
def test_no_choice_of_a_list_is_refused_in_our_words(client, agent, page):
    client.force_login(agent)

    response = client.get(f"/{page}")

    assertContains(response, "Choose one from the list.", status_code=400)
    assert "Select a valid choice" not in response.text


@pytest.mark.parametrize(
    ("page", "answers"),
    [
        (lambda: f"auth/group/{Group.objects.first().pk}/change/", {"permissions": ["x"]}),
        (lambda: f"auth/user/{UserFactory().pk}/change/", {"groups": ["999999"]}),
        (lambda: f"cancellations/bundlepolicy/{BundlePolicy.objects.first().pk}/change/",
         {"rule": "x"}),
    ],
)  # fmt: skip
def test_no_choice_of_the_admin_is_refused_in_our_words(client, page, answers):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    response = client.post(f"/admin/{page()}", answers)

    assertContains(response, "Choose one from the list.")
    for django_says in ("Select a valid choice", "is not a valid value"):
        assert django_says not in response.text
