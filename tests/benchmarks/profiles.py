"""Where a submit, the details and a list spend their time, as text: ``profiles/*.txt``."""

import re
from collections.abc import Callable, Iterable
from cProfile import Profile
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client, override_settings

from cancellations.models import CancellationReason
from console.people.rights import AGENT
from tests.benchmarks.measuring import PROJECT
from tests.benchmarks.serving import filled_in
from tests.benchmarks.sized_orders import number_of
from tests.benchmarks.submits import until_review
from tests.support.wizard_client import Page

LINES, WARM = 100, 3
ALL_OF_IT = 0.97
SHOWN = 24
"""Functions by all of their time, and as many by their own."""
PLACES = re.compile(
    rf"^(?:{re.escape(str(PROJECT))}/(?!\.venv)|.*/site-packages/|.*/python3\.\d+/)"
)


def write_profiles(folder: str, times: int, when: str) -> None:
    """A file each, of so many times; the database has orders enough for the submits."""
    unhashed = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": unhashed}):
        agent = Within()
        submits = [until_review(agent, number_of(LINES, n)) for n in range(WARM + times)]
        page = agent.get(f"/order-summaries/{number_of(LINES, WARM + times)}/cancel-items/")
        details = agent.post(page, filled_in(page, agent.reason))
        for name, asked in (
            ("submit", submits),
            ("details", [partial(agent.get, details)] * (WARM + times)),
            ("list", [partial(agent.get, "/order-summaries/")] * (WARM + times)),
        ):
            head = f"{name}, orders of {LINES} lines, {times} times ({when})"
            path = Path(folder) / f"{name}.txt"
            path.write_text(f"{head}\n{_profiled(asked)}")
            print(path.name, flush=True)


class Within:
    """An agent whose requests this process answers."""

    def __init__(self) -> None:
        agent = User.objects.create_user("profiled")
        agent.groups.add(Group.objects.get(name=AGENT))
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(agent)
        self.reason = str(CancellationReason.objects.active()[0].pk)

    def get(self, path: str) -> Page:
        answer = self.client.get(path, secure=True, follow=True)
        assert answer.status_code == 200, (path, answer.status_code)
        last = urlsplit(answer.redirect_chain[-1][0]).path if answer.redirect_chain else path
        return Page(answer.status_code, last, answer.content.decode())

    def post(self, page: Page, fields: list[tuple[str, str]]) -> str:
        sent = {"content_type": "application/x-www-form-urlencoded", "secure": True}
        answer = self.client.post(page.path, urlencode(fields), **sent)  # type: ignore[arg-type]
        assert answer.status_code == 302, answer.content
        return str(answer.headers["Location"])


def _profiled(asked: Iterable[Callable[[], Any]]) -> str:
    """What all of them but the first took, which find nothing compiled."""
    profile = Profile()
    for number, ask in enumerate(asked):
        if number < WARM:
            ask()
        else:
            profile.runcall(ask)
    profile.create_stats()
    count = number + 1 - WARM
    found = [
        (1000 * everything / count, 1000 * own / count, calls / count, _place(*where))
        for where, (_, calls, own, everything, _) in profile.stats.items()  # type: ignore[attr-defined]
    ]
    return "\n".join(
        [
            "milliseconds and calls of one, as the profiler slows it; without what all of it is in",
            _table([each for each in found if each[0] < ALL_OF_IT * max(found)[0]], by=0),
            "by their own time",
            _table(found, by=1),
            "",
        ]
    )


def _table(found: list[tuple[float, float, float, str]], *, by: int) -> str:
    largest = sorted(found, key=lambda each: each[by], reverse=True)[:SHOWN]
    lines = [f"{all_:8.1f} {own:8.1f} {calls:9.1f}  {where}" for all_, own, calls, where in largest]
    return "\n".join([f"{'all ms':>8} {'own ms':>8} {'calls':>9}  where", *lines])


def _place(file: str, line: int, function: str) -> str:
    """Without what is of this machine."""
    if file == "~":
        return re.sub(r" at 0x[0-9a-f]+", "", function)
    return f"{PLACES.sub('', file)}:{line} {function}"
