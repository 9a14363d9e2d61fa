"""Fields as HTML without a template each: a step of the wizard has hundreds of them."""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

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
    return format_html(
        '<input type="{}" name="{}"{}{}>',
        widget["type"],
        widget["name"],
        _NOTHING if value is None else format_html(' value="{}"', value),
        _attributes(widget["attrs"]),
    )


def _textarea(context: Context) -> SafeString:
    widget = context["widget"]
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>',
        widget["name"],
        _attributes(widget["attrs"]),
        widget["value"] or "",
    )


def _select(context: Context) -> SafeString | None:
    """None where choices stand in groups."""
    widget = context["widget"]
    if any(name for name, _, _ in widget["optgroups"]):
        return None
    options = [option for _, group, _ in widget["optgroups"] for option in group]
    return format_html(
        '<select name="{}"{}>{}\n</select>',
        widget["name"],
        _attributes(widget["attrs"]),
        SafeString("".join(map(_option, options))),
    )


def _option(option: Context) -> SafeString:
    return format_html(
        '\n  <option value="{}"{}>{}</option>\n',
        option["value"],
        _attributes(option["attrs"]),
        option["label"],
    )


def _no_errors(context: Context) -> SafeString | None:
    """None where there are some."""
    return None if context["errors"] else _NOTHING


def _attributes(attrs: Mapping[str, Any]) -> SafeString:
    """Each with a space before it; what is False is left out, what is True has no value."""
    written = (
        f" {conditional_escape(name)}"
        if value is True
        else f' {conditional_escape(name)}="{conditional_escape(value)}"'
        for name, value in attrs.items()
        if value is not False
    )
    return SafeString("".join(written))


_INPUTS = "checkbox", "email", "hidden", "input", "number", "password", "text"
_WRITERS: dict[str, Callable[[Context], SafeString | None]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in _INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    "django/forms/errors/list/default.html": _no_errors,
}
