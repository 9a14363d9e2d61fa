"""The submit of a review, of whose answers no form is made again.

They were judged when they were kept and before the review was shown, and the act judges them
under the order's lock, against what was reviewed. What is not plainly in order is left to the
wizard, which judges step by step and says what is wrong; nothing was canceled by then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from cancellations.acts.requests import may_cancel
from cancellations.arithmetic.quotes import Asked
from cancellations.models import CancellationReason
from cancellations.selection import (
    CancellationRequest,
    EverythingEligible,
    SelectedItems,
    SelectedLine,
    Selection,
)
from cancellations.snapshots import NotReadBack, Snapshot
from cancellations.wizard.charges import charged_lines
from cancellations.wizard.fields import NoteField
from cancellations.wizard.gate import made_by_run
from cancellations.wizard.run import Run
from cancellations.wizard.storage import answers_of, is_run_of_another
from cancellations.wizard.submit import SubmitOutcome, Waits, attempt
from orders.locking import OrderRefused
from orders.models import OrderItemSummary

if TYPE_CHECKING:
    from cancellations.wizard.cancellation import CancellationWizard

_BUTTONS = {"discard", "preview", "wizard_goto_step"}
_SOME = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_FOR_THE_FORMS = (SubmitOutcome.CANCELED_BEFORE, SubmitOutcome.ORDER_CHANGED)
"""What the wizard judges anew: it says more of it than that it is so."""
_NOTE, _CHOICE = NoteField(), forms.BooleanField(required=False)


class _Unclear(Exception):
    """What was kept is not plainly a selection."""


class _Line(NamedTuple):
    """What has to be known of a line to read the answers about it."""

    order_id: int
    pk: int
    key: str
    type: str
    bundle_id: int | None
    delivery_group_id: int | None
    released: bool
    quantity_ordered: int
    quantity_canceled: int
    quantity_allocated: int
    is_run_known: bool
    """Whether the run made a change order, of this order or of another."""

    @property
    def available(self) -> int:
        """By its own counters; what more a bundle's rule asks, the act says."""
        if self.type != OrderItemSummary.Type.PRODUCT:
            return 0
        return self.quantity_ordered - self.quantity_canceled - self.quantity_allocated


def submit_at_once(
    wizard: type[CancellationWizard], request: HttpRequest, order_number: str, run_id: UUID
) -> SubmitOutcome | Waits | None:
    """What a posted review came to; None if that is for the wizard to say."""
    if _BUTTONS & request.POST.keys() or not may_cancel(request.user):
        return None
    lines = _lines_of(order_number, run_id)
    if not lines or lines[0].is_run_known:
        return None
    run = Run(wizard.kind, lines[0].order_id, run_id)
    step = wizard.step_list[-1].name
    if request.POST.get(f"{run.prefix}-current_step") != step:
        return None
    if is_run_of_another(request.session, run):
        return None
    reasons = list(CancellationReason.objects.active())
    try:
        agreed = Snapshot.read(request.POST.get(f"{step}-agreed", ""), order_number)
        selection = kept_selection(
            answers_of(request.session, run), lines, reasons, wizard.takes_everything
        )
    except (NotReadBack, _Unclear, ValidationError):
        return None
    asked = CancellationRequest(order_number, run.request_id, selection)
    try:
        done = attempt(request, asked, agreed, reasons)
    except OrderRefused:
        return None
    return None if done in _FOR_THE_FORMS else done


def _lines_of(order_number: str, run_id: UUID) -> list[_Line]:
    made = Exists(made_by_run(run_id))
    lines = OrderItemSummary.objects.filter(order__order_number=order_number)
    named = lines.order_by("position").annotate(is_run_known=made)
    return [_Line(*values) for values in named.values_list(*_Line._fields)]


def kept_selection(
    answers: Mapping[str, Any],
    lines: Sequence[_Line],
    reasons: Sequence[CancellationReason],
    takes_everything: bool,
) -> Selection:
    """The answers of a run as the forms of its steps would select by them, if these are valid.

    Raises:
        _Unclear, ValidationError: They may not be.
    """
    details = MultiValueDict(answers.get("details") or {})
    by_value = {str(reason.pk): reason.name for reason in reasons}
    has_fees = any(line.type == "fee" and not line.released for line in lines)
    refund_fees = has_fees and _is_chosen(details, "details-refund_fees")
    if not takes_everything:
        if "select" not in answers:
            raise _Unclear
        chosen = frozenset(MultiValueDict(answers["select"]).getlist("select-lines"))
        selected = [line for line in lines if str(line.pk) in chosen]
        if not selected or len(selected) < len(chosen):
            raise _Unclear
        return SelectedItems(_selected(selected, lines, details, by_value), refund_fees)
    if not any(line.available for line in lines):
        raise _Unclear
    reason, note = _why(details, "details-", by_value)
    refund_delivery = _is_chosen(details, "details-refund_delivery")
    return EverythingEligible(reason, note, refund_delivery, refund_fees)


def _selected(
    selected: Sequence[_Line],
    lines: Sequence[_Line],
    details: MultiValueDict[str, Any],
    reasons: Mapping[str, str],
) -> tuple[SelectedLine, ...]:
    charged = charged_lines(lines)
    bundles = {line.bundle_id for line in lines}
    taken = {line.bundle_id for line in selected}
    return tuple(
        SelectedLine(
            Asked(
                line.key,
                _quantity(details.get(f"details-{line.pk}-quantity", ""), line.available),
                line.pk in charged and _is_chosen(details, f"details-{line.pk}-refund_delivery"),
                takes_children=line.pk not in bundles or line.pk in taken,
            ),
            *_why(details, f"details-{line.pk}-", reasons),
        )
        for line in selected
    )


def _quantity(typed: str, available: int) -> int:
    """Of at least 1: a child that stays behind is the form's to understand."""
    if not _SOME.fullmatch(typed.strip()) or int(typed) > available:
        raise _Unclear
    return int(typed)


def _why(details: MultiValueDict[str, Any], of: str, reasons: Mapping[str, str]) -> tuple[str, str]:
    """The name of the reason, and the note."""
    reason, note = reasons.get(details.get(f"{of}reason", "")), details.get(f"{of}note", "")
    if reason is None:
        raise _Unclear
    return reason, _NOTE.clean(note) if note else ""


def _is_chosen(details: MultiValueDict[str, Any], name: str) -> bool:
    return bool(_CHOICE.clean(_CHOICE.widget.value_from_datadict(details, {}, name)))
