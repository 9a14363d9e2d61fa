"""What Cancel Item and Cancel All share: the run, the way through the steps, and submit.

The URL says which order, which run of the wizard and which step; the session holds only what
was typed; everything shown or decided is read anew from the database.
"""

from abc import abstractmethod
from functools import cached_property
from typing import Any, ClassVar, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from formtools.wizard.views import NamedUrlWizardView, SessionWizardView

from cancellations.acts.cancel import may_cancel, quote_cancellation, submit_cancellation
from cancellations.arithmetic.quotes import Quote
from cancellations.models import BundlePolicy, CancellationReason
from cancellations.selection import (
    CancellationRequest,
    NotAllowed,
    RequestReused,
    Selection,
    SelectionRefused,
)
from cancellations.snapshots import NotReadBack, QuoteChanged, Snapshot
from cancellations.wizard.forms import AnswersSelection, Draft
from cancellations.wizard.frame import Frame
from cancellations.wizard.gate import (
    CHANGED,
    NOTHING_CANCELED,
    NotAnOrderSummary,
    WizardOrder,
    find_order,
    refuse_entry,
    refuse_not_an_order_summary,
    was_submitted_otherwise,
)
from cancellations.wizard.review import Difference, differences_since, hints, review
from cancellations.wizard.run import (
    RunStorage,
    forget_run,
    is_run_of_another_order,
    run_prefix,
    was_refused,
)
from orders.arithmetic.money import Currency
from orders.locking import OrderBusy, OrderRefused
from orders.models import OrderItemSummary

BUSY = "Someone else is changing this order; nothing was canceled. Try again."
REFUSED = (
    "The database refused this cancellation, so nothing was canceled: the order's records do not"
    " agree with each other. Tell those who keep Countermand running."
)
SUBMITTED_OTHERWISE = (
    "This cancellation had been submitted before, with other answers or amounts than you reviewed."
    " What follows is what was canceled then; nothing was added to it."
)
EXPIRED = "This cancellation is no longer in your session. Please start again."


@method_decorator(never_cache, name="dispatch")
class CancellationWizard(NamedUrlWizardView, SessionWizardView):
    """What both wizards share: the run, the way through the steps, review and submit."""

    storage_name = "cancellations.wizard.run.RunStorage"
    kind: ClassVar[str]
    label: ClassVar[str]
    step_labels: ClassVar[dict[str, str]]

    storage: RunStorage
    request: HttpRequest
    order: WizardOrder
    run: UUID
    frame: Frame
    typed: Draft | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_cancel(request.user):
            raise PermissionDenied(NotAllowed.message)
        self.run = kwargs["run"]
        self.frame = Frame.of(request)
        try:
            self.order = find_order(kwargs["order_number"], self.run)
        except NotAnOrderSummary:
            return refuse_not_an_order_summary(request)
        if self.order.is_submitted:
            return self._show_what_was_submitted()
        if self.order.is_run_elsewhere or self._is_run_of_another():
            raise Http404("This run belongs to another order.")
        if kwargs["step"] not in self.form_list:
            raise Http404("There is no such step.")
        is_at_work = request.method == "POST" or self._was_refused()
        if refusal := refuse_entry(request, self.order, is_at_work=is_at_work):
            return refusal
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if missing := self._first_unanswered(before=kwargs["step"]):
            return self._turn_back(missing)
        if self.storage.is_new:
            messages.info(request, EXPIRED)
        try:
            response: HttpResponse = super().get(request, *args, **kwargs)
        except SelectionRefused:  # a reason was retired between two reads of this request
            return self._turn_back("details")
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        step = kwargs["step"]
        if request.POST.get(f"{self.prefix}-current_step") != step:
            raise BadRequest("The form does not belong to this step.")
        if "discard" in request.POST:
            return self._discard()
        if missing := self._first_unanswered(before=step):
            return self._turn_back(missing)
        if "preview" in request.POST:
            return self._preview(step)
        self.storage.current_step = step
        if answer := self.answer_button(step):
            return answer
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def answer_button(self, step: str) -> HttpResponse | None:
        """The response to a step's own button, or None when it was Next or Previous."""
        return None

    def get_prefix(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return run_prefix(self.kind, self.order.pk, self.run.hex)

    def get_step_url(self, step: str) -> str:
        url = reverse(self.url_name, args=[self.order.order_number, self.run, step])
        return self.frame.keep(url)

    def get_template_names(self) -> list[str]:
        return [f"wizard/{self.steps.current}.html"]

    def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
        if step == "review":
            return {"order_number": self.order.order_number}
        return {"draft": self.typed or self.storage.draft(step or self.steps.current)}

    def get_form(self, step: str | None = None, data: Any = None, files: Any = None) -> forms.Form:
        """A form whose errors stand at its fields; remembered while its data is the same."""
        step = step or self.steps.current
        known = self._forms.get(step)
        if known is None or known[0] != data:
            form: forms.Form = super().get_form(step, data, files)
            known = self._forms[step] = (data, form)
        return known[1]

    def process_step(self, form: forms.Form) -> dict[str, list[str]]:
        """Keep the step's own answers, not the token and buttons posted with them."""
        if form.prefix == "review":
            return {}
        self.storage.keep("reviewed", None)
        for step in list(self.form_list)[self.steps.index :]:
            self._forms.pop(step, None)
        posted = self.request.POST
        own = {form.add_prefix(name) for name in (*form.fields, *getattr(form, "beside", ()))}
        return {name: posted.getlist(name) for name in posted if name in own}

    def render_goto_step(self, goto_step: str, **kwargs: Any) -> HttpResponse:
        """Previous keeps what was typed: as answers if they are valid, else as a draft."""
        step = self.steps.current
        if step != "review":
            form = self.get_form(data=self.request.POST)
            own = self.process_step(form)
            if form.is_valid():
                self.storage.set_step_data(step, own)
            else:
                self.storage.set_draft(step, Draft(own))
        response: HttpResponse = super().render_goto_step(goto_step, **kwargs)
        return response

    def render_done(self, form: forms.Form, **kwargs: Any) -> HttpResponse:
        """Submit within the POST of review, and keep every answer if that fails.

        The earlier steps were judged again on the way here, so formtools' own second round
        is left out. The session is not written unless what was reviewed has changed: what
        other tabs answered while this one waited for its turn would be lost.
        """
        request = CancellationRequest(self.order.order_number, str(self.run), self._selection())
        try:
            done = submit_cancellation(
                request=request,
                agreed=form.cleaned_data["agreed"],
                by=self.request.user,  # type: ignore[arg-type]
            )
        except (QuoteChanged, SelectionRefused):
            self.storage.keep("reviewed", form.data[form.add_prefix("agreed")])
        except OrderBusy:
            messages.error(self.request, BUSY, extra_tags=NOTHING_CANCELED)
        except OrderRefused:
            messages.error(self.request, REFUSED, extra_tags=NOTHING_CANCELED)
        except NotAllowed as refusal:
            raise PermissionDenied(refusal.message) from refusal
        except RequestReused:
            return self._show_what_was_submitted()
        else:
            if done.is_repeat:
                return self._show_what_was_submitted()
            return redirect(self.frame.keep(self.finish_url))
        return redirect(self.get_step_url("review"))

    def get_context_data(self, form: forms.Form, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(form=form, **kwargs)
        context |= {
            "order": self.order.summary,
            "frame": self.frame,
            "kind_label": self.label,
            "progress": progress(self.step_labels, self.steps.current),
            "cancel_all_url": self.cancel_all_url,
            "details_url": self.get_step_url("details"),
            "bundle_policy": self._bundle_policy(),
            "previews": self.steps.current != "review",
        }
        if self.steps.current == "review":
            context |= self._review_context()
        elif quoted := self.running_quote(form):
            context["quote"] = quoted
            form.hints = hints(quoted)  # type: ignore[attr-defined]
        return context

    @abstractmethod
    def running_quote(self, form: forms.Form) -> Quote | None:
        """What the page's current choices come to, or None before there are any."""

    @property
    def finish_url(self) -> str:
        return reverse(f"wizard:{self.kind}_finish", args=[self.order.order_number, self.run])

    @property
    def cancel_all_url(self) -> str:
        url = reverse("wizard:cancel_all", args=[self.order.order_number])
        return self.frame.keep(url)

    @cached_property
    def reasons(self) -> list[CancellationReason]:
        return list(CancellationReason.objects.active())

    @cached_property
    def lines(self) -> list[OrderItemSummary]:
        return list(self.order.summary.lines.all())

    @cached_property
    def _forms(self) -> dict[str, tuple[Any, forms.Form]]:
        return {}

    def _selection(self) -> Selection:
        """The answers as a selection; only called when every step's answers hold."""
        form = self.get_form("details", self.storage.get_step_data("details"))
        form.is_valid()
        return cast(AnswersSelection, form).selection()

    def _first_unanswered(self, *, before: str) -> str | None:
        """The first step before ``before`` whose stored answers do not hold now."""
        for step in self.steps.all:
            if step == before:
                return None
            if self.get_cleaned_data_for_step(step) is None:
                return str(step)
        return None

    def _turn_back(self, step: str) -> HttpResponse:
        """To the step that needs an answer; the reason stands at its fields, or is said here."""
        if self.storage.is_new:
            messages.info(self.request, EXPIRED)
        elif self.storage.get_step_data(step) is not None:
            messages.warning(self.request, CHANGED, extra_tags=NOTHING_CANCELED)
        return redirect(self.get_step_url(step))

    def _show_what_was_submitted(self) -> HttpResponse:
        """On to finish; whoever reviewed other answers of the same run is told so there."""
        posted = self.request.POST.get("review-agreed")
        if posted and was_submitted_otherwise(self.order, self.run, posted):
            messages.warning(self.request, SUBMITTED_OTHERWISE)
        return redirect(self.frame.keep(self.finish_url))

    def _discard(self) -> HttpResponse:
        forget_run(self.request, self.kind, self.order.pk, self.run.hex)
        messages.info(self.request, "Nothing was canceled.")
        return redirect(self.frame.way_out(resolve_url(self.order.summary)))

    def _preview(self, step: str) -> HttpResponse:
        """The step with what is being typed, running totals and hints included; keeps nothing."""
        self.storage.current_step = step
        self.typed = Draft(dict(self.request.POST.lists()))
        response: HttpResponse = self.render(self.get_form(step)).render()
        self.request.session.modified = False
        return response

    def _was_refused(self) -> bool:
        return was_refused(self.request, self.kind, self.order.pk, self.run.hex)

    def _is_run_of_another(self) -> bool:
        return is_run_of_another_order(self.request, self.kind, self.order.pk, self.run.hex)

    def _review_context(self) -> dict[str, Any]:
        judged = quote_cancellation(self.order.summary, self._selection())
        now = Snapshot.of(judged.quote, judged.lines)
        return {
            "review": review(judged.quote, self.lines, judged.lines),
            "quote": judged.quote,
            "agreed": now.sign(self.order.order_number),
            "changed": self._changed_since_review(now, judged.quote.currency),
        }

    def _bundle_policy(self) -> str:
        """The store's own words, where there is a bundle that they are about."""
        if not any(line.bundle_id for line in self.lines):
            return ""
        return BundlePolicy.objects.current_text()

    def _changed_since_review(
        self, now: Snapshot, currency: Currency
    ) -> tuple[Difference, ...] | None:
        """What differs from the review that was refused, if one was; nothing if it moved back."""
        token = self.storage.extra_data.get("reviewed")
        if token is None:
            return None
        try:
            reviewed = Snapshot.read(token, self.order.order_number)
        except NotReadBack:
            return None
        methods = {payment.key: payment.method for payment in self.order.summary.payments.all()}
        return differences_since(reviewed, now, currency, methods)


def progress(labels: dict[str, str], current: str) -> dict[str, Any]:
    """The progress bar: the named steps, done, current or to come."""
    steps = list(labels)
    here = steps.index(current)
    states = [
        "done" if i < here else "current" if i == here else "to-come" for i in range(len(steps))
    ]
    return {
        "number": here + 1,
        "count": len(steps),
        "steps": [
            {"label": label, "state": state}
            for label, state in zip(labels.values(), states, strict=True)
        ],
    }
