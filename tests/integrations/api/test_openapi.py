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


def test_no_member_is_told_twice(client, db):
    def once(members):
        assert len(dict(members)) == len(members)
        return dict(members)

    json.loads(client.get("/api/v1/openapi.json").content, object_pairs_hook=once)


def test_what_headers_ask_for_is_told(told):
    def headers(path, method="post"):
        told_of = told["paths"][f"/api/v1{path}"][method]["parameters"]
        return {each["name"]: each["required"] for each in told_of if each["in"] == "header"}

    once = {"Idempotency-Key": True, "If-Match": False}
    assert headers("/orders/{number}/cancellations") == once
    assert headers("/orders/{number}/settlements") == once
    assert headers("/change-orders/{number}/undo") == once
    assert headers("/orders/{number}", "get") == {"If-None-Match": False}


def test_what_address_and_header_name_may_be_left_out_of_a_body(told):
    schemas = told["components"]["schemas"]
    for name in ("CancelItemsDocument", "CancelAllDocument"):
        assert schemas[name]["required"] == ["items"]
        assert "agreed" in schemas[name]["properties"]
    assert schemas["SettlementDocument"]["required"] == []
    assert schemas["FulfillmentDocument"]["required"] == []


def test_what_is_answered_is_told(told):
    for operations in told["paths"].values():
        for operation in operations.values():
            assert "405" not in operation["responses"]
            done = [code for code in operation["responses"] if code < "300"]
            for answer in (operation["responses"][code] for code in done if code != "204"):
                [content] = answer["content"].values()
                assert content["schema"] != {"type": "object"}
    deleted = told["paths"]["/api/v1/webhook-endpoints/{endpoint}"]["delete"]["responses"]
    assert min(deleted) == "204"


def test_headers_of_answers_are_told(told):
    def headers(path, method, status):
        answer = told["paths"][f"/api/v1{path}"][method]["responses"][status]
        return {name: each["required"] for name, each in answer["headers"].items()}

    done = "/orders/{number}/cancellations"
    assert headers(done, "post", "201") == {"Location": True}
    assert headers(done, "post", "200") == {"Location": True, "Idempotent-Replayed": True}
    assert headers("/orders/{number}", "get", "200") == {"ETag": True}
    assert headers("/change-orders/{number}", "get", "304") == {"ETag": True}
    assert headers("/webhook-endpoints", "post", "201") == {"Location": True}
    for path in ("orders", "change-orders", "refunds", "process-exceptions", "webhook-endpoints"):
        assert headers(f"/{path}", "get", "200") == {"Link": False}
    for operations in told["paths"].values():
        for operation in operations.values():
            again = operation["responses"]["503"]["headers"]
            assert again == operation["responses"]["429"]["headers"]
            assert list(again) == ["Retry-After"]
            assert list(operation["responses"]["401"]["headers"]) == ["WWW-Authenticate"]
