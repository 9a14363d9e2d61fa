"""The page that says that there is nothing to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cancellations.wizard.frame import Frame
from orders.models import OrderSummary


def nothing_page(request: HttpRequest, order: OrderSummary, title: str, text: str) -> HttpResponse:
    """That there is nothing to do with an order, and why; 409 where something was sent."""
    context = {"title": title, "text": text, "order": order, "frame": Frame()}
    status = 409 if request.method == "POST" else 200
    return render(request, "wizard/nothing.html", context, status=status)
