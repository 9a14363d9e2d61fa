"""What people answer when they act on a refund or release: one form for each act."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cancellations.refunds.people import LONG_REFERENCE, LONGEST_REFERENCE, NO_REFERENCE
from console.notes import NoteField
from orders.formats import Text
from orders.texts import check_line

UNREADABLE = _("This page could not be read back. Read the state below, then decide again.")
NOTE_NEEDED = _("Write a note: what was done about it?")
NO, YES = "no", "yes"


class ActForm(forms.Form):
    """The act alone; ``seen`` names the state that its person read.

    Attributes:
        button: What is done, as the button says it.
        why: What will happen, in a sentence.
    """

    act: ClassVar[str]
    button: Text
    why: Text = ""

    seen = forms.CharField(
        label=_("State"),
        widget=forms.HiddenInput,
        error_messages={"required": UNREADABLE},
    )

    def __init__(self, *args: Any, is_release: bool, **kwargs: Any) -> None:
        self.prefix = self.act
        super().__init__(*args, **kwargs)
        self.is_release = is_release


class AsksElsewhere(ActForm):
    """One that asks first whether the money has gone another way already."""

    ELSEWHERE = _("Was it paid elsewhere?")
    RELEASED_ELSEWHERE = _("Was it released elsewhere?")
    RECORD_IT = _(
        "Then nothing is to be sent or given up: mark it as paid, with its reference, or say that"
        " it was this refund, whichever this page offers."
    )
    RECORD_THE_RELEASE = _(
        "Then nothing is to be sent or given up: mark it as released, with its reference."
    )

    paid_elsewhere = forms.ChoiceField(
        label=ELSEWHERE,
        widget=forms.RadioSelect,
        choices=[(NO, _("No, I made sure of it")), (YES, _("Yes"))],
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Say whether it was: find out before you decide.")
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_release:
            self.fields["paid_elsewhere"].label = self.RELEASED_ELSEWHERE

    def clean_paid_elsewhere(self) -> str:
        answer: str = self.cleaned_data["paid_elsewhere"]
        if answer == YES:
            raise forms.ValidationError(
                self.RECORD_THE_RELEASE if self.is_release else self.RECORD_IT
            )
        return answer


class RetryForm(AsksElsewhere):
    act = "retry"
    button = _("Retry")
    why = _(
        "It is tried again in a moment, or once nothing holds it back any more. Where it may have"
        " gone already, it cannot go twice by this."
    )


class LookUpForm(ActForm):
    act = "look_up"
    button = _("Look up")
    why = _("The gateway is asked what became of it. Nothing is sent by this.")


class WithdrawForm(AsksElsewhere):
    act = "withdraw"
    button = _("Withdraw")
    why = _(
        "It is given up for good. What the customer is owed by it is owed again, until somebody"
        " refunds what is owed."
    )

    note = NoteField(label=_("Note"), required=True, error_messages={"required": NOTE_NEEDED})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_release:
            self.why = _("It is given up for good: the authorization is left to end by itself.")


class MarkAsPaidForm(ActForm):
    act = "mark_as_paid"
    button = _("Mark as paid")
    why = _("It was paid another way: it counts as refunded, and nothing is sent any more.")

    reference = forms.CharField(
        label=_("Reference"),
        max_length=LONGEST_REFERENCE,
        validators=[check_line],
        help_text=_("Under which it was paid, such as the bank’s."),
        error_messages={"required": _(NO_REFERENCE), "max_length": _(LONG_REFERENCE)},
    )
    note = NoteField(label=_("Note"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_release:
            self.button = _("Mark as released")
            self.why = _("It was released another way, and nothing is sent any more.")
            self.fields["reference"].help_text = _("Under which it was released.")


class WasThisForm(ActForm):
    act = "was_this_refund"
    button = _("It was this refund")
    why = _(
        "What was reported as refunded elsewhere was this refund: it has succeeded, and is counted"
        " once. The exception about its payment is resolved. If it was another one, resolve the"
        " exception instead."
    )

    note = NoteField(label=_("Note"), required=True, error_messages={"required": NOTE_NEEDED})


FORMS: tuple[type[ActForm], ...] = (
    WasThisForm,
    RetryForm,
    LookUpForm,
    MarkAsPaidForm,
    WithdrawForm,
)
"""In the sequence in which the page shows them."""
