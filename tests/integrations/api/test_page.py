"""The API for people: every call and document that ``openapi.json`` tells of, without a script."""

import pytest
from pytest_django.asserts import assertContains, assertRedirects

from integrations.api.calls import described
from integrations.api.problems import TITLES
from integrations.api.shown import reading
from tests.support.builders import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def shown(client):
    client.force_login(UserFactory())
    return client.get("/api/")


def test_every_call_is_shown_with_all_that_is_told_of_it(shown):
    calls = {(call.method, call.path): call for each in reading().chapters for call in each.calls}
    told = {
        (method.upper(), path): operation
        for path, operations in described()["paths"].items()
        for method, operation in operations.items()
    }

    assert calls.keys() == told.keys()
    for (method, path), operation in told.items():
        assertContains(shown, f"{method} {path}")
        call = calls[method, path]
        assertContains(shown, f'id="{call.id}"', count=1)
        assert call.says == operation["description"].replace("``", "")
        assert [*call.done, *call.refused] == sorted(operation["responses"])
        assert bool(call.bodies) == ("requestBody" in operation)
        assert call.answers or {"204", "304"} & {*call.done} or call.path.endswith(":batch")
        assert len(call.parameters) == len(operation.get("parameters", ()))


def test_every_document_is_shown_once_and_every_link_leads_there(shown):
    shapes = reading().shapes
    assert {"OrderDocument", "ItemDocument", "TaxDocument", "Problem"} <= {
        each.name for each in shapes
    }
    for shape in shapes:
        assertContains(shown, f'id="{shape.name}"', count=1)
    linked = {field.document for each in shapes for field in each.fields if field.document}
    for call in (call for each in reading().chapters for call in each.calls):
        linked |= {*call.bodies, *call.answers}
    assert linked <= {each.name for each in shapes}


def test_every_problem_is_shown(shown):
    for type in TITLES:
        assertContains(shown, f"<code>{type}</code>", count=1)


def test_fields_say_what_may_stand_there():
    fields = {
        (shape.name, field.name): field for shape in reading().shapes for field in shape.fields
    }
    assert fields["ItemDocument", "unit_price"].kind == "text, like 12.34"
    assert fields["ItemDocument", "quantity"].kind == "number, at least 1, at most 1000000"
    assert fields["ItemDocument", "type"].kind == "one of product, delivery_charge, fee"
    assert fields["ItemDocument", "taxes"].kind == "list of object"
    assert fields["OrderDocument", "ordered_at"].kind == "time"
    assert fields["ItemDocument", "bundle"].kind == "text, at most 64 characters or nothing"
    assert fields["ItemDocument", "quantity"].is_required
    assert fields["CancelItemsDocument", "agreed"].kind == "text or nothing"
    [key, *_rest] = next(
        call.parameters
        for chapter in reading().chapters
        for call in chapter.calls
        if call.id == "cancellations_cancel"
    )[-2:]
    assert (key.name, key.kind) == ("Idempotency-Key", "text, at most 200 characters")


def test_it_needs_no_script_and_no_style_of_its_own(shown):
    text = shown.text
    assert "<style" not in text
    assert " style=" not in text
    assert "<script>" not in text
    assert "'unsafe" not in shown.headers["Content-Security-Policy"]


def test_who_has_not_signed_in_is_asked_to(client):
    assertRedirects(client.get("/api/"), "/sign-in/?next=/api/", fetch_redirect_response=False)


def test_it_is_read_alone(shown, client):
    assert client.post("/api/").status_code == 405
