"""Fields as HTML without a template each: a step of the wizard has hundreds of them."""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.safestring import SafeString

from orders.formats import escaped

Context = Mapping[str, Any]

_NOTHING = SafeString("")


class Renderer(DjangoTemplates):
    """Django's own HTML of the widgets that pages are full of; others have their templates."""

    def render(
        self, template_name: str, context: Context, request: HttpRequest | None = None
    ) -> SafeString:
        written = _WRITERS.get(template_name)
        if written and (said := written(context)) is not None:
            return said
        return SafeString(super().render(template_name, dict(context), request))


def _input(context: Context) -> SafeString:
    widget = context["widget"]
    value = widget["value"]
    given = "" if value is None else f' value="{escaped(value)}"'
    attributes = _attributes(widget["attrs"])
    return SafeString(
        f'<input type="{escaped(widget["type"])}" name="{escaped(widget["name"])}"'
        f"{given}{attributes}>"
    )


def _textarea(context: Context) -> SafeString:
    widget = context["widget"]
    return SafeString(
        f'<textarea name="{escaped(widget["name"])}"{_attributes(widget["attrs"])}>\n'
        f"{escaped(widget['value'] or '')}</textarea>"
    )


def _select(context: Context) -> SafeString | None:
    """None where choices stand in groups."""
    widget = context["widget"]
    if any(name for name, _, _ in widget["optgroups"]):
        return None
    options = "".join(_option(option) for _, group, _ in widget["optgroups"] for option in group)
    return SafeString(
        f'<select name="{escaped(widget["name"])}"{_attributes(widget["attrs"])}>'
        f"{options}\n</select>"
    )


def _option(option: Context) -> str:
    attributes = _attributes(option["attrs"])
    return (
        f'\n  <option value="{escaped(option["value"])}"{attributes}>'
        f"{escaped(option['label'])}</option>\n"
    )


def _no_errors(context: Context) -> SafeString | None:
    """None where there are some."""
    return None if context["errors"] else _NOTHING


def _attributes(attrs: Mapping[str, Any]) -> str:
    """Each with a space before it; what is False is left out, what is True has no value."""
    written = (
        f" {escaped(name)}" if value is True else f' {escaped(name)}="{escaped(value)}"'
        for name, value in attrs.items()
        if value is not False
    )
    return "".join(written)


_INPUTS = "checkbox", "date", "email", "hidden", "input", "number", "password", "text"
_WRITERS: dict[str, Callable[[Context], SafeString | None]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in _INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    "django/forms/errors/list/default.html": _no_errors,
}
