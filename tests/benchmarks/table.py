"""The table of what was measured: its rows, and ``RESULTS.md``, which is written and read here."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

HEAD = """\
# What was measured

`make bench` writes this; `make bench BENCH="lists submits"` measures only these parts anew, and the
other rows stay as they are. A ratio is what was measured by its target; *before* is what the same
row said the time before, on the same machine. On a machine that has something else to do (see its
load, and what it adds at the start of each part: neighbours on the same hardware are not in the
load) figures are worth little.
"""
COLUMNS = ("work", "target", "measured", "ratio", "verdict", "before", "when, commit", "of it")
RIGHT = {"target", "measured", "ratio", "before"}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was measured, in its unit.

    Attributes:
        most, least: Its target, if it has one.
        wrong: What makes it no good, however little it took.
        of_it: Figures that explain it.
        when: The moment and the commit.
        before: What the same row said the time before.
    """

    part: str
    work: str
    measured: float
    unit: str
    most: float | None = None
    least: float | None = None
    wrong: str = ""
    of_it: str = ""
    when: str = ""
    before: float | None = None

    @property
    def target(self) -> str:
        if self.least is not None:
            return f"≥ {_target(self.least)} {self.unit}"
        return "" if self.most is None else f"≤ {_target(self.most)} {self.unit}"

    @property
    def ratio(self) -> float | None:
        aim = self.most if self.least is None else self.least
        return self.measured / aim if aim else None

    @property
    def verdict(self) -> str:
        if self.wrong or (self.most is None and self.least is None):
            return self.wrong
        is_kept = self.measured <= self.most if self.least is None else self.measured >= self.least  # type: ignore[operator]
        return "ok" if is_kept else "MISSED"

    @property
    def cells(self) -> tuple[str, ...]:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        figure = f"{_figure(self.measured)} {self.unit}"
        given = (self.work, self.target, figure, ratio, self.verdict, self._before)
        return (*given, self.when, self.of_it)

    @property
    def _before(self) -> str:
        if self.before is None:
            return ""
        told = f"{_figure(self.before)} {self.unit}"
        change = 100 * (self.measured / self.before - 1) if self.before else 0
        return f"{told} ({change:+.0f} %)" if self.before else told

    def __str__(self) -> str:
        work, target, figure, ratio, verdict, *_ = self.cells
        return (
            f"{work:<62} {figure:>14} {target:>13} {ratio:>5}  {verdict:<8} {self.of_it}".rstrip()
        )


def merged(before: Iterable[Row], now: Sequence[Row], *, whole: Iterable[str] = ()) -> list[Row]:
    """The rows of an earlier table with those measured now in their place.

    Args:
        whole: Parts that were measured to their end; what they no longer measure is left out.
    """
    old = {(row.part, row.work): row for row in before}
    new = {(row.part, row.work): row for row in now}
    for name, row in new.items():
        if name in old:
            new[name] = replace(row, before=old[name].measured)
    kept = {name: row for name, row in old.items() if name not in new and name[0] not in {*whole}}
    parts = dict.fromkeys(row.part for row in [*old.values(), *now])
    return [row for part in parts for row in (*new.values(), *kept.values()) if row.part == part]


def as_text(machine: str, load: str, rows: Sequence[Row]) -> str:
    """The table in Markdown, a section for each part."""
    missed = sum(row.verdict not in ("", "ok") for row in rows)
    count = f"{len(rows)} rows, {missed} of them not as they should be."
    lines = [
        HEAD,
        f"Machine: {machine}",
        "",
        f"Load at the start of the last run: {load}",
        "",
        count,
    ]
    for part in dict.fromkeys(row.part for row in rows):
        rule = ("---:" if column in RIGHT else "---" for column in COLUMNS)
        lines += ["", f"## {part}", "", _line(COLUMNS), f"|{'|'.join(rule)}|"]
        lines += [_line(row.cells) for row in rows if row.part == part]
    return "\n".join(lines) + "\n"


def read(text: str, *, machine: str) -> list[Row]:
    """The rows of a table as ``as_text`` wrote it; none if they are another machine's."""
    if f"\nMachine: {machine}\n" not in text:
        return []
    rows, part = [], ""
    for line in text.splitlines():
        if line.startswith("## "):
            part = line.removeprefix("## ")
        elif line.startswith("| ") and line != _line(COLUMNS):
            rows.append(_row(part, [cell.strip() for cell in line.strip("|").split("|")]))
    return rows


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _row(part: str, cells: list[str]) -> Row:
    work, target, measured, _ratio, verdict, before, when, of_it = cells
    aim = _number(target[2:]) if target else None
    return Row(
        part,
        work,
        _number(measured) or 0,
        measured.partition(" ")[2],
        aim if target.startswith("≤") else None,
        aim if target.startswith("≥") else None,
        "" if verdict in ("", "ok", "MISSED") else verdict,
        of_it,
        when,
        _number(before),
    )


def _number(text: str) -> float | None:
    found = re.match(r"-?[\d,.]+", text)
    return float(found[0].replace(",", "")) if found else None


def _figure(value: float) -> str:
    """Three places that count, and no fewer of what is large."""
    places = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2
    return f"{value:,.{places}f}"


def _target(value: float) -> str:
    return f"{value:,g}" if value < 1000 else f"{value:,.0f}"
