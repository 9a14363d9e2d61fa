from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from config import health
from config.metrics import metrics
from console.people import doors
from console.people.profile import home

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", home, name="home"),
    path("", include("console.urls")),
    path("", include("console.people.urls")),
    path("", include("cancellations.wizard.urls")),
    path("", include("integrations.urls")),
    # One door for everybody: the admin's own ways would pass by its throttle.
    path("admin/password_change/", doors.change_password),
    path("admin/logout/", doors.sign_out),
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", metrics, name="metrics"),
]

handler400 = "config.refusals.bad_request"
handler403 = "config.refusals.permission_denied"
handler404 = "config.refusals.page_not_found"
handler500 = "config.away.server_error"
