from django.urls import URLPattern, include, path

import orders.addresses  # noqa: F401 -- registers how numbers stand in addresses
from cancellations.wizard import views
from cancellations.wizard.cancel_all import CancelAllWizard
from cancellations.wizard.cancel_item import CancelItemWizard
from cancellations.wizard.cancellation import CancellationWizard


def _wizard(wizard: type[CancellationWizard]) -> list[URLPattern]:
    """A wizard's start, its finish, and its steps, each under the run's id."""
    steps = wizard.as_view(url_name=f"wizard:{wizard.kind}_step", done_step_name="finish")
    extra = {"wizard": wizard}
    return [
        path("", views.start, extra, name=wizard.kind),
        path("<uuid:run>/finish/", views.finish, extra, name=f"{wizard.kind}_finish"),
        path("<uuid:run>/<slug:step>/", steps, name=f"{wizard.kind}_step"),
    ]


app_name = "wizard"
urlpatterns = [
    path(
        "order-summaries/<order_number:order_number>/",
        include(
            [
                path("cancel-items/", include(_wizard(CancelItemWizard))),
                path("cancel-all/", include(_wizard(CancelAllWizard))),
            ]
        ),
    ),
]
