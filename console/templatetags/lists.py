"""The fields of lists, written without a template each."""

from django import forms, template
from django.utils.safestring import SafeString

from cancellations.templatetags.icons import lucide
from console.lists.filters import TickBox
from orders.formats import escaped

register = template.Library()


@register.simple_tag
def list_field(field: forms.BoundField) -> SafeString:
    """A field that searches or narrows a list, of an ``orders.list_form.ListForm``.

    A list has a dozen, most of them folded away, on every page.
    """
    widget, given = field.field.widget, str(field)
    label = f'<label for="{escaped(field.id_for_label)}">{escaped(field.label)}</label>'
    errors = str(field.errors) if field.errors else ""
    if isinstance(widget, TickBox):
        return SafeString(f'<div class="field check">{given}{label}{errors}</div>')
    size = "" if isinstance(widget, forms.Select | forms.DateInput) else " short"
    if field.name == "q":
        size, icon = " grow", lucide("search", size=16, aria_hidden="true")
        given = f'<div class="with-icon">{icon}{given}</div>'
    return SafeString(f'<div class="field{size}">{label}{given}{errors}</div>')
