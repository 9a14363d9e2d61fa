"""A pytest plugin for tests that need something the machine may not have.

They are skipped where it is missing, never silently: the run says how many and how
to get it, and with ``--refuse-skips`` every skip is a failure.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.support.accessible import find_axe
from tests.support.chromium import find_chromium
from tests.support.database import on_postgresql
from tests.support.node import find_node_packages
from tests.support.pgbouncer import find_pgbouncer


@dataclass(frozen=True, slots=True)
class Need:
    marker: str
    name: str
    remedy: str
    is_met: Callable[[], object]

    @property
    def reason(self) -> str:
        return f"needs {self.name}"

    def sentence(self, count: int) -> str:
        """What to tell about ``count`` skipped tests."""
        return f"{count} skipped for want of {self.name}. To run them too: {self.remedy}."


NEEDS = (
    Need(
        "postgresql",
        "PostgreSQL",
        "apt-get install postgresql, brew install postgresql@17, or set DATABASE_URL",
        on_postgresql,
    ),
    Need(
        "browser",
        "Chromium",
        "apt-get install chromium, or install Google Chrome",
        find_chromium,
    ),
    Need("pgbouncer", "PgBouncer", "apt-get install pgbouncer", find_pgbouncer),
    Need("axe", "axe-core", "make setup-web", find_axe),
    Need("node", "node’s packages", "make setup-web", find_node_packages),
)


def pytest_addoption(parser):
    parser.getgroup("countermand").addoption(
        "--refuse-skips", action="store_true", help="count every skipped test as failed"
    )


def pytest_collection_modifyitems(items):
    for need in _unmet():
        for item in _marked(need, items):
            item.add_marker(pytest.mark.skip(reason=need.reason))


def pytest_report_collectionfinish(items):
    counts = {need: len(_marked(need, items)) for need in _unmet()}
    return [need.sentence(count) for need, count in counts.items() if count]


def pytest_terminal_summary(terminalreporter):
    reasons = [str(report.longrepr) for report in terminalreporter.getreports("skipped")]
    for need in NEEDS:
        if count := sum(need.reason in reason for reason in reasons):
            terminalreporter.write_line(need.sentence(count), yellow=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item):
    report = yield
    return _refused(report) if item.config.option.refuse_skips else report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(collector):
    report = yield
    return _refused(report) if collector.config.option.refuse_skips else report


def _unmet() -> list[Need]:
    return [need for need in NEEDS if not need.is_met()]


def _marked(need: Need, items: list[pytest.Item]) -> list[pytest.Item]:
    return [item for item in items if item.get_closest_marker(need.marker)]


def _refused(report):
    """The report itself, or as a failure if it was a skip (an xfail is none)."""
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if report.longrepr else ""
        report.outcome = "failed"
        report.longrepr = f"{reason} (--refuse-skips)"
    return report
