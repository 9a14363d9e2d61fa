from django.urls import path

from integrations import views

app_name = "integrations"

urlpatterns = [
    path("gateways/<slug:gateway>/webhook/", views.webhook, name="gateway_webhook"),
]
