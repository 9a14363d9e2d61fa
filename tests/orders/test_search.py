"""What is looked for: the words of what was typed."""

import pytest

from orders.search import MOST_WORDS, words_of


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("", []),
        (" \t\u00a0\u3000\n", []),
        ("1401", ["1401"]),
        ("#1401", ["1401"]),
        ("# 1401", ["1401"]),
        ("Lauren #1401", ["Lauren", "1401"]),
        ("##1401", ["#1401"]),
        ("14#01", ["14#01"]),
        ("  Lauren\u00a0\tBoyle ", ["Lauren", "Boyle"]),
        ("a b a", ["a", "b"]),
        ("Zoe\u0308", ["Zo\u00eb"]),
        ("\u2068Lauren\u2069", ["Lauren"]),
        ("\u202e", []),
        ("a\x1bb", ["ab"]),
        (" ".join(map(str, range(100))), [str(n) for n in range(MOST_WORDS)]),
        ("x" * 100_000, ["x" * 300]),
    ],
)
def test_words_are_told_apart_as_people_mean_them(q, words):
    assert words_of(q) == words
