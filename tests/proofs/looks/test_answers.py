"""A walk that was interrupted asks only what was not answered, or is not so any more."""

import pytest

from tests.proofs.looks.answers import Answers
from tests.proofs.looks.gallery import kept_pages

ABOUT = '{"address": "/", "status": 200, "policy": ""}'
QUESTIONS = ["widths", "axe"]


@pytest.fixture
def folder(tmp_path):
    for name in ("home", "refunds"):
        (tmp_path / f"{name}.json").write_text(ABOUT)
        (tmp_path / f"{name}.html").write_text(f"<h1>{name}</h1>")
    return tmp_path


@pytest.fixture
def answers(folder):
    """All that was asked was answered, but of refunds what axe says."""
    answers = Answers(folder)
    home, refunds = kept_pages(folder)
    answers.add(home, "widths", [])
    answers.add(home, "axe", ["it has no title"])
    answers.add(refunds, "widths", ["it is too wide"])
    return answers


def left(answers):
    kept = kept_pages(answers.folder)
    return {page.name: names for page, names in answers.left(kept, QUESTIONS)}


def test_what_was_answered_is_not_asked_again(answers):
    assert left(answers) == {"refunds": ["axe"]}
    assert answers.found(kept_pages(answers.folder), "widths") == ["refunds: it is too wide"]


def test_a_page_that_is_another_now_is_asked_again(answers, folder):
    (folder / "home.html").write_text("<h1>Home</h1>")

    assert left(answers) == {"home": QUESTIONS, "refunds": ["axe"]}


def test_an_answer_that_was_not_written_to_its_end_is_none(answers):
    whole = answers.file.read_text()
    answers.file.write_text(whole[: whole.rindex("refunds")])

    assert left(answers) == {"refunds": QUESTIONS}


def test_other_styles_ask_all_again(answers, monkeypatch):
    monkeypatch.setattr("tests.proofs.looks.answers._everything_else", lambda: "other styles")

    assert left(answers) == {"home": QUESTIONS, "refunds": QUESTIONS}
