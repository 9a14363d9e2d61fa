from django.urls import path

from integrations import views
from integrations.api.calls import addresses

app_name = "integrations"

urlpatterns = [
    path("gateways/<slug:gateway>/webhook/", views.webhook, name="gateway_webhook"),
    *addresses,
]
