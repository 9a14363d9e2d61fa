from django.urls import path, register_converter

from integrations import views
from integrations.api.calls import addresses
from integrations.api.page import api_page
from integrations.webhooks import pages


class EndpointConverter:
    """A primary key as a database can hold it, in plain digits."""

    regex = "[1-9][0-9]{0,17}"
    to_python = int
    to_url = str


register_converter(EndpointConverter, "endpoint")

app_name = "integrations"

urlpatterns = [
    path("gateways/<slug:gateway>/webhook/", views.webhook, name="gateway_webhook"),
    path("api/", api_page, name="api"),
    *addresses,
    path("webhooks/", pages.endpoint_list, name="endpoints"),
    path("webhooks/new/", pages.new_endpoint, name="new_endpoint"),
    path("webhooks/<endpoint:pk>/", pages.endpoint_record, name="endpoint"),
    path("webhooks/<endpoint:pk>/edit/", pages.edit_endpoint, name="edit_endpoint"),
]
