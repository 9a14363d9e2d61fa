"""What Cancel Item and Cancel All share: the run, the way through the steps, and submit.

The URL says which order, which run of the wizard and which step; the session holds only what
was typed; everything shown or decided is read anew from the database.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from formtools.wizard.views import NamedUrlWizardView, SessionWizardView

from cancellations.selection import CancellationRequest, Selection, SelectionRefused
from cancellations.wizard.at_once import submit_at_once
from cancellations.wizard.discard import answer_discard, ask_of_discard
from cancellations.wizard.facts import Facts
from cancellations.wizard.frame import Frame
from cancellations.wizard.gate import (
    NotAnOrderSummary,
    OfAnotherOrder,
    Open,
    Refused,
    Submitted,
    enter,
)
from cancellations.wizard.live import HtmxRequest, is_live, nothing_to_show, preview
from cancellations.wizard.run import Run
from cancellations.wizard.step import AnswersSelection, Draft, Step, progress
from cancellations.wizard.storage import RunStorage
from cancellations.wizard.submit import SubmitOutcome, Waits, submit
from cancellations.wizard.turning import EXPIRED, show_what_was_submitted, turn_back
from orders.formats import Text
from orders.models import OrderSummary


@method_decorator(never_cache, name="dispatch")
class CancellationWizard(NamedUrlWizardView, SessionWizardView):
    """A way through steps to a submit; which steps, each wizard says in ``step_list``."""

    storage_name = "cancellations.wizard.storage.RunStorage"
    kind: ClassVar[str]
    label: ClassVar[Text]
    takes_everything: ClassVar[bool] = False
    step_list: ClassVar[Sequence[Step[Any]]]

    request: HtmxRequest
    storage: RunStorage
    frame: Frame
    order: OrderSummary
    run: Run
    facts: Facts
    typed: Draft | None = None

    @classmethod
    def get_initkwargs(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        form_list = [(step.name, step.form_class) for step in cls.step_list]
        initkwargs: dict[str, Any] = super().get_initkwargs(*args, form_list=form_list, **kwargs)
        return initkwargs

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.frame = Frame.of(request)
        number, run_id = kwargs["order_number"], kwargs["run"]
        is_submit = request.method == "POST" and kwargs["step"] == self.step_list[-1].name
        if is_submit and (answer := self._submit_at_once(request, number, run_id)):
            return answer
        match entry := enter(request, self.kind, number, run_id, to_all=self.takes_everything):
            case NotAnOrderSummary() | Refused() if is_live(request):
                return nothing_to_show()
            case NotAnOrderSummary():
                return entry.page(request)
            case OfAnotherOrder():
                raise Http404("This run belongs to another order.")
            case Submitted(order, run):
                self.order, self.run = order, run
                return show_what_was_submitted(self)
            case _ if kwargs["step"] not in self.form_list:
                raise Http404("There is no such step.")
            case Refused():
                return entry.page(request)
            case Open(order, run, policy, available):
                self.order, self.run = order, run
                self.facts = Facts(order, policy, available)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "discard" in request.GET:
            return ask_of_discard(self, kwargs["step"])
        if missing := self._first_unanswered(before=kwargs["step"]):  # guard: judged again on GET
            return turn_back(self, missing)
        if self.storage.is_new:
            messages.info(request, EXPIRED)
        try:
            response: HttpResponse = super().get(request, *args, **kwargs)
        except SelectionRefused:  # a reason was retired between two reads of this request
            return turn_back(self, "details")
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        step = kwargs["step"]
        if request.POST.get(f"{self.prefix}-current_step") != step:
            raise BadRequest("The form does not belong to this step.")
        self.storage.current_step = step
        if "discard" in request.POST:
            return answer_discard(self)
        if missing := self._first_unanswered(before=step):  # guard: judged again on POST
            return turn_back(self, missing)
        if "preview" in request.POST:
            return preview(self)
        if "wizard_goto_step" not in request.POST and (answer := self.step.answer_button(self)):
            return answer
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def get_prefix(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return self.run.prefix

    def get_step_url(self, step: str, **query: str) -> str:
        url = reverse(self.url_name, args=[self.order.order_number, self.run.id, step])
        return self.frame.keep(url, **query)

    def get_template_names(self) -> list[str]:
        return [self.step.template]

    def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
        return self._step(step or self.steps.current).form_kwargs(self)

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
        if self.steps.next is None:
            return {}
        self.storage.keep("reviewed", None)
        self.step.answered(self)
        for step in self.steps.all[self.steps.index :]:
            self._forms.pop(step, None)
        posted = self.request.POST
        own = {form.add_prefix(name) for name in (*form.fields, *getattr(form, "beside", ()))}
        return {name: posted.getlist(name) for name in posted if name in own}

    def render_goto_step(self, goto_step: str, **kwargs: Any) -> HttpResponse:
        """Previous keeps what was typed."""
        self.keep_typed()
        response: HttpResponse = super().render_goto_step(goto_step, **kwargs)
        return response

    def keep_typed(self) -> None:
        """Keep what was posted: as answers if that is what it is, else as a draft."""
        if not self.steps.next:
            return
        form = self.get_form(data=self.request.POST)
        own = self.process_step(form)
        if self.step.is_answered(form):
            self.storage.set_step_data(self.steps.current, own)
        else:
            self.storage.set_draft(self.steps.current, Draft(own))

    def render_done(self, form: forms.Form, **kwargs: Any) -> HttpResponse:
        """Submit within the POST of review, and keep every answer if that fails.

        The earlier steps were judged again on the way here, so formtools' own second round
        is left out. The session is not written unless what was reviewed has changed: what
        other tabs answered while this one waited for its turn would be lost.
        """
        asked = CancellationRequest(self.order.order_number, self.run.request_id, self.selection())
        done = submit(self.request, asked, form.cleaned_data["agreed"], self.facts.reasons)
        if done is SubmitOutcome.CANCELED_BEFORE:
            return show_what_was_submitted(self)
        if done is SubmitOutcome.ORDER_CHANGED:
            self.storage.keep("reviewed", form.data[form.add_prefix("agreed")])
        return redirect(self._url_after(done, self.order.order_number, self.run.id))

    def get_context_data(self, form: forms.Form, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(form=form, **kwargs)
        context |= {
            "order": self.order,
            "frame": self.frame,
            "kind_label": self.label,
            "progress": progress(self.step_list, self.steps.current),
            "bundle_policy": self.facts.policy.text,
            "has_answers": self.storage.has_answers,
        }
        return context | self.step.context(self, form)

    @property
    def step(self) -> Step[Any]:
        """The step that this request is about."""
        return self._step(self.steps.current)

    @property
    def finish_url(self) -> str:
        return self._url_after(SubmitOutcome.CANCELED, self.order.order_number, self.run.id)

    def _submit_at_once(
        self, request: HttpRequest, number: str, run_id: UUID
    ) -> HttpResponse | None:
        """What follows a submit that is plainly in order; the others are judged step by step."""
        done = submit_at_once(type(self), request, number, run_id)
        return None if done is None else redirect(self._url_after(done, number, run_id))

    def _url_after(self, done: SubmitOutcome | Waits, number: str, run_id: UUID) -> str:
        """Where a submit leads: on, to whoever decides, or back to the review."""
        if isinstance(done, Waits):
            return self.frame.way_out(resolve_url(done.approval))
        if done is SubmitOutcome.CANCELED:
            return self.frame.keep(reverse(f"wizard:{self.kind}_finish", args=[number, run_id]))
        step = self.step_list[-1].name
        return self.frame.keep(reverse(f"wizard:{self.kind}_step", args=[number, run_id, step]))

    def selection(self) -> Selection:
        """The answers as a selection; only called when every step's answers hold."""
        form = self.get_form("details", self.storage.get_step_data("details"))
        form.is_valid()
        return cast(AnswersSelection, form).selection()

    def _step(self, name: str) -> Step[Any]:
        return next(step for step in self.step_list if step.name == name)

    @cached_property
    def _forms(self) -> dict[str, tuple[Any, forms.Form]]:
        return {}

    def _first_unanswered(self, *, before: str) -> str | None:
        """The first step before ``before`` whose stored answers do not hold now."""
        for step in self.steps.all:
            if step == before:
                return None
            if self.get_cleaned_data_for_step(step) is None:
                return str(step)
        return None
