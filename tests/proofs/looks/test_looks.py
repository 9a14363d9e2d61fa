"""The small form of the walk over all pages and states: ``make proofs PROOFS=looks`` is whole."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.proofs.looks.gallery import Gallery, few_of_a_kind, kept_pages
from tests.proofs.looks.keeping import FOLDER, KeepPages
from tests.proofs.looks.looking import QUESTIONS, WIDE
from tests.proofs.looks.valid_html import html_is_wrong, what_is_wanting
from tests.support.builders import adjustment, delivery_charge, product, tax
from tests.support.wizard_run import WizardRun

pytestmark = [pytest.mark.browser, pytest.mark.axe]

PROJECT = Path(__file__).parents[3]
MORE = "test_review_and_finish or test_cancel_all or test_records_of_what_changed"
FIRST = ("widths", "axe", "policy")
NEXT = ("focus", "spacing", "borders", "forced_colors", "motion")
STEPS = ("select", "details", "review", "finish")
ITEMS = [
    product("1", 2, "99.00", name="Home Theater", sku="SET")
    | {"adjustments": [adjustment("-5.00", scope="order")], "taxes": [tax("9.65", "0.05")]},
    product("2", 4, "10.00", name="Speaker", sku="SPK") | {"bundle": "1"},
    product("3", 3, "7.00", name="Cable", sku="CBL"),
    product("4", 1, "3.00", name="Stand", sku="STD", quantity_allocated=1),
    delivery_charge(name="Ground"),
]


@pytest.fixture
def kept(tmp_path, settings, monkeypatch, client, manager, new_order):
    """The pages of a wizard from the first step to the last, in the states that say most."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    settings.MIDDLEWARE = [f"{KeepPages.__module__}.{KeepPages.__name__}", *settings.MIDDLEWARE]
    new_order(ITEMS)
    client.force_login(manager)
    run = WizardRun(client, "W-1")
    run.select("1", "2", "3", expanded=("1",))
    run.get("details")
    run.explain({"1": 2, "2": 4, "3": 3}, note="It came twice", delivery=("1",))
    run.post("review", {"review-agreed": "forged"})
    run.submit()
    run.get("finish")
    return few_of_a_kind(kept_pages(tmp_path), 1)


def test_pages_of_a_wizard_are_as_they_should_be(room, kept):
    found = {} if what_is_wanting() else {"html": list(html_is_wrong(kept))}
    for policy in (True, False):
        gallery = Gallery(room, policy=policy)
        asked = [name for name in FIRST if QUESTIONS[name][1] == policy]
        for one in kept if asked else ():
            gallery.resize(WIDE)
            gallery.show(one)
            for name in asked:
                said = [f"{one.name}: {each}" for each in QUESTIONS[name][0](gallery)]
                found[name] = [*found.get(name, ()), *said]
        gallery.close()

    assert {step for step in STEPS for one in kept if one.address.endswith(f"{step}/")} == {*STEPS}
    assert {*found} >= {*FIRST}
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.long
def test_pages_agents_see_most_are_as_they_should_be():
    html = () if what_is_wanting() else ("html",)
    questions = (*html, *FIRST, *NEXT)
    walk = ("-m", "tests.proofs.looks", *questions, "--only", MORE, "--of-a-kind", "1")

    walked = subprocess.run(
        [sys.executable, *walk],
        cwd=PROJECT, env=_own_environment(), capture_output=True, text=True,
    )  # fmt: skip

    assert walked.returncode == 0, walked.stdout + walked.stderr
    assert int(walked.stdout.split()[0]) >= 8


def _own_environment():
    """Without what this run's pytest says to its workers: that run has a database of its own."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ours.pop("DATABASE_URL", None)
    return ours | {"DEBUG": "1"}
