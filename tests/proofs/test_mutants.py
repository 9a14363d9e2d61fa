"""Do the mutants still fit the code? Whether the suite catches them, their module tells."""

import ast

import pytest

from tests.proofs.mutants import MUTANTS, PROJECT


@pytest.mark.parametrize("edits", MUTANTS.values(), ids=MUTANTS)
def test_a_mutant_changes_the_code_and_leaves_it_readable(edits, tmp_path):
    originals = {edit.path: (PROJECT / edit.path).read_text() for edit in edits}
    for path, text in originals.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)

    for edit in edits:
        edit.apply(tmp_path)

    for path, text in originals.items():
        mutated = ast.parse((tmp_path / path).read_text())
        assert ast.dump(mutated) != ast.dump(ast.parse(text))
