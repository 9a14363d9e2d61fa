"""Tries one act: kills it at every point and at random moments, and judges what is left."""

import random
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path

from tests.proofs.acceptance.oracle import subset
from tests.proofs.crashes.acts import Act
from tests.proofs.crashes.killing import (
    Perform,
    Point,
    What,
    When,
    duration,
    was_killed_after,
    was_killed_at,
)
from tests.proofs.crashes.printing import Report
from tests.proofs.crashes.states import State, changes, rows_of, state_of

_numbers = count(1)


class Trial:
    """One act: its undisturbed course, and rounds in each of which it is killed once.

    Args:
        every: It is killed at each statement of so many, beginning with one of the first.
        moments: How often it is killed at random.
    """

    def __init__(
        self, act: type[Act], folder: Path, seed: int, *, every: int, moments: int
    ) -> None:
        self.act = act
        self.folder = folder
        self.every, self.moments = every, moments
        self.random = random.Random(f"{seed} {act.name}")
        self.report = Report(act.name)
        self.where = ""
        self.course: list[State] = []

    def run(self) -> Report:
        """Try everything; an exception ends the trial with what was found up to there."""
        try:
            self._watch()
            self._kill_at_points()
            self._kill_at_moments()
            self._judge_numbers()
        except Exception:
            self._problem(f"failed\n{traceback.format_exc()}")
        return self.report

    def _watch(self) -> None:
        """Note what the act leaves after each of its steps: a crash may leave nothing else."""
        act = self._new_act("undisturbed")
        self.course.append(state_of(act.tag))
        self.course += [state_of(act.tag) for _ in act.steps()]
        for done, state in enumerate(self.course):
            self._judge_oracle(act, done, state)
        if self.course[-1].kinds != self.act.makes:
            self._problem(f"it makes change orders {self.course[-1].kinds}")

    def _kill_at_points(self) -> None:
        self._kill_at("before", "statement")
        if self.act.after_statements:
            self._kill_at("after", "statement")
        self._kill_at("before", "COMMIT")
        self._kill_at("after", "COMMIT")

    def _kill_at(self, when: When, what: What) -> None:
        """Go on to the next point until the act finishes without getting there."""
        every = self._step(what)
        first = self.random.randint(1, every)
        for point in (Point(when, what, number) for number in count(first, every)):
            if not self._round(str(point), partial(was_killed_at, point)):
                self.report.met[when, what] = point.number - 1
                return
            self.report.points += 1

    def _kill_at_moments(self) -> None:
        """Kill at random; an act that had finished by then shows how much less time there is."""
        seconds = duration(self._new_act("undisturbed in a child").perform)
        for _ in range(5 * self.moments):
            moment = self.random.uniform(0, seconds)
            where = f"after {1000 * moment:.1f} of {1000 * seconds:.1f} ms"
            if not self._round(where, partial(was_killed_after, moment)):
                seconds = moment
                continue
            self.report.moments += 1
            if self.report.moments == self.moments:
                return

    def _round(self, where: str, was_killed: Callable[[Perform], bool]) -> bool:
        """Perform the act once on fresh orders, judge what is left, repeat, judge that."""
        act = self._new_act(where)
        before = rows_of(act.tag)
        is_killed = was_killed(act.perform)
        left = state_of(act.tag)
        done = self._steps_done(left)
        if done is None and not self.act.is_resumed:
            self._problem(f"left half a change: {left}")
            self.report.halves += 1
            return is_killed
        if not is_killed and done != self._all:
            self._problem(f"finished with {done} of {self._all} steps done")
        if done == 0 and left.rows != before:
            self._problem(f"left other rows: {changes(before, left.rows)}")
        self._judge_differences(left)
        self._repeat(act, left, done)
        if is_killed:
            self.report.count(done, self._all)
        return is_killed

    def _repeat(self, act: Act, left: State, done: int | None) -> None:
        for problem in act.repeat(done):
            self._problem(problem)
        repeated = state_of(act.tag)
        if repeated.content != self.course[-1].content:
            self._problem(f"repeated, it ends with other orders: {repeated}")
        if done == self._all and repeated.rows != left.rows:
            self._problem(f"was done, and rewrites: {changes(left.rows, repeated.rows)}")
        self._judge_differences(repeated)

    def _steps_done(self, state: State) -> int | None:
        """After how many steps it looks like this; None if it never does."""
        content = state.content
        fitting = [done for done, known in enumerate(self.course) if known.content == content]
        return fitting[-1] if fitting else None

    @property
    def _all(self) -> int:
        return len(self.course) - 1

    def _new_act(self, where: str) -> Act:
        self.where = where
        return self.act(f"T{next(_numbers):05}", self.folder)

    def _judge_differences(self, state: State) -> None:
        for difference in state.differences:
            self._problem(f"verify_orders: {difference}")

    def _judge_oracle(self, act: Act, done: int, state: State) -> None:
        self._judge_differences(state)
        expected = {order["order_number"]: order for order in act.expected(done)}
        exported = {order["order_number"]: order for order in state.exported}
        for difference in subset(expected, exported):
            self._problem(f"the oracle, {done} steps done: {difference}")

    def _judge_numbers(self) -> None:
        self.where = "in all"
        for problem in self._doubts():
            self._problem(problem)

    def _doubts(self) -> Iterator[str]:
        """What would mean that the trial did not try what it should."""
        report = self.report
        for what, fewest in (("statement", self.act.fewest_statements), ("COMMIT", 1)):
            before, after = report.met["before", what], report.met.get(("after", what))
            if after is not None and abs(after - before) >= self._step(what):
                yield f"met {before} {what}s, and then {after}"
            if before < fewest:
                yield f"met only {before} {what}s"
        if report.moments < self.moments:
            yield f"only {report.moments} of {5 * self.moments} random kills came in time"
        if not (report.nothing and report.everything):
            yield "no kill left nothing, or none left everything"

    def _step(self, what: What) -> int:
        """From one that it is killed at to the next; by less the number of all may be off."""
        return self.every if what == "statement" else 1

    def _problem(self, problem: str) -> None:
        self.report.problems.append(f"{self.act.name}, {self.where}: {problem}")
