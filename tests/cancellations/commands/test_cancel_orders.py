import json

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError

from cancellations.acts import cancel as services
from cancellations.models import CancellationReason, ChangeOrder
from orders.models import OrderItemSummary
from tests.support.builders import UserFactory, delivery_charge, imported, item, payment, shirts
from tests.support.wrong_cancellations import WRONG, cancellation

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def order():
    return imported(order_number="X-1", items=[item("1"), item("2"), delivery_charge()])


@pytest.fixture
def cancel_orders(jsonl, run_command):
    """Applies documents; gives the finished command."""

    def cancel_orders(*documents, options=()):
        return run_command("cancel_orders", jsonl(*documents), *options)

    return cancel_orders


@pytest.fixture
def errors_of(cancel_orders):
    """The errors of one document, as "path: message"; checks that it is refused."""

    def errors_of(document):
        finished = cancel_orders(document)
        [result] = finished.lines
        assert finished.status == 1
        assert (result["outcome"], result["change_order"]) == ("refused", None)
        assert result["refund_due"] is None
        return [f"{error['path']}: {error['message']}" for error in result["errors"]]

    return errors_of


def outcomes(finished):
    return [result["outcome"] for result in finished.lines]


def test_a_result_line_for_each_document(order, cancel_orders):
    finished = cancel_orders(cancellation())

    change_order = ChangeOrder.objects.get()
    assert (finished.status, finished.errors) == (0, "")
    assert finished.lines == [
        {
            "idempotency_key": "K-1",
            "order_number": "X-1",
            "outcome": "canceled",
            "change_order": change_order.number,
            "refund_due": "10.00",
            "errors": [],
        }
    ]
    assert list(finished.lines[0]) == [
        "idempotency_key",
        "order_number",
        "outcome",
        "change_order",
        "refund_due",
        "errors",
    ]
    assert change_order.created_by.username == "batch"


def test_documents_are_applied_in_file_order(order, cancel_orders):
    finished = cancel_orders(
        cancellation({"key": "1", "quantity": 2}, key="K-1"),
        cancellation({"key": "1", "quantity": 1}, key="K-2"),
        b"",
        cancellation(key="K-1"),
        cancellation({"key": "1", "quantity": 2}, key="K-1"),
        cancellation({"key": "2", "quantity": 1}, key="K-2"),
    )

    assert finished.status == 1
    assert outcomes(finished) == ["canceled", "refused", "refused", "repeated", "canceled"]
    assert finished.lines[3]["change_order"] == finished.lines[0]["change_order"]
    assert finished.lines[3]["refund_due"] == "20.00"


def test_repeats_alone_end_with_0(order, cancel_orders):
    cancel_orders(cancellation())

    finished = cancel_orders(cancellation())

    assert (finished.status, outcomes(finished)) == (0, ["repeated"])


@pytest.mark.parametrize(
    "same",
    [
        cancellation(note=""),
        cancellation({"key": "1", "quantity": 1, "refund_delivery": False}),
        dict(reversed(cancellation().items())),
    ],
)
def test_the_same_content_with_defaults_written_out_is_a_repeat(order, cancel_orders, same):
    cancel_orders(cancellation())

    assert outcomes(cancel_orders(same)) == ["repeated"]


def test_the_same_items_in_another_sequence_are_a_repeat(order, cancel_orders):
    items = [{"key": key, "quantity": 1} for key in ("1", "2")]
    cancel_orders(cancellation(*items))

    assert outcomes(cancel_orders(cancellation(*reversed(items)))) == ["repeated"]


@pytest.mark.parametrize(
    "other",
    [
        cancellation(note="now"),
        cancellation(reason="Unknown"),
        cancellation({"key": "1", "quantity": 1, "refund_delivery": True}),
        cancellation(items="all"),
    ],
)
def test_a_key_used_with_other_content_is_refused(order, cancel_orders, errors_of, other):
    cancel_orders(cancellation())

    assert errors_of(other) == ["idempotency_key: This key was used before with other content."]
    assert ChangeOrder.objects.count() == 1


def test_keys_are_unique_per_order_only(order, cancel_orders):
    imported(order_number="X-2")

    finished = cancel_orders(cancellation(), cancellation(order_number="X-2"))

    assert outcomes(finished) == ["canceled", "canceled"]


def test_cancel_all_with_delivery(cancel_orders):
    order = imported(shirts(order_number="X-1"))

    finished = cancel_orders(cancellation(items="all", refund_delivery=True))

    order.refresh_from_db()
    assert finished.lines[0]["refund_due"] == "216.29"
    assert (order.grand_total_minor, order.status) == (0, "canceled")


def test_cancel_all_leaves_delivery_unless_asked(cancel_orders):
    imported(shirts(order_number="X-1"))

    [result] = cancel_orders(cancellation(items="all")).lines

    assert result["refund_due"] == "207.90"


def test_an_items_own_reason_and_note_come_before_the_documents(order, cancel_orders):
    own = {"key": "1", "quantity": 1, "reason": "Other", "note": "Torn"}

    cancel_orders(cancellation(own, {"key": "2", "quantity": 1}, note="For all"))

    kept = ChangeOrder.objects.get().items.values_list("line__key", "reason_name", "note")
    assert list(kept) == [("1", "Other", "Torn"), ("2", "Changed Mind", "For all")]


def test_refund_due_is_written_in_the_orders_currency(cancel_orders):
    yen = item(unit_price="1500")
    imported(order_number="X-1", currency="JPY", items=[yen], payments=[payment("3000")])

    assert cancel_orders(cancellation()).lines[0]["refund_due"] == "1500"


@pytest.mark.parametrize(("document", "errors"), WRONG)
def test_a_refusal_names_the_field_and_cancels_nothing(order, errors_of, document, errors):
    assert errors_of(document) == errors
    assert not ChangeOrder.objects.exists()
    assert not OrderItemSummary.objects.filter(quantity_canceled__gt=0).exists()


def test_more_than_a_hundred_items_are_refused_and_point_to_cancel_all(errors_of, cancel_orders):
    imported(order_number="X-1", items=[item(f"{n}") for n in range(101)])
    chosen = [{"key": f"{n}", "quantity": 1} for n in range(101)]

    errors = errors_of(cancellation(*chosen))

    assert errors == ["items: At most 100 items can be canceled at a time; use Cancel All."]
    assert outcomes(cancel_orders(cancellation(items="all"))) == ["canceled"]


def test_an_unmanaged_order_is_refused(errors_of):
    imported(order_number="X-1", life_cycle="unmanaged")

    assert errors_of(cancellation()) == [": This order summary is unmanaged."]


def test_a_retired_reason_is_refused(order, errors_of):
    CancellationReason.objects.filter(name="Changed Mind").update(retired=True)

    assert errors_of(cancellation()) == ["reason: Choose a reason from the list."]


def test_a_refused_document_uses_up_no_key(order, cancel_orders):
    finished = cancel_orders(cancellation({"key": "1", "quantity": 3}), cancellation())

    assert outcomes(finished) == ["refused", "canceled"]


def test_lines_that_are_no_documents_are_refused_by_number_and_the_file_goes_on(
    order, cancel_orders
):
    finished = cancel_orders(b"{", b"", b"[1]", b'{"a": 1, "a": 2}', cancellation())

    assert finished.status == 1
    assert outcomes(finished) == ["refused"] * 3 + ["canceled"]
    assert [result["errors"] for result in finished.lines[:3]] == [
        [
            {
                "path": "line 1",
                "message": "is not JSON: Expecting property name enclosed in double quotes"
                " at character 3",
            }
        ],
        [{"path": "line 3", "message": "is not a JSON object"}],
        [{"path": "line 4", "message": "has the member 'a' twice"}],
    ]
    assert finished.lines[0]["idempotency_key"] is None


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_a_file_that_cannot_be_read_ends_with_2(order, jsonl, run_command, options):
    missing = jsonl().with_name("missing.jsonl")

    finished = run_command("cancel_orders", jsonl(cancellation()), missing, *options)

    assert finished.status == 2
    assert finished.errors == f"{missing}: No such file or directory\n"
    assert len(finished.lines) == 1


def test_files_after_one_that_cannot_be_read_are_applied(order, jsonl, run_command):
    missing = jsonl().with_name("missing.jsonl")

    finished = run_command("cancel_orders", missing, jsonl(cancellation()))

    assert (finished.status, outcomes(finished)) == (2, ["canceled"])


def test_a_damaged_archive_ends_with_2(order, jsonl, run_command):
    path = jsonl(cancellation(), name="file.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-4])

    assert run_command("cancel_orders", path).status == 2


def test_a_dry_run_judges_each_document_as_orders_are_now(order, cancel_orders):
    cancel_orders(cancellation(key="K-0"))
    one = {"key": "1", "quantity": 1}

    finished = cancel_orders(
        cancellation(one, key="K-1"),
        cancellation(one, key="K-2"),
        cancellation({"key": "1", "quantity": 2}, key="K-3"),
        cancellation(key="K-0"),
        cancellation(key="K-0", note="other"),
        options=["--dry-run"],
    )

    assert finished.status == 1
    assert outcomes(finished) == ["would_cancel", "would_cancel", "refused", "repeated", "refused"]
    assert finished.lines[0]["refund_due"] == "10.00"
    assert finished.lines[0]["change_order"] is None
    assert ChangeOrder.objects.count() == 1


def test_results_go_to_a_file_when_asked(order, cancel_orders, tmp_path):
    output = tmp_path / "results.jsonl"

    finished = cancel_orders(cancellation(), options=["--output", output])

    assert (finished.status, finished.output) == (0, "")
    assert [json.loads(line)["outcome"] for line in output.read_text().splitlines()] == ["canceled"]


def test_a_result_file_that_cannot_be_written_ends_with_2_before_anything_is_canceled(
    order, cancel_orders, tmp_path
):
    output = tmp_path / "nowhere" / "results.jsonl"

    finished = cancel_orders(cancellation(), options=["--output", output])

    assert finished.status == 2
    assert finished.errors == f"{output}: No such file or directory\n"
    assert not ChangeOrder.objects.exists()


def test_the_acting_user_stands_on_the_change_order(order, cancel_orders):
    UserFactory(agent=True, username="ada")

    cancel_orders(cancellation(), options=["--as", "ada"])

    assert ChangeOrder.objects.get().created_by.username == "ada"


@pytest.mark.parametrize(
    ("username", "said"),
    [
        ("nobody", "There is no active user nobody."),
        ("gone", "There is no active user gone."),
        ("vera", "The user vera has no right to cancel order items."),
    ],
)
def test_who_has_no_right_to_cancel_cannot_act(order, cancel_orders, username, said):
    UserFactory(viewer=True, username="vera")
    UserFactory(agent=True, username="gone", is_active=False)

    finished = cancel_orders(cancellation(), options=["--as", username])

    assert (finished.status, finished.output) == (1, "")
    assert finished.errors == f"{said}\n"
    assert not ChangeOrder.objects.exists()


def test_a_broken_document_is_told_with_the_text_it_carries(cancel_orders):
    finished = cancel_orders({"idempotency_key": "\ud800", "order_number": ["X-1"], "items": []})

    [result] = finished.lines
    assert (result["outcome"], result["order_number"]) == ("refused", None)


def test_batch_acts_unless_its_right_was_taken(order, cancel_orders):
    User.objects.get(username="batch").groups.clear()

    finished = cancel_orders(cancellation())

    assert finished.errors == "The user batch has no right to cancel order items.\n"


def test_a_document_that_the_database_refuses_does_not_stop_the_others(
    order, cancel_orders, monkeypatch
):
    write = services.write_change_order

    def refuse_the_first(*, order, new):
        if new.request_id == "K-1":
            raise IntegrityError("counters do not match")
        return write(order=order, new=new)

    monkeypatch.setattr(services, "write_change_order", refuse_the_first)
    finished = cancel_orders(cancellation(), cancellation(idempotency_key="K-2"))

    assert outcomes(finished) == ["refused", "canceled"]
    assert finished.lines[0]["errors"] == [
        {
            "path": "",
            "message": "The database refused this change; nothing was changed."
            " verify_orders may say why.",
        }
    ]
