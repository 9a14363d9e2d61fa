from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.generic import RedirectView

from config import health
from config.metrics import metrics

sign_in = LoginView.as_view(template_name="frame/sign_in.html", redirect_authenticated_user=True)

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="console:order_list"), name="home"),
    path("", include("console.urls")),
    path("", include("cancellations.wizard.urls")),
    path("", include("integrations.urls")),
    path("sign-in/", login_not_required(sign_in), name="sign_in"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", metrics, name="metrics"),
]

handler500 = "config.away.server_error"
