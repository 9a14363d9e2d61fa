"""A driver for the wizards: what an agent's browser sends, without one."""

import re
from functools import cached_property
from uuid import uuid4

from django.urls import reverse

from cancellations.models import CancellationReason
from orders.models import OrderItemSummary


class WizardRun:
    """One run of a wizard on one order, in one session."""

    def __init__(self, client, order_number, kind="cancel_items", run=None):
        self.client = client
        self.order_number = order_number
        self.kind = kind
        self.run = run or uuid4()

    def url(self, step):
        if step == "finish":
            name = f"wizard:{self.kind}_finish"
            return reverse(name, args=[self.order_number, self.run])
        return reverse(f"wizard:{self.kind}_step", args=[self.order_number, self.run, step])

    def get(self, step):
        return self.client.get(self.url(step))

    def post(self, step, data, **extra):
        return self.client.post(self.url(step), {self.current_step: step} | data, **extra)

    @cached_property
    def current_step(self):
        """The name of formtools' hidden field; every step's form of a run has it."""
        response = self.get("select" if self.kind == "cancel_items" else "details")
        return re.search(r'name="(cancel-[^"]*-current_step)"', response.text)[1]

    def pk(self, key):
        return OrderItemSummary.objects.get(order__order_number=self.order_number, key=key).pk

    def select(self, *keys, expanded=()):
        return self.post(
            "select",
            {
                "select-lines": [self.pk(key) for key in keys],
                "select-expanded": [self.pk(key) for key in expanded],
            },
        )

    def rows(self, quantities, *, reason="Changed Mind", note="", delivery=(), refund_fees=False):
        """The fields of the details step for quantities by line key."""
        data = {"details-refund_fees": "on"} if refund_fees else {}
        for key, quantity in quantities.items():
            row = f"details-{self.pk(key)}"
            data |= {
                f"{row}-quantity": quantity,
                f"{row}-reason": reason_pk(reason),
                f"{row}-note": note,
            }
            if key in delivery:
                data[f"{row}-refund_delivery"] = "on"
        return data

    def explain(self, quantities, **answers):
        return self.post("details", self.rows(quantities, **answers))

    def explain_all(
        self, *, reason="Changed Mind", note="", refund_delivery=False, refund_fees=False
    ):
        data = {"details-reason": reason_pk(reason), "details-note": note}
        if refund_delivery:
            data["details-refund_delivery"] = "on"
        if refund_fees:
            data["details-refund_fees"] = "on"
        return self.post("details", data)

    def reviewed(self):
        """The signed amounts of the review page."""
        return re.search(r'name="review-agreed"[^>]* value="([^"]+)"', self.get("review").text)[1]

    def submit(self, agreed=None):
        return self.post("review", {"review-agreed": agreed or self.reviewed()})

    def answers(self):
        """What the session keeps of this run, or None."""
        for name, value in self.client.session.items():
            if name.endswith(self.run.hex):
                return value
        return None


def reason_pk(name):
    return CancellationReason.objects.get(name=name).pk if name else ""
