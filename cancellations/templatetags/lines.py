"""What stands at every line of an order's pages, written without a template for each."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from cancellations.explained import PartRow, Unfolded
from cancellations.templatetags.icons import lucide
from orders.arithmetic.money import Currency, Minor
from orders.formats import Text, escaped, money_writer
from orders.models import OrderItemSummary
from orders.which import WhichOne

register = template.Library()
Said = TypeVar("Said")


class HintedRow(Protocol):
    """A step's row."""

    @property
    def line(self) -> OrderItemSummary: ...

    @property
    def hints(self) -> Sequence[str]: ...


def of_line(said: Mapping[int, Said] | None, line: OrderItemSummary) -> Said | None:
    """What is kept of a line by its primary key."""
    return said.get(line.pk) if said else None


@register.simple_tag
def status(code: str, label: Text) -> SafeString:
    """``{% status order.status order.get_status_display %}``: the word as a badge, with a shape
    and a colour that the style sheet knows by the code.
    """
    return SafeString(f'<span class="status" data-status="{escaped(code)}">{escaped(label)}</span>')


@register.simple_tag
def which_one(said: WhichOne | None) -> str:
    """``{% which_one row.which %}``: what tells a line from others like it."""
    if said is None or not (said.key or said.goes_to):
        return ""
    return render_to_string("frame/_which.html", {"which": said})


def hints(row: HintedRow) -> str:
    """The bundle rules that bite on a line, in words, or a place for them."""
    if row.hints:
        return render_to_string("wizard/_hints.html", {"row": row})
    return f'<div id="hints-{row.line.pk}"></div>'


def warning(said: str) -> str:
    """What stays on an order because of a line, in words."""
    icon = lucide("triangle-alert", size=12, aria_hidden="true")
    return f'<span class="notice">{icon}<span>{escaped(said)}</span></span>'


@register.simple_tag
def unfolded(made_of: Unfolded, amount: Minor, currency: Currency, was: Text, now: Text) -> str:
    """``{% unfolded line.unfolded line.canceled_minor currency _("Was") _("Will be") %}``: what an
    amount of a line is made up of, and how what is left of it was reckoned.

    Args:
        amount: The one that is explained.
        was: What the columns are called, with ``now``; the one where nothing of it has gone.
    """
    is_reduced, write = made_of.parts.is_reduced, money_writer(currency)
    heads = (was, pgettext("difference", "Change"), now) if is_reduced else (now,)
    summary = escaped(gettext("How %(amount)s adds up")) % {"amount": write(amount)}
    columns = "".join(f'<th scope="col">{escaped(head)}</th>' for head in heads)
    rows = "".join(_part(row, write, is_reduced=is_reduced) for row in made_of.rows)
    said = "".join(f"<p>{escaped(sentence)}</p>" for sentence in made_of.sentences)
    return SafeString(
        f'<details class="unfolded"><summary>{summary}</summary>'
        f'<table class="receipt"><thead><tr><td></td>{columns}</tr></thead>'
        f"<tbody>{rows}</tbody></table>{said}</details>"
    )


def _part(row: PartRow, write: Callable[[Minor], SafeString], *, is_reduced: bool) -> str:
    note = f'<span class="note-line">{escaped(row.note)}</span>' if row.note else ""
    amounts = (row.part.before, row.part.by, row.part.after)
    shown = amounts if is_reduced else amounts[-1:]
    cells = "".join(f"<td>{write(amount)}</td>" for amount in shown)
    kind = ' class="sum"' if row.is_sum else ""
    return f'<tr{kind}><th scope="row">{escaped(row.label)}{note}</th>{cells}</tr>'
