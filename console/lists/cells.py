"""How the rows of a table are written: in one loop, for a page has hundreds of cells."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from cancellations.templatetags.money import moment
from console.lists.columns import Align, Column, Guest, Link, Moment, Money, Narrow, Status


def written(rows: Iterable[Iterable[tuple[Column, Narrow, Any]]]) -> SafeString:
    """The rows of a table, of which each cell comes with its column and its place when narrow.

    The first cell of a row heads it.
    """
    tags: dict[tuple[str, Narrow], str] = {}
    whole = ("\n".join(_cells(row, tags)) for row in rows)
    return SafeString("\n".join(f"<tr>\n{row}\n</tr>" for row in whole))


def _cells(
    row: Iterable[tuple[Column, Narrow, Any]], tags: dict[tuple[str, Narrow], str]
) -> Iterator[str]:
    for place, (column, narrow, value) in enumerate(row):
        if place == 0:
            yield f'<th scope="row" data-narrow="{narrow}">{_value(value)}</th>'
            continue
        tag = tags.get((column.name, narrow))
        if tag is None:
            tag = tags[column.name, narrow] = _tag(column, narrow)
        yield f"{tag}{_value(value)}</td>"


def _tag(column: Column, narrow: Narrow) -> str:
    number = ' class="num"' if column.align is Align.END else ""
    leads = " data-leads" if column.leads else ""
    label = f' data-label="{escape(column.narrow_label)}"' if column.narrow_label else ""
    return f'<td{number} data-narrow="{narrow}"{leads}{label}>'


def _value(value: Any) -> str:
    write = _WRITERS.get(type(value))
    return write(value) if write else f"<bdi>{_text(value)}</bdi>"


def _text(value: object) -> str:
    return conditional_escape(str(value))


def _link(link: Link) -> str:
    return f'<bdi><a href="{escape(link.url)}">{_text(link)}</a></bdi>'


def _moment(value: Moment) -> str:
    return moment(value.at)


def _status(status: Status) -> str:
    badge = f'<span class="status" data-status="{escape(status.code)}">{_text(status.label)}</span>'
    return badge + _remark(status.remark)


def _money(money: Money) -> str:
    return f"<bdi>{_text(money)}</bdi>{_remark(money.remark)}"


def _guest(guest: Guest) -> str:
    if not guest.name:
        return f"<bdi>{_text(guest)}</bdi>"
    return f"<bdi>{_text(guest.name)}</bdi>{_remark(gettext('Guest'))}"


def _remark(remark: object) -> str:
    return f' <span class="needs-person">{_text(remark)}</span>' if remark else ""


_WRITERS: dict[type, Callable[[Any], str]] = {
    Link: _link,
    Moment: _moment,
    Status: _status,
    Money: _money,
    Guest: _guest,
}
