"""What is told of the API holds together: every reference leads somewhere, money is text."""

import json
import re

import pytest

from integrations.api.calls import described


@pytest.fixture(scope="module")
def told():
    return described()


def test_it_is_published_without_a_token(client, db, told):
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == json.loads(json.dumps(told))
    assert told["openapi"].startswith("3.1")


def test_every_reference_leads_somewhere(told):
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(told)))
    assert {"OrderDocument", "CancelItemsDocument", "Problem"} <= named
    assert named <= set(told["components"]["schemas"])


def test_money_and_times_are_text(told):
    item = told["components"]["schemas"]["ItemDocument"]["properties"]
    assert item["unit_price"]["type"] == "string"
    order = told["components"]["schemas"]["OrderDocument"]["properties"]
    assert order["ordered_at"] == {"type": "string", "format": "date-time", "title": "Ordered At"}


def test_problems_are_told_as_problems(told):
    for operations in told["paths"].values():
        for operation in operations.values():
            refused = operation["responses"]["422"]["content"]
            assert list(refused) == ["application/problem+json"]


def test_every_answer_is_told_once_and_no_other(told):
    answers = {
        (path, method): [status for status in operation["responses"] if status < "400"]
        for path, operations in told["paths"].items()
        for method, operation in operations.items()
    }
    assert answers["/api/v1/orders", "get"] == ["200"]
    assert answers["/api/v1/webhook-endpoints", "post"] == ["201"]
    assert answers["/api/v1/webhook-endpoints/{endpoint}", "delete"] == ["204"]
    assert all(answers.values())
