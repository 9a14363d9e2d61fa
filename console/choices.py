"""What is said of an answer that no choice has: one sentence, in all forms and filters."""

from django import forms
from django.utils.translation import gettext_lazy as _

NOT_A_CHOICE = _("Choose one from the list.")


def refuse_in_our_words() -> None:
    """Replace what Django says by itself; a field may still have words of its own."""
    for field in (
        forms.ChoiceField,
        forms.MultipleChoiceField,
        forms.ModelChoiceField,
        forms.ModelMultipleChoiceField,
    ):
        field.default_error_messages = {
            **field.default_error_messages,
            "invalid_choice": NOT_A_CHOICE,
        }
