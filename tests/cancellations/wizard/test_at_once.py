"""A submit takes the answers that were kept for what the forms of their steps make of them."""

import pytest

from cancellations.models import ChangeOrder
from cancellations.wizard import cancellation
from cancellations.wizard.cancellation import CancellationWizard
from tests.support.builders import cancel, fee, product, select

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

CHARGE = {
    "key": "1001",
    "type": "delivery_charge",
    "name": "Ground",
    "quantity": 1,
    "unit_price": "7.99",
    "delivery_group": "G1",
}
LINES = [
    product("9", 3),
    product("1", 2, name="Cinema"),
    product("2", 4, "5.00", name="Speaker", bundle="1"),
    product("3", 2, delivery_group="G2"),
    CHARGE,
    fee(unit_price="5.00"),
]
GROUPS = [
    {"key": key, "method": "Ground", "deliver_to": "Lauren Boyle", "address": "1 Market St"}
    for key in ("G1", "G2")
]
NOTE = " Too late.\r\nSorry. "


def items(quantities, **answers):
    def answer(run):
        run.select(*quantities, expanded=["1"] if "1" in quantities else [])
        run.explain(quantities, **answers)

    return "cancel_items", answer


def everything(**answers):
    return "cancel_all", lambda run: run.explain_all(**answers)


CASES = {
    "a line": items({"9": 2}),
    "lines in the order's sequence, with a note": items({"3": 1, "9": 3}, note=NOTE),
    "a bundle with its child": items({"1": 1, "2": 2}),
    "a bundle without its child": items({"1": 1}),
    "a child alone": items({"2": 1}),
    "delivery refunded where there is a charge": items({"9": 1, "3": 1}, delivery=["9", "3"]),
    "fees refunded": items({"9": 3, "1": 2, "2": 4, "3": 2}, refund_fees=True),
    "everything": everything(),
    "everything, with its charges and fees": everything(
        note=NOTE, refund_delivery=True, refund_fees=True
    ),
}


@pytest.mark.parametrize(("kind", "answer"), CASES.values(), ids=CASES)
def test_kept_answers_ask_what_the_forms_would(kind, answer, new_order, new_run, monkeypatch):
    def submitted(number):
        new_order(LINES, number, delivery_groups=GROUPS)
        run = new_run(number, kind)
        answer(run)
        run.submit()
        return ChangeOrder.objects.get(order__order_number=number)

    with monkeypatch.context() as by_forms:
        by_forms.setattr(cancellation, "submit_at_once", lambda *_: None)
        by_the_forms = submitted("FORMS")
    monkeypatch.setattr(CancellationWizard, "render_done", None)  # no form is asked
    at_once = submitted("ONCE")

    assert at_once.fingerprint == by_the_forms.fingerprint
    assert at_once.grand_total_minor == by_the_forms.grand_total_minor


@pytest.mark.parametrize("typed", ["0", "-1", "4", "1.5", "", "many", "\u0661"])
def test_kept_answers_that_are_not_plainly_in_order_are_the_forms(typed, new_order, new_run):
    new_order([product("1", 3)])
    run = new_run()
    run.select("1")
    run.explain({"1": 1})
    agreed = run.reviewed()
    session = run.client.session
    [name] = [name for name, _ in session.items() if name.endswith(run.run.hex)]
    session[name]["step_data"]["details"][f"details-{run.pk('1')}-quantity"] = [typed]
    session.save()

    response = run.submit(agreed)

    assert response["Location"] == run.url("details")
    assert not ChangeOrder.objects.exists()


def test_a_charge_that_went_out_of_reach_is_asked_for_no_more(new_order, new_run, manager):
    """Cancel All with the charge of a line that others took meanwhile: once refused, then done."""
    lines = [product("1"), product("2", delivery_group="G2"), CHARGE]
    order = new_order(lines, delivery_groups=GROUPS)
    run = new_run(kind="cancel_all")
    run.explain_all(refund_delivery=True)
    agreed = run.reviewed()
    cancel(order, select("1", 1, refund_delivery=True), by=manager)

    refused = run.submit(agreed)
    done = run.submit()

    assert refused["Location"] == run.url("review")
    assert done["Location"] == run.url("finish")
    assert ChangeOrder.objects.count() == 2
