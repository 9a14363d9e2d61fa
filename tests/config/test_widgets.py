"""What is written without templates is what Django's templates write."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from config.widgets import _WRITERS, Renderer

TEXTS = st.text(st.sampled_from("a1\"'<>& \n"), max_size=6)
VALUES = st.one_of(st.none(), st.integers(), TEXTS)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["class", "data-x", "required", "min"]),
    st.one_of(st.booleans(), st.integers(), TEXTS, st.just(mark_safe("&amp;"))),
)
WIDGETS = [
    forms.CheckboxInput,
    forms.EmailInput,
    forms.HiddenInput,
    forms.NumberInput,
    forms.PasswordInput,
    forms.TextInput,
    forms.Textarea,
]


def both(widget, value):
    return [widget.render("a name", value, renderer=by) for by in (Renderer(), DjangoTemplates())]


@pytest.mark.parametrize("widget", WIDGETS)
@given(value=VALUES, attrs=ATTRIBUTES)
def test_a_widget_is_what_its_template_says(widget, value, attrs):
    ours, djangos = both(widget(attrs), value)

    assert ours == djangos


@given(
    st.lists(st.tuples(VALUES, TEXTS), max_size=4),
    VALUES,
    ATTRIBUTES,
    st.sampled_from([forms.Select, forms.SelectMultiple]),
)
def test_a_choice_is_what_its_template_says(choices, value, attrs, widget):
    ours, djangos = both(widget(attrs, choices), value)

    assert ours == djangos


def test_choices_in_groups_and_in_other_languages_too():
    grouped = [("Fruit & more", [("1", "<Apple>")]), ("2", gettext_lazy("Reason"))]
    ours, djangos = both(forms.Select(choices=grouped), "2")

    assert ours == djangos
    assert "<optgroup" in ours


@pytest.mark.parametrize("errors", [[], ["Enter <a> number."]])
def test_errors_are_what_their_template_says(errors):
    ours, djangos = (
        forms.utils.ErrorList(errors, renderer=by()).render() for by in (Renderer, DjangoTemplates)
    )

    assert ours == djangos


def test_every_template_that_is_written_is_djangos():
    templates = DjangoTemplates()

    assert all(templates.get_template(name) for name in _WRITERS)
