"""Every figure of a page is the sum of figures on it: pages are read and added up."""

import re

import pytest

from cancellations.acts.undo import undo_change_order
from orders.models import OrderSummary
from tests.proofs.acceptance import oracle
from tests.support.builders import (
    adjustment,
    cancel,
    delivery_charge,
    fee,
    imported,
    order_document,
    payment,
    product,
    report,
    select,
    select_all,
    tax,
)
from tests.support.figures import Figures, amount, words_of
from tests.support.statements import counted_statements
from tests.support.wizard_run import WizardRun

pytestmark = [pytest.mark.slow, pytest.mark.both_databases, pytest.mark.django_db]

SEEDS = (11, 12)
MOST_STATEMENTS = 18
ORDERS_EACH = 8


def everything(number="W-1", **changes):
    """An order that shows what an order can: discounts, taxes, a bundle, delivery and a fee."""
    items = [
        product(
            "1",
            3,
            "3.33",
            line_amount="10.00",
            adjustments=[adjustment("-1.00"), adjustment("-0.50", scope="order")],
            taxes=[tax("0.40"), {"name": "City tax", "rate": None, "amount": "0.43"}],
        ),
        product("2", 2, "50.00", name="Set", taxes=[tax("4.00")]),
        product("3", 4, "5.00", bundle="2", adjustments=[adjustment("-2.00", scope="order")]),
        delivery_charge(taxes=[tax("0.40")], adjustments=[adjustment("-1.00")]),
        fee(taxes=[tax("0.30")]),
    ]
    return order_document(order_number=number, items=items, **changes)


def adds_up(line, total, column=-1):
    """What unfolds of a line: parts add up to their sums, and the last one is the line's."""
    parts = [(part.kind, part.label, part.amounts[column]) for part in line.parts]
    shown = {(kind, label): amount for kind, label, amount in parts}
    net = sum(amount for kind, label, amount in parts if "adjustment" in kind)
    net += shown["", "Line amount"]
    taxes = [amount for kind, _, amount in parts if kind == "Tax"]
    assert shown.get(("", "Amount"), net) == net
    assert shown.get(("", "Tax"), sum(taxes)) == sum(taxes)
    assert shown.get(("", "Total"), net + sum(taxes)) == net + sum(taxes)
    assert total == net + sum(taxes)


def parts_add_up_across(line):
    """Before, change and after of every part."""
    for part in line.parts:
        if len(part.amounts) == 3:
            before, change, after = part.amounts
            assert before + change == after


def pages_of(client, url):
    """The pages of an order's lines, as one leads to the next."""
    pages = [client.get(url).text]
    while later := re.search(r'id="later-lines"\s+href="(\?after=\d+)#lines"', pages[-1]):
        pages.append(client.get(url + later[1]).text)
    return pages


def check_record(*pages):
    figures = Figures(*pages)
    lines = figures.lines("order-lines")
    totals = figures.receipt("The order’s totals as they are now")
    for line in lines:
        tax = line.amount("Tax") if "Tax" in totals else 0
        assert line.amount("Total") == line.amount("Amount") + tax
        if line.parts:
            adds_up(line, line.amount("Total"))
            parts_add_up_across(line)
    columns = ("Amount", "Tax", "Total")
    sums = [sum(line.amount(column) for line in lines) for column in columns]
    assert figures.sums("order-lines") == sums
    if len(pages) > 1:
        of_pages = zip(*figures.sums_of_pages("order-lines"), strict=True)
        assert list(map(sum, of_pages)) == sums
    assert totals["Total"] == (sum(line.amount("Total") for line in lines),)
    check_totals(lines, totals)


def check_totals(lines, totals):
    """Each total from the lines of its kind, discounts of the order apart."""
    found = {"Products": 0, "Delivery": 0, "Fees": 0, "Order adjustments": 0}
    for line in lines:
        of_order = sum(part.amounts[-1] for part in line.parts if part.kind == "Order adjustment")
        kind = {"Delivery Charge": "Delivery", "Fee": "Fees"}.get(
            line.cells["What became of it"].split(" · ")[0], "Products"
        )
        found["Order adjustments"] += of_order
        found[kind] += line.amount("Amount") - of_order
    shown = {name: totals[name][0] for name in found if name in totals}
    assert shown == {name: found[name] for name in shown}
    tax = "Tax" if "Tax" in totals else "Tax (included above)"
    assert totals[tax] == (sum(line.amount("Tax") for line in lines),)
    grand = sum(shown.values()) + (totals["Tax"][0] if tax == "Tax" else 0)
    assert totals["Total"] == (grand,)


def check_change_order(page):
    figures = Figures(page)
    totals = figures.receipt("The order’s totals before and after")
    lines = figures.lines("changed-lines")
    for before, change, after in totals.values():
        assert before + change == after
    column = next(name for name in lines[0].cells if name.endswith("the total"))
    moved = sum(line.amount(column) for line in lines)
    assert totals["Total"][1] == -moved
    for line in lines:
        if line.parts:
            parts_add_up_across(line)
            off = [part for part in line.parts if part.is_sum or part.label == "Line amount"]
            assert -off[-1].amounts[1] == line.amount(column) or "included" in page


@pytest.mark.parametrize("tax_locale", ["net", "gross"])
def test_every_figure_of_a_record_is_the_sum_of_figures_on_it(client, agent, tax_locale):
    order = imported(everything(tax_locale=tax_locale))
    client.force_login(agent)
    check_record(client.get("/order-summaries/W-1/").text)

    cancel(order, select("1", 1), select("2", 1, refund_delivery=True), by=agent)
    check_record(client.get("/order-summaries/W-1/").text)

    cancel(order, select_all(), by=agent, refund_fees=True)
    check_record(client.get("/order-summaries/W-1/").text)


@pytest.mark.parametrize("tax_locale", ["net", "gross"])
def test_every_figure_of_a_change_order_is_the_sum_of_figures_on_it(client, agent, tax_locale):
    order = imported(everything(tax_locale=tax_locale))
    client.force_login(agent)

    for asked in (select("1", 1), select("1", 1), select("2", 1, refund_delivery=True)):
        change_order = cancel(order, asked, by=agent)
        check_change_order(client.get(change_order.get_absolute_url()).text)


@pytest.mark.parametrize("seed", SEEDS)
def test_it_is_so_of_random_orders(client, agent, seed, jsonl, run_command):
    told = list(oracle.generate(seed, ORDERS_EACH))
    run_command("import_orders", jsonl(*(order for order, _ in told), name="orders.jsonl"))
    cancels = [document for _, documents in told for document in documents]
    run_command("cancel_orders", jsonl(*cancels, name="cancels.jsonl"))
    client.force_login(agent)

    orders = OrderSummary.objects.prefetch_related("change_orders")
    assert orders.count() == ORDERS_EACH
    for order in orders:
        check_record(*pages_of(client, order.get_absolute_url()))
        for change_order in order.change_orders.all():
            page = client.get(change_order.get_absolute_url()).text
            if "changed-lines" in page:
                check_change_order(page)


def test_what_is_reviewed_adds_up(client, agent):
    imported(everything())
    client.force_login(agent)
    run = WizardRun(client, "W-1")
    run.select("1", "2", "3")
    run.explain({"1": 1, "2": 1, "3": 2}, delivery=["1"])

    page = run.get("review").text

    figures = Figures(page)
    lines = figures.lines("review-lines")
    totals = figures.receipt("Will be")
    assert -totals["Total"][1] == sum(line.amount("Canceled amount") for line in lines)
    assert sum(row[1] for name, row in totals.items() if name != "Total") == totals["Total"][1]
    for line in lines:
        if line.parts:
            parts_add_up_across(line)
            assert -line.parts[-1].amounts[1] == line.amount("Canceled amount")


def test_a_long_order_shows_its_lines_in_pages_that_add_up(client, agent):
    lines = [product(f"{n}", 1, "1.00", taxes=[tax("0.10")]) for n in range(1, 202)]
    children = [product(f"C{n}", 1, "0.50", bundle="201") for n in range(1, 250)]
    imported(order_document(order_number="W-1", items=[*lines, *children]))
    client.force_login(agent)

    pages = pages_of(client, "/order-summaries/W-1/")

    with counted_statements() as sent:
        client.get("/order-summaries/W-1/?after=199")
    assert len(pages) == 3
    assert len(sent) <= MOST_STATEMENTS
    check_record(*pages)
    assert "Lines 401 to 450 of 450" in pages[2]
    assert 'href="?after=199#lines"' in pages[2]
    assert 'href="?#lines"' in pages[1]


@pytest.mark.parametrize("after", ["x", "-1", "999", "9" * 30, "1.5", "449"])
def test_a_page_that_an_order_has_not_is_refused(client, agent, after):
    imported(order_document(order_number="W-1", items=[product("1")]))
    client.force_login(agent)

    response = client.get(f"/order-summaries/W-1/?after={after}")

    assert response.status_code == 400
    assert "The page to show is not one of this list." in response.text
    assert "Thing 1" in response.text


def test_the_arithmetic_of_a_reduced_line_can_be_read(client, agent):
    thirds = product("1", 3, "3.33", line_amount="10.00", taxes=[tax("0.83")])
    order = imported(order_document(order_number="W-1", items=[thirds]))
    client.force_login(agent)
    change_order = cancel(order, select("1", 1), by=agent)

    for url in ("/order-summaries/W-1/", change_order.get_absolute_url()):
        page = client.get(url).text
        assert "Amount: $10.00 over 3, 1 gone: $10.00 − $3.33 = $6.67" in page
        assert "Tax: $0.83 over 3, 1 gone: $0.83 − $0.28 = $0.55" in page


def test_what_a_reversal_gives_back_is_labelled_as_what_was_before_it(client, agent):
    thirds = product("1", 3, "3.33", line_amount="10.00", taxes=[tax("0.83")])
    order = imported(order_document(order_number="W-1", items=[thirds]))
    client.force_login(agent)
    undone = cancel(order, select("1", 1), by=agent)
    reversal = undo_change_order(change_order_id=undone.pk, by=agent).change_order

    page = client.get(reversal.get_absolute_url()).text

    assert "Amount before: $10.00 over 3, 1 gone: $10.00 − $3.33 = $6.67" in page
    assert "Tax before: $0.83 over 3, 1 gone: $0.83 − $0.28 = $0.55" in page
    assert "Amount: " not in page


def test_a_refund_that_is_not_what_was_canceled_says_why(client, agent):
    paid = [payment("100.00", captured="60.00")]
    order = imported(
        order_document(order_number="W-1", items=[product("1", 2, "50.00")], payments=paid)
    )
    client.force_login(agent)
    run = WizardRun(client, "W-1")
    run.select("1")
    run.explain({"1": 1})

    reviewed = run.get("review").text
    change_order = cancel(order, select("1", 1), by=agent)
    made = client.get(change_order.get_absolute_url()).text

    for page in (reviewed, made):
        assert "$40.00 was never captured." in page
        due = Figures(page).receipt("Why the refund is not what is canceled")
        *steps, (name, refund) = due.items()
        assert name == "Refund due"
        assert sum(amount for _, (amount,) in steps) == refund[0]


def test_the_footer_tells_what_is_paid_from_what_stays_owed(client, agent):
    full_only = [payment("20.00", full_refund_only=True)]
    imported(order_document(order_number="W-1", items=[product("1", 2)], payments=full_only))
    client.force_login(agent)
    run = WizardRun(client, "W-1")
    run.select("1")

    run.explain({"1": 1})
    previewed = run.post("details", {"preview": "1", **run.rows({"1": 1})}).text

    footer = Figures(previewed).page.xpath("//div[@id='running-totals']")[0].text_content()
    assert " ".join(footer.split()) == (
        "Items 1 Amount $10.00 Expected refund $0.00 Stays owed $10.00"
    )


def test_what_was_owed_before_is_not_owed_beside_what_is_owed_now(client, agent):
    full_only = [payment("40.00", full_refund_only=True)]
    order = imported(
        order_document(order_number="W-1", items=[product("1", 4)], payments=full_only)
    )
    older = cancel(order, select("1", 1), by=agent)
    newer = cancel(order, select("1", 1), by=agent)
    client.force_login(agent)

    page = client.get("/order-summaries/W-1/related/").text

    assert (
        "No payment could take $10.00 of its refund. It is part of the $20.00 that were due with"
        f" {newer.number}, and not owed beside it."
    ) in page
    assert "No payment could take $20.00 of its refund. It is still owed." in page
    assert older.unassigned_minor < newer.unassigned_minor


def test_what_details_comes_to_unfolds_and_adds_up(client, agent):
    imported(everything(payments=[payment("150.00", captured="120.00")]))
    client.force_login(agent)
    run = WizardRun(client, "W-1")
    run.select("1", "2", "3")

    chosen = run.rows({"1": 1, "2": 1, "3": 2}, delivery=["1"])
    page = run.post("details", chosen | {"preview": "1"}).text
    asked = chosen | {"preview": "1", "added_up": "1"}
    live = run.post("details", asked, headers={"HX-Request": "true"}).text

    for shown in (page, live):
        check_added_up(shown)
    assert 'name="added_up"' in page
    assert "How the amount" not in live


def check_added_up(page):
    [added_up] = Figures(page).page.xpath("//div[@id='added-up']")
    for table in added_up.xpath("./table"):
        rows = [amount(words_of(cell)) for cell in table.xpath("./tbody/tr/td")]
        assert sum(rows[:-1]) == rows[-1]
    assert "Never captured" in words_of(added_up)


def test_what_others_paid_back_meanwhile_is_not_part_of_the_next_refund(client, agent):
    client.force_login(agent)
    order = imported(
        order_number="W-1",
        items=[product("1", 1, "30.00"), product("2", 1, "5.00"), product("3", 1, "5.00")],
        payments=[payment("40.00", full_refund_only=True)],
    )
    cancel(order, select("1", 1), by=agent)
    report(order, payments=[{"key": "P1", "refunded": "30.00"}])
    cancel(OrderSummary.objects.get(), select("2", 1), by=agent)

    page = client.get("/order-summaries/W-1/related/").text

    assert "No payment could take $30.00 of its refund. Nothing of it was owed later." in page
