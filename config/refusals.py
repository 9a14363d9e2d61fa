"""Pages that refuse a request: in the console's frame for those who are signed in.

What fails while the frame is made (the database may be what is away) leaves it out.
"""

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

CONSOLE = "frame/console.html"


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what came could not be read."""
    return _refusal(request, 400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the reason where one was given."""
    return _refusal(request, 403, said=str(exception))


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is no such page, or no such record."""
    return _refusal(request, 404)


def _refusal(request: HttpRequest, status: int, said: str = "") -> HttpResponse:
    template = f"{status}.html"
    if page := _framed(request, template, said):
        return HttpResponse(page, status=status)
    return HttpResponse(render_to_string(template, {"exception": said}, request), status=status)


def _framed(request: HttpRequest, template: str, said: str) -> str:
    """The page in the console's frame; "" for strangers, and where it cannot be made."""
    try:
        user = getattr(request, "user", None)
        if user is None or not user.has_perm("orders.view_ordersummary"):
            return ""
        return render_to_string(template, {"exception": said, "frame": CONSOLE}, request)
    except Error:
        return ""
