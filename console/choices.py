"""What is said of an answer that no choice has: one sentence, in all forms and filters."""

from django import forms
from django.utils.translation import gettext_lazy as _

NOT_A_CHOICE = _("Choose one from the list.")


def refuse_in_our_words() -> None:
    """Replace what Django says by itself; a field may still have words of its own."""
    fields = (
        forms.ChoiceField,
        forms.MultipleChoiceField,
        forms.ModelChoiceField,
        forms.ModelMultipleChoiceField,
    )
    refusals = dict.fromkeys(("invalid_choice", "invalid_list", "invalid_pk_value"), NOT_A_CHOICE)
    for field in fields:
        known = field.default_error_messages
        own = {code: said for code, said in refusals.items() if code in known}
        field.default_error_messages = {**known, **own}
