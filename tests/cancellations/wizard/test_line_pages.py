"""Many lines to select from: in pages, with a box to look for some, and the ticks kept."""

import re

import pytest
from pytest_django.asserts import assertContains, assertRedirects

from cancellations.models import ChangeOrder
from cancellations.wizard import line_pages
from cancellations.wizard.line_pages import Wanted
from tests.support.builders import product

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def long_run(new_order, new_run, monkeypatch):
    """A run on an order of seven lines, three of which stand on a page."""
    monkeypatch.setattr(line_pages, "LINES_A_PAGE", 3)
    monkeypatch.setattr(line_pages, "FEWEST_TO_LOOK_IN", 5)
    new_order([product(str(number), name=f"Thing {'ABCDEFG'[number - 1]}")
               for number in range(1, 8)])  # fmt: skip
    return new_run()


def shown(page):
    return re.findall(r'aria-label="Select Thing (\w)', page.text)


def ticks(run, *keys):
    return {"select-lines": [run.pk(key) for key in keys]}


def test_pages_hold_all_lines(long_run):
    first = long_run.get("select")

    assert shown(first) == ["A", "B", "C"]
    assert re.findall(r'name="show"\s+value="(\d)"', first.text) == ["1", "1", "2", "3"]
    assert [
        shown(long_run.client.get(long_run.url("select"), {"page": page})) for page in "23"
    ] == [["D", "E", "F"], ["G"]]


@pytest.mark.parametrize(
    ("page", "lines"), [("0", "ABC"), ("-1", "ABC"), ("99", "G"), ("x", "ABC"), ("٣", "ABC")]
)
def test_a_page_there_is_none_of_is_the_nearest(long_run, page, lines):
    assert "".join(shown(long_run.client.get(long_run.url("select"), {"page": page}))) == lines


def test_ticks_are_kept_from_page_to_page(long_run):
    run = long_run

    second = run.post("select", ticks(run, "1") | {"show": "2"})
    assertRedirects(second, f"{run.url('select')}?page=2")
    page = run.client.get(f"{run.url('select')}?page=2")
    assertContains(page, f'<input type="hidden" name="select-lines" value="{run.pk("1")}">')
    assertContains(page, "<span data-count>1</span>")
    both = {run.current_step: "select"} | ticks(run, "1", "5")
    assertRedirects(run.client.post(f"{run.url('select')}?page=2", both), run.url("details"))

    run.explain({"1": 1, "5": 1})
    run.submit()
    assert sorted(ChangeOrder.objects.get().items.values_list("line__key", flat=True)) == ["1", "5"]


def test_looking_for_lines_keeps_ticks(long_run):
    run = long_run

    found = run.post("select", ticks(run, "1", "2") | {"show": "1", "find": " thing  f "})
    assertRedirects(found, f"{run.url('select')}?find=thing++f")
    page = run.client.get(found.url)

    assert shown(page) == ["F"]
    assertContains(page, "Shown: 1 of 7")
    assert page.text.count('<input type="hidden" name="select-lines"') == 2
    assert not hides_the_table(page)
    nothing = run.client.get(run.url("select"), {"find": "zzz"})
    assertContains(nothing, "Nothing matches.")
    assert hides_the_table(nothing)


def hides_the_table(page) -> bool:
    """Nothing to select leaves no *Select all* either."""
    return re.search(r'class="table-card"[^>]* hidden\b', page.text) is not None


def test_a_bundle_whose_items_stand_on_another_page_takes_them_along(
    new_order, new_run, monkeypatch
):
    monkeypatch.setattr(line_pages, "LINES_A_PAGE", 1)
    new_order([product("1"), product("2", bundle="1"), product("3")])
    run = new_run()

    assertContains(run.get("select"), f'data-parts-elsewhere="{run.pk("2")}"')
    assertRedirects(run.select("1"), run.url("select"))
    assert [line.key for line in run.get("select").context["form"].ticked] == ["1", "2"]


@pytest.fixture
def parted_bundle(new_order, new_run, monkeypatch):
    """A run on an order whose bundle has a child on its own page and one on the next."""
    monkeypatch.setattr(line_pages, "LINES_A_PAGE", 2)
    new_order([product("1"), product("2", bundle="1"), product("3", bundle="1"), product("4")])
    return new_run()


def ticked(run):
    return [line.key for line in run.get("select").context["form"].ticked]


def expanded(run, *keys):
    return {"select-expanded": [run.pk(key) for key in keys]}


def test_turning_the_page_takes_a_bundles_items_along_to_be_seen_there(parted_bundle):
    run = parted_bundle

    run.post("select", ticks(run, "1") | {"show": "2"})
    page = run.client.get(f"{run.url('select')}?page=2")

    assert ticked(run) == ["1", "2", "3"]
    assertContains(page, "The items of the bundle are now selected too.")
    assertContains(page, f'<input type="hidden" name="select-expanded" value="{run.pk("1")}">')


def test_a_child_left_out_on_another_page_than_its_bundle_stays_out(parted_bundle):
    run = parted_bundle
    run.post("select", ticks(run, "1") | {"show": "2"})

    without = {run.current_step: "select"} | ticks(run, "1", "2") | expanded(run, "1")
    gone_on = run.client.post(f"{run.url('select')}?page=2", without)

    assertRedirects(gone_on, run.url("details"))
    assert ticked(run) == ["1", "2"]


def test_an_unticked_bundle_leaves_nothing_ticked_out_of_sight(parted_bundle):
    run = parted_bundle
    run.select("1", "2", "3", "4", expanded=["1"])

    shown = run.post("select", ticks(run, "2", "3", "4") | expanded(run, "1"))

    assertRedirects(shown, run.url("select"), fetch_redirect_response=False)
    assertContains(run.get("select"), "items on other pages are not selected any more either.")
    assert ticked(run) == ["2", "4"]


def test_a_child_ticked_by_itself_is_kept_from_page_to_page(parted_bundle):
    run = parted_bundle

    run.post("select", ticks(run, "3") | {"show": "1"})

    assert ticked(run) == ["3"]


def test_a_bundle_ticked_again_takes_its_items_along_again(parted_bundle):
    run = parted_bundle
    run.select("1", "2", "3", expanded=["1"])
    run.post("select", expanded(run, "1") | {"show": "1"})

    run.post("select", ticks(run, "1") | {"show": "2"})

    assert ticked(run) == ["1", "2", "3"]


def test_few_lines_have_neither_pages_nor_a_box(new_order, new_run):
    new_order([product(str(number)) for number in range(19)])

    page = new_run().get("select").text

    assert 'name="show"' not in page
    assert 'name="find"' not in page


def test_twenty_lines_have_a_box(new_order, new_run):
    new_order([product(str(number)) for number in range(20)])

    assertContains(new_run().get("select"), 'aria-label="Filter items"')


def test_the_only_line_of_an_order_comes_ticked(new_order, new_run):
    new_order([product("1", 3)])
    run = new_run()

    page = run.get("select")
    discarded = run.post("select", ticks(run, "1") | {"discard": "ask"})

    assert [line.key for line in page.context["form"].ticked] == ["1"]
    assertContains(page, "$30.00")
    assertRedirects(discarded, "/order-summaries/W-1/")


def test_the_only_line_that_can_be_canceled_of_several_does_not(new_order, new_run):
    new_order([product("1"), product("2", quantity_allocated=1)])

    assert new_run().get("select").context["form"].ticked == ()


def test_what_was_unticked_stays_so(new_order, new_run):
    new_order([product("1", 3)])
    run = new_run()

    run.post("select", {"discard": "ask"})

    assert run.get("select").context["form"].ticked == ()


def test_what_is_looked_for_is_no_longer_than_it_may_be():
    assert len(Wanted.of({"find": "x" * 5000}).find) == 100
    assert Wanted.of({"find": "a\0b\u202ec\ud800"}).find == "abc"


@pytest.mark.parametrize("step", ["select", "details", "review"])
def test_each_step_has_a_title_of_its_own(new_order, new_run, step):
    new_order([product("1", 3)])
    run = new_run()
    run.select("1")
    run.explain({"1": 1})

    page = " ".join(run.get(step).text.split())

    assert f"<title> {step.title()} · Cancel Item · W-1 · Countermand</title>" in page
    number = ["select", "details", "review"].index(step) + 1
    assert re.search(rf"<h2[^>]*> <span class=\"kicker\"> ?Step {number} of 4 ?</span>", page)


def test_an_error_is_in_the_title_until_the_next_answer(new_order, new_run):
    new_order([product("1", 3)])
    run = new_run()

    wrong = " ".join(run.post("select", {}).text.split())
    run.select("1")
    unapplied = run.post("details", run.rows({"1": 1}) | {"details-apply-note": "x"})

    assert "<title> Error: Select · Cancel Item" in wrong
    assert "<title> Error: Details · Cancel Item" in " ".join(unapplied.text.split())
    assert "<title> Details · Cancel Item" in " ".join(run.get("details").text.split())


@pytest.fixture
def reviewed(new_order, new_run, monkeypatch):
    """The review of all seven lines of an order, three of which stand on a page."""
    monkeypatch.setattr(line_pages, "LINES_A_PAGE", 3)
    new_order([product(str(key), 1, f"{key}.00", name=f"Thing {key}") for key in range(1, 8)])
    run = new_run(kind="cancel_all")
    run.explain_all()
    return run


def items(page):
    return re.findall(r"<bdi>Thing (\d)</bdi>", page.text)


@pytest.mark.parametrize(
    ("page", "lines", "together"),
    [("", "123", "$6.00"), ("2", "456", "$15.00"), ("3", "7", "$7.00"), ("x", "123", "$6.00")],
)
def test_a_review_shows_its_lines_in_pages_that_say_what_they_add_up_to(
    reviewed, page, lines, together
):
    shown = reviewed.client.get(reviewed.url("review"), {"page": page} if page else {})

    assert "".join(items(shown)) == lines
    sums = re.findall(r"together\s*</th>\s*<td[^>]*>([^<]+)<", shown.text)
    assert sums == [together, "$28.00"]
    assert re.findall(r'href="\?page=(\d)"', shown.text) == ["1", "2", "3"]


def test_what_is_submitted_from_a_page_is_all_of_it(reviewed):
    url = f"{reviewed.url('review')}?page=2"
    agreed = {"review-agreed": reviewed.reviewed(), reviewed.current_step: "review"}

    reviewed.client.post(url, agreed)

    assert ChangeOrder.objects.get().items.count() == 7
