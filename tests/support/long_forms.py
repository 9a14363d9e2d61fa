"""A pytest plugin that leaves the long forms to ``make proofs``.

Tests marked ``long`` run only where ``LONG_FORMS`` is set, as ``tests.proofs`` sets it. They are
never left out silently: the end of the run says how many.
"""

import os
from collections.abc import Iterable
from typing import Any

import pytest

IS_ON = os.environ.get("LONG_FORMS") == "1"

left = pytest.StashKey[int]()


def pytest_configure(config):
    config.stash[left] = 0


def pytest_collection_modifyitems(config, items):
    if IS_ON:
        return
    long = [item for item in items if item.get_closest_marker("long")]
    items[:] = [item for item in items if not item.get_closest_marker("long")]
    config.stash[left] = len(long)
    config.hook.pytest_deselected(items=long)


def pytest_sessionfinish(session):
    """A worker of pytest-xdist, which collects in place of the run, tells it the number."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_to_proofs"] = session.config.stash[left]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    count = getattr(node, "workeroutput", {}).get("left_to_proofs", 0)
    node.config.stash[left] = max(count, node.config.stash[left])


def pytest_terminal_summary(terminalreporter, config):
    if count := config.stash[left]:
        terminalreporter.write_line(sentence(count))


def some_of(cases: Iterable[Any], every: int) -> list[Any]:
    """Each of so many cases for any run, the others for ``make proofs``: they are much alike."""
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=() if number % every == 0 else pytest.mark.long,
        )
        for number, case in enumerate(cases)
    ]


def sentence(count: int) -> str:
    """What a run says of so many that it leaves out."""
    return f"{count} {'test is' if count == 1 else 'tests are'} left to make proofs."
