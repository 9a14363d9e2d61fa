"""The select step: which of the eligible lines to cancel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from cancellations.arithmetic.quotes import Asked
from cancellations.selection import MOST_LINES
from cancellations.wizard.defaults import default_quantities
from cancellations.wizard.following import Followed, follow_bundles
from cancellations.wizard.line_pages import LinesPage, Wanted, page_of
from cancellations.wizard.select_row import SelectRow, unavailable_rows
from cancellations.wizard.select_rows import select_rows
from cancellations.wizard.step import Draft, Step
from orders.formats import Text, number_text
from orders.models import OrderItemSummary
from orders.tree import bundle_lines, in_tree_order

if TYPE_CHECKING:
    from cancellations.wizard.cancellation import CancellationWizard


class SelectForm(forms.Form):
    """Which of the eligible lines to cancel.

    A ticked bundle takes its eligible children along, and one that is unticked leaves none
    behind on other pages, where nobody sees them: with JavaScript at once, without it by one
    more round (:mod:`.following`). ``expanded`` says which bundles have taken theirs
    along, so that a child unticked afterwards stays unticked.
    """

    lines = forms.MultipleChoiceField(
        label=_("Items"),
        error_messages={
            "required": _("Select at least one item."),
            "invalid_choice": _(
                "One of the selected items can no longer be canceled. Check the selection below."
            ),
        },
    )

    def __init__(
        self,
        *args: Any,
        order_lines: Sequence[OrderItemSummary],
        available: Mapping[int, int],
        cancel_all_url: str,
        wanted: Wanted | None = None,
        draft: Draft | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cancel_all_url = cancel_all_url
        self.bundles = bundle_lines(order_lines)
        self.available = available
        self.eligible = {line.pk: line for line in order_lines if available.get(line.pk)}
        choices = [(str(pk), line.name) for pk, line in self.eligible.items()]
        lines = self.fields["lines"]
        assert isinstance(lines, forms.MultipleChoiceField)
        lines.choices = choices
        self.unavailable = unavailable_rows(order_lines, available)
        self.hints: Mapping[str, Sequence[str]] = {}
        self.initial["lines"] = _ticked_at_first(order_lines, self.eligible)
        if not self.is_bound and draft is None:
            draft = Draft({self.add_prefix("lines"): self.initial["lines"]})
        self.typed: Mapping[str, Any] = self.data if self.is_bound else draft or Draft()
        self.wanted = wanted or Wanted()

    @cached_property
    def page(self) -> LinesPage:
        """The lines that the page shows; ticks on others are kept out of sight."""
        return page_of(in_tree_order(self.eligible.values(), self.bundles), self.wanted)

    @property
    def ticked_elsewhere(self) -> list[OrderItemSummary]:
        shown = {row.line.pk for row in self.page.rows}
        return [line for line in self.ticked if line.pk not in shown]

    @property
    def rows(self) -> tuple[SelectRow, ...]:
        ticked = set(self._typed_list("lines"))
        shown = {row.line.pk for row in self.page.rows}
        elsewhere = defaultdict(list)
        for pk, line in self.eligible.items():
            if pk not in shown:
                elsewhere[line.bundle_id].append(pk)
        name = self.add_prefix("lines")
        return tuple(
            SelectRow(
                row,
                name,
                ticked,
                self.available[row.line.pk],
                self.hints.get(row.line.key, ()),
                elsewhere.get(row.line.pk, ()),
            )
            for row in self.page.rows
        )

    @property
    def selected_count(self) -> int:
        return len(self.ticked)

    @property
    def is_over_limit(self) -> bool:
        return self.selected_count > MOST_LINES

    @property
    def ticked(self) -> tuple[OrderItemSummary, ...]:
        """The eligible lines that are ticked, whether answered, typed or drafted."""
        ticked = set(self._typed_list("lines"))
        return tuple(line for pk, line in self.eligible.items() if str(pk) in ticked)

    @property
    def expanded_name(self) -> str:
        return self.add_prefix("expanded")

    @property
    def expanded(self) -> list[str]:
        """Ticked bundles whose children were ticked before."""
        ticked = {str(line.pk) for line in self.ticked}
        return [pk for pk in dict.fromkeys(self._typed_list("expanded")) if pk in ticked]

    limit = MOST_LINES
    beside = ("expanded",)
    """What the step keeps beside its fields' answers."""

    def follow_bundles(self) -> Followed | None:
        """What children have to follow their bundles yet; None if all have."""
        expanded = set(self._typed_list("expanded"))
        return follow_bundles(
            {pk: line.bundle_id for pk, line in self.eligible.items()},
            ticked=frozenset(line.pk for line in self.ticked),
            followed=frozenset(pk for pk in self.eligible if str(pk) in expanded),
            shown=frozenset(row.line.pk for row in self.page.rows),
        )

    def as_followed(self, followed: Followed) -> Draft:
        """The same as if it had been typed."""
        lines = [str(pk) for pk in self.eligible if pk in followed.ticked]
        expanded = [pk for pk in lines if int(pk) in self.bundles]
        return Draft({self.add_prefix("lines"): lines, self.expanded_name: expanded})

    def why_no_totals(self) -> Text:
        """That more is ticked than can go on from here, or ""."""
        if not self.is_over_limit:
            return ""
        return ngettext(
            "There are no totals of more than %(most)d item.",
            "There are no totals of more than %(most)d items.",
            MOST_LINES,
        ) % {"most": MOST_LINES}

    def clean_lines(self) -> tuple[OrderItemSummary, ...]:
        chosen = {int(pk) for pk in self.cleaned_data["lines"]}
        if len(chosen) > MOST_LINES:
            raise forms.ValidationError(self._too_many(len(chosen)), code="too_many")
        return tuple(line for pk, line in self.eligible.items() if pk in chosen)

    def _too_many(self, count: int) -> SafeString:
        sentence = ngettext(
            "You selected {count} item, and at most {most} can be canceled at a time. Select"
            ' fewer, or use <a href="{url}">Cancel All</a> for everything that can be canceled.',
            "You selected {count} items, and at most {most} can be canceled at a time. Select"
            ' fewer, or use <a href="{url}">Cancel All</a> for everything that can be canceled.',
            count,
        )
        return format_html(
            sentence, count=number_text(count), most=MOST_LINES, url=self.cancel_all_url
        )

    def _typed_list(self, name: str) -> list[str]:
        typed = self.typed
        return typed.getlist(self.add_prefix(name)) if isinstance(typed, MultiValueDict) else []


def _ticked_at_first(
    order_lines: Sequence[OrderItemSummary], eligible: Mapping[int, OrderItemSummary]
) -> list[str]:
    """The line of an order that has no other."""
    products = [line for line in order_lines if line.is_product]
    return [str(pk) for pk in eligible] if len(products) == 1 else []


class SelectStep(Step[SelectForm]):
    """Which lines; what details asks about them is asked again when they change."""

    name = "select"
    label = pgettext_lazy("step", "Select")
    form_class = SelectForm

    def form_kwargs(self, wizard: CancellationWizard) -> dict[str, Any]:
        return super().form_kwargs(wizard) | {
            "order_lines": wizard.facts.lines,
            "available": wizard.facts.available,
            "cancel_all_url": wizard.frame.keep(
                reverse("wizard:cancel_all", args=[wizard.order.order_number])
            ),
            "wanted": Wanted.of(wizard.request.GET),
        }

    def context(self, wizard: CancellationWizard, form: SelectForm) -> dict[str, Any]:
        rows = partial(select_rows, form, wizard.facts.which, wizard.order.currency)
        return {**super().context(wizard, form), "rows": rows}

    def asked(self, wizard: CancellationWizard, form: SelectForm) -> list[Asked]:
        """The ticked lines, each in the quantity that details begins with."""
        quantities = default_quantities(form.ticked, form.available)
        return [Asked(line.key, quantities[line.pk]) for line in form.ticked if quantities[line.pk]]

    def no_totals(self, form: SelectForm) -> Text:
        return form.why_no_totals()

    def answered(self, wizard: CancellationWizard) -> None:
        wizard.storage.demote("details")

    def answer_button(self, wizard: CancellationWizard) -> HttpResponse | None:
        """Another page of the lines, the ticks kept; and children that follow their bundle in one
        more round, where scripts have not done so."""
        posted, form = wizard.request.POST, self.form(wizard, wizard.request.POST)
        followed, is_turning = form.follow_bundles(), "show" in posted
        if followed is None and not is_turning:
            return None
        own = Draft(wizard.process_step(form))
        wizard.storage.set_draft(self.name, form.as_followed(followed) if followed else own)
        for said in followed.said if followed else ():
            messages.info(wizard.request, said)
        turned = {"find": posted.get("find", ""), "page": posted.get("show", "")}
        shown = Wanted.of(turned if is_turning else wizard.request.GET)
        return redirect(wizard.get_step_url(self.name, **shown.query))
