"""A row of a list as HTML: a page has hundreds of cells, too many for a template each."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from cancellations.templatetags.lines import status as badge
from cancellations.templatetags.money import moment
from console.lists.columns import Align, Column, Guest, Link, Moment, Money, Narrow, Status, Value
from orders.formats import Text, escaped


class Cells:
    """Writes the cells of a page; what is there more than once is written once: a status, and
    where the cells of a column stand.
    """

    def __init__(self) -> None:
        self._statuses: dict[tuple[str, str], str] = {}
        self._attributes: dict[tuple[str, Narrow], str] = {}

    def row(self, cells: Sequence[tuple[Column, Value]]) -> SafeString:
        """The row of these cells; the first names it."""
        (column, value), *others = cells
        stands = _narrow(column, value)
        named = f'<tr><th scope="row" data-narrow="{stands}">{self._value(value)}</th>'
        return SafeString(named + "".join(self._cell(*each) for each in others) + "</tr>")

    def _cell(self, column: Column, value: Value) -> str:
        key = column.name, _narrow(column, value)
        if key not in self._attributes:
            self._attributes[key] = _attributes(column, key[1])
        return f"<td{self._attributes[key]}>{self._value(value)}</td>"

    def _value(self, value: Value) -> str:
        match value:
            case Link(text):
                return f'<bdi><a href="{escaped(value.url)}">{escaped(text)}</a></bdi>'
            case Moment(at):
                return moment(at)
            case Status(code, label, remark):
                return f"{self._status(code, label)}{_remark(remark)}"
            case Money():
                return f"{_isolated(value)}{_remark(value.remark)}"
            case Guest(name) if name:
                return f"{_isolated(name)}{_remark(gettext('Guest'))}"
        return _isolated(value)

    def _status(self, code: str, label: str) -> str:
        status = code, str(label)
        if status not in self._statuses:
            self._statuses[status] = badge(code, label)
        return self._statuses[status]


def _attributes(column: Column, narrow: Narrow) -> str:
    number = ' class="num"' if column.align is Align.END else ""
    leads = " data-leads" if column.leads else ""
    label = f' data-label="{escaped(column.narrow_label)}"' if column.narrow_label else ""
    return f'{number} data-narrow="{narrow}"{leads}{label}'


def _narrow(column: Column, value: Value) -> Narrow:
    """Where a cell stands when narrow; an empty one nowhere."""
    return Narrow.HIDDEN if value == "" else column.narrow


def _isolated(value: Value) -> str:
    """What a stranger wrote: its direction of reading goes no further than itself."""
    return f"<bdi>{escaped(str(value))}</bdi>"


def _remark(words: Text) -> str:
    return f' <span class="needs-person">{escaped(words)}</span>' if words else ""
