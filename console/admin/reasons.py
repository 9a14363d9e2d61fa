"""What the operations manager sets: the reasons agents choose from, and the bundle policy."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Max
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cancellations.models import BundlePolicy, CancellationReason
from console.admin.reading import PlainQueries, PlainTexts
from orders.formats import isolated, sentence


class NeverDeleted:
    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class ReasonForm(forms.ModelForm):
    class Meta:
        model = CancellationReason
        fields = ("name", "position", "needs_note", "retired")
        help_texts = {
            "name": _("Change orders keep the name that the reason had at the time."),
            "position": _("Agents are offered the reasons in this order."),
            "needs_note": _("Agents must write a note with it."),
            "retired": _("No longer offered. Change orders that name it stay as they are."),
        }

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        others = _other_reasons_under_lock(self.instance)
        name = answers.get("name", "").casefold()
        for other in others:
            if other.name.casefold() == name:
                self.add_error("name", _known_already(other))
        if answers.get("retired") and all(other.retired for other in others):
            self.add_error(
                "retired",
                _("The last reason in use cannot be retired: nobody could cancel anything."),
            )
        return answers


def _known_already(reason: CancellationReason) -> str:
    if reason.retired:
        words = gettext("There is a retired reason with this name already: %(name)s.")
    else:
        words = gettext("There is a reason with this name already: %(name)s.")
    return sentence(words, name=isolated(reason.name))


def _other_reasons_under_lock(reason: CancellationReason) -> list[CancellationReason]:
    """All other reasons, none of which changes until the admin's transaction ends.

    They are read after the lock: what it waited for is seen by a later statement only.
    The lock leaves cancellations alone that refer to a reason meanwhile.
    """
    reasons = CancellationReason.objects
    list(reasons.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    return list(reasons.exclude(pk=reason.pk))


@admin.register(CancellationReason)
class CancellationReasonAdmin(NeverDeleted, PlainTexts, PlainQueries):
    form = ReasonForm
    list_display = ("name", "position", "needs_note", "standing")
    sortable_by = ()

    @admin.display(description=_("Standing"))
    def standing(self, reason: CancellationReason) -> str:
        return gettext("Retired") if reason.retired else gettext("In use")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, str | list[str]]:
        last = CancellationReason.objects.aggregate(last=Max("position"))["last"] or 0
        return {"position": str(last + 1)} | super().get_changeform_initial_data(request)


class BundlePolicyForm(forms.ModelForm):
    class Meta:
        model = BundlePolicy
        fields = ("text", "rule")
        help_texts = {
            "text": _("Agents read it beside the rules on bundles."),
            "rule": _(
                "With “Whole bundles only” a bundle can be canceled only as often as all of its"
                " items can, and Cancel All takes items of a bundle only with it."
            ),
        }


@admin.register(BundlePolicy)
class BundlePolicyAdmin(NeverDeleted, PlainTexts, PlainQueries):
    form = BundlePolicyForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
