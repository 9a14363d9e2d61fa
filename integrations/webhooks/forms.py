"""What people say about an endpoint."""

from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser, User
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.events.sending import AddressRefused, check_address
from integrations.events.types import visible_types
from integrations.models.endpoints import LONGEST_ADDRESS


class EndpointForm(forms.Form):
    """An address, what it is for, and of what it is told."""

    address = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_ADDRESS,
        widget=forms.URLInput(attrs={"autocomplete": "off", "inputmode": "url"}),
        help_text=_("It begins with https:// and is reached from outside."),
    )
    description = forms.CharField(label=_("Description"), max_length=200, required=False)
    types = forms.MultipleChoiceField(
        label=_("Types of events"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Tick none to be told of all that you may see."),
    )

    def __init__(self, *args: Any, by: User | AnonymousUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["types"].choices = [(type, type) for type in visible_types(by)]  # type: ignore[attr-defined]

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip()
        try:
            check_address(address)
        except AddressRefused as refusal:
            raise forms.ValidationError(gettext(refusal.message)) from refusal
        return address


class SinceForm(forms.Form):
    """From when on events are delivered again."""

    since = forms.DateTimeField(
        label=_("Replay since"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("Enter a day and a time."),
            "invalid": _("Enter a day and a time."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]  # type: ignore[attr-defined]
