"""Do the mutants still fit the code? Whether the suite catches them, their module tells."""

import ast
import re

import pytest

from tests.proofs.mutants import ELSEWHERE, MUTANTS, PROJECT, guarded, mirrors

ROOMS = ("orders", "cancellations", "console", "integrations", "config")


def test_every_guard_that_is_marked_has_a_mutant():
    marked = {
        (str(path.relative_to(PROJECT)), name)
        for room in ROOMS
        for path in (PROJECT / room).rglob("*")
        if path.suffix in (".py", ".sql")
        for name, _ in guarded(path.read_text().splitlines())
    }

    assert marked == {(cut.path, name) for name, cuts in MUTANTS.items() for cut in cuts}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_changes_the_code_and_leaves_it_readable(name, tmp_path):
    for cut in MUTANTS[name]:
        text = (PROJECT / cut.path).read_text()
        (tmp_path / cut.path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / cut.path).write_text(text)

        cut.apply(tmp_path, name)

        mutated = (tmp_path / cut.path).read_text()
        if cut.path.endswith(".sql"):
            assert set(statements(mutated)) < set(statements(text))
        else:
            assert ast.dump(ast.parse(mutated)) != ast.dump(ast.parse(text))


@pytest.mark.parametrize(
    ("path", "tests"),
    [
        ("cancellations/acts/approve.py", "tests/cancellations/acts/test_approve.py"),
        ("config/sessions.py", "tests/console/people/test_sessions.py"),
        ("orders/migrations/guards.sql", "tests/cancellations/last_word"),
    ],
)
def test_the_tests_that_mirror_a_file_are_asked_first(path, tests):
    assert mirrors(path)[0] == tests


def test_where_a_file_is_tested_otherwise_there_are_both():
    for path, tests in ELSEWHERE.items():
        assert (PROJECT / path).exists()
        assert all((PROJECT / each).exists() for each in tests.split())


def test_a_guard_that_is_no_longer_marked_is_told(tmp_path):
    [cut] = MUTANTS["the lock"]
    (tmp_path / cut.path).parent.mkdir()
    (tmp_path / cut.path).write_text("")

    with pytest.raises(ValueError, match="marks 0 places as guard: the lock"):
        cut.apply(tmp_path, "the lock")


def statements(sql):
    """What a file of SQL holds; the bodies of functions stay whole."""
    without_comments = re.sub(r"^\s*--.*\n", "", sql, flags=re.MULTILINE)
    found = re.findall(r"(?:[^;$]|\$\$.*?\$\$)+;", without_comments, re.DOTALL)
    return [statement.strip() for statement in found]
