"""Does ``make proofs`` tell which proofs hold, whatever became of those before?"""

import re

from tests.proofs.__main__ import PROJECT, PROOFS, Proof, run_all


def proof(code, **sizes):
    return Proof(("-c", code), sizes)


def test_a_proof_that_fails_is_shown_and_does_not_stop_the_others(capsys, tmp_path):
    proofs = {"first": proof("exit('it broke')"), "second": proof("print('all well')")}

    status = run_all(proofs, tmp_path)

    printed = re.sub(r"\d+ s", "0 s", capsys.readouterr().out)
    assert status == 1
    assert re.sub(" +", " ", printed).splitlines() == [
        "first 0 s FAILED",
        "it broke",
        "second 0 s holds all well",
        "2 proofs, 1 failed: first",
    ]


def test_proofs_that_hold_end_well_and_take_sizes_from_outside(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("FUZZ_SEEDS", "3")
    code = "import os; print(os.environ['FUZZ_SEEDS'], os.environ['ACTS_EXAMPLES'])"

    status = run_all({"only": proof(code, FUZZ_SEEDS=1, ACTS_EXAMPLES=2)}, tmp_path)

    assert status == 0
    assert capsys.readouterr().out.splitlines()[0].endswith("holds   3 2")


def test_proofs_of_one_process_go_before_the_others(capsys, tmp_path):
    first, last = (Proof(("-c", f"print({n})"), one_process=n == 2) for n in (1, 2))

    assert run_all({"first": first, "last": last}, tmp_path) == 0

    assert re.findall(r"^\w+ ", capsys.readouterr().out, re.MULTILINE) == ["last ", "first ", "2 "]


def test_every_proof_is_there():
    for name, proof in PROOFS.items():
        modules = [f"{word.replace('.', '/')}" for word in proof.arguments if "tests." in word]
        files = [word for word in proof.arguments if word.startswith("tests/")]
        places = [PROJECT / path for path in (*modules, *files)]
        assert places, name
        assert all(p.exists() or p.with_suffix(".py").exists() for p in places), name
