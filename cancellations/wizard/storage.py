"""What the session keeps of wizard runs: what was answered, what was only typed, and how long."""

import json
import re
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from formtools.wizard.storage.session import SessionStorage

from cancellations.models import ChangeOrder
from cancellations.wizard.run import Run
from cancellations.wizard.step import Draft

MOST_RUNS = 10
MOST_CHARACTERS = 2_000_000
"""Of runs and of their answers in one session; those left alone longest are dropped beyond that.

A hundred rows with the longest notes there are take a little over a million characters.
"""

_ID = re.compile(r"(?<=-)[0-9a-f]{32}$")
_PREFIX = "wizard_cancel-"


class RunStorage(SessionStorage):
    """formtools' session storage that writes only what changed, and can hold drafts.

    The session is marked as modified by changes alone: were it by reads, a slow page in one
    tab would write back what it read before another tab's answers came in. Two answers posted
    at the very same moment still write the whole session each; the later one wins, and the
    other tab's step is asked again: never submitted with the wrong answers.
    """

    def __init__(self, prefix: str, request: Any = None, file_storage: Any = None) -> None:
        session = request.session
        self.is_new = f"wizard_{prefix}" not in session
        super().__init__(prefix, request, file_storage)
        if self.is_new:
            _make_room(session)

    def _get_data(self) -> dict[str, Any]:
        data: dict[str, Any] = self.request.session[self.prefix]
        return data

    def _set_data(self, value: dict[str, Any]) -> None:
        self.request.session[self.prefix] = value
        self._changed()

    data = property(_get_data, _set_data)

    def _set_current_step(self, step: str) -> None:
        """For this request alone: every request says which step it is about."""
        self.data[self.step_key] = step

    def set_step_data(self, step: str, cleaned_data: Any) -> None:
        if cleaned_data:
            super().set_step_data(step, cleaned_data)
            self._changed()
        self.keep(_draft(step), None)

    def set_step_files(self, step: str, files: Any) -> None:
        """No step takes files."""

    def draft(self, step: str) -> Draft | None:
        """What was typed on a step and is no answer yet."""
        typed = self.extra_data.get(_draft(step))
        return None if typed is None else MultiValueDict(typed)

    def set_draft(self, step: str, typed: Draft) -> None:
        """Keep what was typed; the step counts as unanswered from now on."""
        self.data[self.step_data_key].pop(step, None)
        self.keep(_draft(step), dict(typed.lists()))

    def demote(self, step: str) -> None:
        """Make a step's answers a draft: what they answered has changed."""
        answers = self.get_step_data(step)
        if answers is not None:
            self.set_draft(step, answers)

    @property
    def has_answers(self) -> bool:
        """Whether anything was answered or typed in this run."""
        kept = self.extra_data.items()
        is_draft = any(typed for name, typed in kept if name.startswith(_draft("")))
        return is_draft or bool(self.data[self.step_data_key])

    def keep(self, name: str, value: object) -> None:
        """Keep something beside the answers; None forgets it."""
        if self.extra_data.get(name) == value:
            return
        if value is None:
            self.extra_data.pop(name, None)
        else:
            self.extra_data[name] = value
        self._changed()

    def update_response(self, response: Any) -> None:
        """The wizard's last word on a request: a run that changed is the youngest of all."""
        session = self.request.session
        if session.modified and self.prefix in session:
            session[self.prefix] = session.pop(self.prefix)
            _make_room(session)

    def _changed(self) -> None:
        self.request.session.modified = True


def open_run(request: HttpRequest, run: Run) -> None:
    """Let the session know a new run, so that one it does not know is one it has lost.

    Runs that were submitted are forgotten here: where they are submitted, the session would
    have to be written while other tabs answer.
    """
    _forget_submitted(request.session)
    RunStorage(run.prefix, request)


def forget_run(session: SessionBase, run: Run) -> None:
    """Drop a run that came to its end."""
    session.pop(run.session_name, None)


def is_run_of_another(session: SessionBase, run: Run) -> bool:
    """Whether this session knows the run's id, but under another order or wizard."""
    own = run.session_name
    return any(name.endswith(f"-{run.id.hex}") and name != own for name in _runs(session))


def answers_of(session: SessionBase, run: Run) -> dict[str, Any]:
    """What was answered in a run, by step; what was only typed is no answer."""
    answers: dict[str, Any] = session.get(run.session_name, {}).get("step_data", {})
    return answers


def was_refused(session: SessionBase, run: Run) -> bool:
    """Whether a submit of this run came back because the order had changed."""
    kept = session.get(run.session_name, {})
    return "reviewed" in kept.get("extra_data", {})


def _forget_submitted(session: SessionBase) -> None:
    found = {name: _ID.search(name) for name in _runs(session)}
    names = {str(UUID(id[0])): name for name, id in found.items() if id}
    submitted = ChangeOrder.objects.filter(request_id__in=names)
    for request_id in submitted.values_list("request_id", flat=True):
        session.pop(names[request_id], None)


def _make_room(session: SessionBase) -> None:
    runs = _runs(session)
    sizes = {name: len(json.dumps(session[name])) for name in runs}
    for name in runs:
        if len(sizes) <= MOST_RUNS and sum(sizes.values()) <= MOST_CHARACTERS:
            return
        del session[name], sizes[name]


def _runs(session: SessionBase) -> list[str]:
    """The session's runs, the one left alone longest first."""
    return [name for name in session.keys() if name.startswith(_PREFIX)]  # noqa: SIM118


def _draft(step: str) -> str:
    return f"draft_{step}"
