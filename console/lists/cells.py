"""A row of a list as HTML: a page has hundreds of cells, too many for a template each."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from cancellations.templatetags.lines import status as badge
from cancellations.templatetags.money import moment
from console.lists.columns import Align, Column, Guest, Link, Moment, Money, Narrow, Status, Value
from orders.formats import Text, isolated

_NOTHING = SafeString("")


class Cells:
    """Writes the cells of a page; a status that is there more than once is written once."""

    def __init__(self) -> None:
        self._statuses: dict[tuple[str, str], SafeString] = {}

    def row(self, cells: Sequence[tuple[Column, Value]]) -> SafeString:
        """The row of these cells; the first names it."""
        (column, value), *others = cells
        return format_html(
            '<tr><th scope="row" data-narrow="{}">{}</th>{}</tr>',
            _narrow(column, value),
            self._value(value),
            format_html_join(
                "",
                "<td{}>{}</td>",
                ((_attributes(column, value), self._value(value)) for column, value in others),
            ),
        )

    def _value(self, value: Value) -> SafeString:
        match value:
            case Link(text, url):
                return format_html('<bdi><a href="{}">{}</a></bdi>', url, text)
            case Moment(at):
                return moment(at)
            case Status(code, label, remark):
                return format_html("{}{}", self._status(code, label), _remark(remark))
            case Money():
                return format_html("{}{}", isolated(value), _remark(value.remark))
            case Guest(name) if name:
                return format_html("{}{}", isolated(name), _remark(gettext("Guest")))
        return isolated(value)

    def _status(self, code: str, label: str) -> SafeString:
        status = code, str(label)
        if status not in self._statuses:
            self._statuses[status] = badge(code, label)
        return self._statuses[status]


def _attributes(column: Column, value: Value) -> SafeString:
    return format_html(
        '{} data-narrow="{}"{}{}',
        SafeString(' class="num"') if column.align is Align.END else _NOTHING,
        _narrow(column, value),
        SafeString(" data-leads") if column.leads else _NOTHING,
        format_html(' data-label="{}"', column.narrow_label) if column.narrow_label else _NOTHING,
    )


def _narrow(column: Column, value: Value) -> Narrow:
    """Where a cell stands when narrow; an empty one nowhere."""
    return Narrow.HIDDEN if value == "" else column.narrow


def _remark(words: Text) -> SafeString:
    return format_html(' <span class="needs-person">{}</span>', words) if words else _NOTHING
