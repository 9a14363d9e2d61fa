"""The page on which people read what the API can do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from integrations.api.shown import reading


@require_safe
def api_page(request: HttpRequest) -> HttpResponse:
    """Every call and every document, for whoever is signed in; what it says is in openapi.json."""
    return render(request, "api/page.html", {"reading": reading()})
