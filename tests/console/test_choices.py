"""What is said of an answer that no choice has."""

import pytest
from pytest_django.asserts import assertContains

pytestmark = pytest.mark.django_db


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
